/** A newcomer with only the documents clears three cases at the desk: docs/how-to/first-cases.md, word for word, in a real browser. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { figuresOf } from '../sagas/support.js';
import { orderState, receivedOn } from '../sagas/receipts-support.js';
import { startRig, type Rig } from '../support/rig.js';
import { openBrowser, type Browser } from './browser.js';
import { Newcomer, readGuide } from './desk-steps.js';

const SLOW_MS = 400_000;
const FEEDS = ['archean.returns', 'archean.movements', 'archean.goods-in'];
const guide = readGuide();
const walked = [...guide.sections].filter(([title]) => title !== 'Sign in as');

let rig: Rig;
let browser: Browser;
const faults: string[] = [];

beforeAll(async () => {
  [rig, browser] = await Promise.all([
    startRig({ reset: { scenario: 'trading-day', returns: 0, seed: 4, misbehave: 0 }, feeds: FEEDS }),
    openBrowser(1280, 900),
  ]);
  browser.page.on('pageerror', (error) => faults.push(String(error)));
  browser.page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  for (const { path, body } of guide.planted) await rig.control('POST', path, body);
}, SLOW_MS);
afterAll(async () => {
  await browser.close();
  await rig.close();
}, SLOW_MS);

/** Units on hand of an article by warehouse. */
const onHand = async (style: string): Promise<string[]> =>
  ((await rig.books()).stock as { sku: string; warehouse: string; qoh: string }[])
    .filter(({ sku }) => sku.startsWith(`WOM|${style}|`))
    .map(({ warehouse, qoh }) => `${warehouse}: ${qoh}`)
    .sort();

describe('a newcomer with the document alone', () => {
  test('finds three cases to clear in it', () => {
    expect(walked.map(([title]) => title)).toEqual([
      'A delivery that brought too much',
      'A return of which only one half is posted',
      'A place that nobody has mapped',
    ]);
    expect(guide.planted.length).toBeGreaterThan(8);
  });

  test.each(walked)(
    'clears: %s',
    async (title, steps) => {
      const newcomer = new Newcomer(browser.page, rig.ingress.url, guide);
      let shot = 0;
      for (const step of steps) {
        if (step.does === 'press') await browser.shoot(`walk ${title} ${(shot += 1)}`);
        await newcomer.follow(step);
      }
      await browser.shoot(`walk ${title} end`);
    },
    SLOW_MS,
  );

  test('leaves the books as they should be, each document once, and no case open', async () => {
    expect(await receivedOn(rig, 'PO-90001')).toEqual(['PO receipt POSTED 20']);
    expect(await orderState(rig, 'PO-90001')).toBe('CLOSED_RECEIVING 0 of 20 open');
    expect(await figuresOf(rig, 'RMA-90002')).toEqual(['credit memo POSTED 48.00']);
    expect(await figuresOf(rig, 'RMA-90003')).toEqual(['credit memo POSTED 24.00', 'inventory adjustment POSTED 1']);
    // Two of the second article were sold and written off; the one of the third is back.
    expect(await onHand('90001')).toEqual(['01: 20']);
    expect(await onHand('90002')).toEqual(['01: -2']);
    expect(await onHand('90003')).toEqual(['01: 0']);
    const { rows: open } = await sql<{ id: string }>`select id from "case"
      where state in ('open', 'acknowledged', 'investigating', 'waiting')`.execute(rig.store.db);
    expect(open).toEqual([]);
    const { rows: decided } = await sql<{ said: string }>`select "by" || ' ' || choice as said from decision
      where state = 'accepted' order by created_at`.execute(rig.store.db);
    expect(decided.map(({ said }) => said)).toEqual(['wh-1 send-back', 'ops-1 reject', 'fin-1 write-off']);
    expect(faults).toEqual([]);
  });
});
