/** What the browser tests of the desk share: a desk with something on every kind of page, and what a browser complains of. */
import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import type { Db } from '../../store/database.js';
import { REPORT_CODES } from '../../reports/registry.js';
import { joinCauseCase } from '../../store/desk-causes.js';
import { addMapping } from '../../store/mapping-changes.js';
import { aDesk, type Desk } from '../ingress/desk-support.js';
import { noDue, open } from '../store/desk-support.js';

/** What a person or a system may have written anywhere. */
export const EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)">"onfocus="alert(3)" autofocus';

export interface FilledDesk extends Desk {
  /** An open question of finance; another, which names evil text everywhere; one that has ended. */
  question: string;
  evil: string;
  ended: string;
  /** A cause that holds documents. */
  cause: string;
  group: string;
}

/** A return that waits for the mapping of a place. */
const held = (db: Db, n: number): Promise<unknown> =>
  joinCauseCase(
    db,
    {
      workflowId: `return-to-stock:archean:RMA-${n}`,
      businessKey: `RMA-${n}`,
      code: 'X-03',
      cause: 'location POPUP-7',
      title: `Location POPUP-7 has no warehouse ${EVIL}`,
      businessDate: `2026-03-0${n}`,
      amount: { minor: '1000', currency: 'GBP' },
      units: n,
    },
    () => Promise.resolve(false),
    noDue,
  );

/** A desk that has something to show on every page. */
export async function filledDesk(): Promise<FilledDesk> {
  const desk = await aDesk();
  const { db } = desk;
  const soon = new Date(Date.now() + 3_600_000).toISOString();
  const one = await open(db, { title: 'Refund of GBP 80.00 is above the GBP 75.00 sold'.repeat(3) });
  const evil = await open(db, {
    title: `Refund for ${EVIL}`,
    customer: EVIL,
    expected: EVIL,
    actual: EVIL,
    steps: [EVIL],
    shown: { [EVIL]: EVIL, lines: [{ sku: EVIL, units: 1 }], long: 'x'.repeat(280) },
  });
  const ended = await open(db, { title: 'Refund that ended' });
  await sql`update "case" set state = 'closed', outcome = 'approve', note = ${EVIL}, closed_at = clock_timestamp()
    where id = ${ended.id}`.execute(db);
  const group = 'return-to-stock/X-12/over-refund/finance';
  await sql`update "case" set due_at = ${soon} where id = ${one.id}`.execute(db);
  for (const n of [1, 2, 3]) await held(db, n);
  const values = {
    source: 'archean',
    location: 'POPUP-7',
    warehouse: '01',
    non_sellable_warehouse: null,
    divisions: ['WOM'],
  };
  await addMapping(db, { kind: 'location', values, validFrom: '2026-03-02', why: EVIL, by: 'wh-3' });
  const { rows } = await sql<{ id: string }>`select id from "case" where kind = 'cause'`.execute(db);
  return { ...desk, question: one.id, evil: evil.id, ended: ended.id, cause: rows[0]?.id ?? '', group };
}

/** Addresses of every kind of page that is got by its address. */
export const addressesOf = (desk: FilledDesk): string[] => [
  '/desk',
  '/desk?as=deputy',
  `/desk?group=${encodeURIComponent(desk.group)}`,
  '/desk/roles/warehouse',
  `/desk/cases/${desk.question}`,
  `/desk/cases/${desk.evil}`,
  `/desk/cases/${desk.ended}`,
  `/desk/cases/${desk.cause}`,
  `/desk/bulk?group=${encodeURIComponent(desk.group)}`,
  '/desk/find',
  `/desk/find?number=${encodeURIComponent('RMA-1')}`,
  `/desk/find?number=${encodeURIComponent(EVIL.slice(0, 80))}`,
  '/desk/mappings',
  '/desk/mappings/new/location',
  '/desk/reports',
  ...REPORT_CODES.map((code) => `/desk/reports/${code}`),
];

/** Everything a browser finds wrong with the pages it shows, as it happens. */
export async function complaintsOf(page: Page): Promise<string[]> {
  const found: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') found.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => found.push(`${page.url()}: ${String(error)}`));
  page.on('dialog', (dialog) => {
    found.push(`${page.url()}: a script ran and said ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.exposeFunction('violated', (what: string) => found.push(`${page.url()}: policy: ${what}`));
  await page.addInitScript(() => {
    const here = globalThis as unknown as {
      addEventListener(type: string, heard: (event: { violatedDirective: string; blockedURI: string }) => void): void;
      violated(what: string): void;
    };
    here.addEventListener('securitypolicyviolation', (event) => {
      here.violated(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return found;
}

/** Signs in as the desk's first page offers it, whoever was signed in before. */
export async function signIn(page: Page, desk: Desk, person: string): Promise<void> {
  await page.context().clearCookies();
  await page.goto(`${desk.ingress.url}/desk/sign-in`);
  await page.getByLabel('Your personal key').fill(`dev-key-${person}`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}
