/** The desk page in a real browser: by keyboard, on a phone, without scripts, after signing out, and with hostile text on it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { open } from '../store/desk-support.js';
import { openBrowser, type Browser } from './browser.js';
import { addressesOf, complaintsOf, EVIL, filledDesk, signIn, type FilledDesk } from './desk-pages.js';

const SLOW_MS = 120_000;
const MOST_TABS = 80;

let desk: FilledDesk;
let browser: Browser;
let complaints: string[];
beforeAll(async () => {
  [desk, browser] = await Promise.all([filledDesk(), openBrowser(1280, 900)]);
  complaints = await complaintsOf(browser.page);
}, SLOW_MS);
afterAll(async () => {
  await browser.close();
  await desk.close();
}, SLOW_MS);

/** What has the focus: its name, its address, its own text. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { activeElement: on } = (
      globalThis as unknown as {
        document: {
          activeElement: { id: string; textContent: string; getAttribute(name: string): string | null } | null;
        };
      }
    ).document;
    const [name, href] = [on?.getAttribute('name') ?? '', on?.getAttribute('href') ?? ''];
    return [name, href, on?.id ?? '', (on?.textContent ?? '').trim().slice(0, 60)]
      .filter((each) => each !== '')
      .join(' ');
  });

/** Presses Tab until what has the focus reads like this; at most eighty times. */
async function tabTo(page: Page, wanted: RegExp): Promise<void> {
  const passed: string[] = [];
  for (let n = 0; n < MOST_TABS; n++) {
    await page.keyboard.press('Tab');
    const now = await focused(page);
    if (wanted.test(now)) return;
    passed.push(now);
  }
  throw new Error(`Tab never comes to ${String(wanted)}; it comes to\n${passed.join('\n')}`);
}

describe('the desk', () => {
  test(
    'is worked by Tab, Enter and Space alone, from signing in to signing out',
    async () => {
      const { page } = browser;
      await page.goto(`${desk.ingress.url}/desk`);
      await page.keyboard.type('dev-key-fin-1');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
      await page.keyboard.press('Tab');
      expect(await focused(page)).toContain('To the content');
      await page.keyboard.press('Enter');
      await tabTo(page, new RegExp(`/desk/cases/${desk.question}`));
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Decide', exact: true }).waitFor();
      await tabTo(page, /^choice choice-approve/);
      await page.keyboard.press('Space');
      await tabTo(page, /^why/);
      await page.keyboard.type('goodwill, ticket 8812');
      await tabTo(page, /Decide as fin-1/);
      await page.keyboard.press('Enter');
      await page.getByRole('status').waitFor();
      expect(await page.getByRole('status').innerText()).toBe('Decided: "approve" by fin-1.');
      expect(await desk.decisionsOn(desk.question)).toEqual(['fin-1 approve accepted']);
      await tabTo(page, /Sign out/);
      await page.keyboard.press('Space');
      await page.getByText('You are signed out.').waitFor();
    },
    SLOW_MS,
  );

  test(
    'shows nothing to whoever presses Back after signing out',
    async () => {
      const { page } = browser;
      await signIn(page, desk, 'fin-1');
      await page.goto(`${desk.ingress.url}/desk/cases/${desk.evil}`);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByText('You are signed out.').waitFor();
      for (let back = 0; back < 3; back++) {
        await page.goBack();
        await page.getByLabel('Your personal key').waitFor();
        expect(await page.locator('body').innerText()).not.toContain('Refund');
      }
    },
    SLOW_MS,
  );

  test(
    'shows hostile text as text on every page, and nothing that its own policy or the browser complains of',
    async () => {
      const { page } = browser;
      for (const person of ['fin-1', 'wh-3']) {
        await signIn(page, desk, person);
        for (const address of addressesOf(desk)) {
          const reply = await page.goto(desk.ingress.url + address, { waitUntil: 'networkidle' });
          expect([address, reply?.status()]).toEqual([address, 200]);
        }
        await page.getByRole('button', { name: 'Sign out' }).click();
      }
      await signIn(page, desk, 'fin-1');
      await page.goto(`${desk.ingress.url}/desk/cases/${desk.evil}`);
      expect(await page.locator('main').innerText()).toContain('onerror=');
      await page.getByLabel('Reject').check();
      await page.getByLabel('Why', { exact: false }).first().fill(EVIL);
      await page.getByRole('button', { name: 'Decide as fin-1' }).click();
      await page.getByRole('status').waitFor();
      expect(await page.locator('main').innerText()).toContain('<script>alert(1)</script>');
      expect(await page.locator('main script, main img').count()).toBe(0);
      expect(complaints).toEqual([]);
    },
    SLOW_MS,
  );

  test(
    'fetches its list anew by itself, and is told nothing it may not run',
    async () => {
      const { page } = browser;
      await page.clock.install();
      await signIn(page, desk, 'fin-1');
      const late = await open(desk.db, { title: 'Came while the page stood open' });
      expect(await page.locator('main').innerText()).not.toContain(late.id);
      await page.clock.fastForward(31_000);
      await page
        .getByRole('row')
        .filter({ hasText: `${late.id} ·` })
        .waitFor();
      await page.clock.resume();
      expect(complaints).toEqual([]);
    },
    SLOW_MS,
  );

  test(
    'is read on a telephone without moving the page sideways, in the light and in the dark',
    async () => {
      const { page } = browser;
      await page.setViewportSize({ width: 390, height: 844 });
      const wide: string[] = [];
      const look = async (name: string): Promise<void> => {
        const [needs, has] = await page.evaluate(() => {
          const here = globalThis as unknown as {
            innerWidth: number;
            document: { documentElement: { scrollWidth: number } };
          };
          return [here.document.documentElement.scrollWidth, here.innerWidth];
        });
        if ((needs ?? 0) > (has ?? 0)) wide.push(`${name}: ${needs} of ${has}`);
      };
      await page.goto(`${desk.ingress.url}/desk/sign-in`);
      await look('/desk/sign-in');
      for (const person of ['fin-1', 'wh-3']) {
        await signIn(page, desk, person);
        for (const address of [...addressesOf(desk), '/desk/cases/C-999999']) {
          await page.goto(desk.ingress.url + address);
          await look(address);
        }
        if (person === 'wh-3') await page.emulateMedia({ colorScheme: 'dark' });
        await page.goto(desk.ingress.url + '/desk');
        await browser.shoot(`desk-phone-list-${person}`);
        await page.goto(`${desk.ingress.url}/desk/cases/${person === 'wh-3' ? desk.cause : desk.evil}`);
        await browser.shoot(`desk-phone-case-${person}`);
        await page.getByRole('button', { name: 'Sign out' }).click();
      }
      await page.emulateMedia({ colorScheme: null });
      await page.setViewportSize({ width: 1280, height: 900 });
      expect(wide).toEqual([]);
    },
    SLOW_MS,
  );
});

describe('the desk without JavaScript', () => {
  let plain: Browser;
  beforeAll(async () => {
    plain = await openBrowser(1280, 900, { scripts: false });
  }, SLOW_MS);
  afterAll(() => plain.close(), SLOW_MS);

  test(
    'decides, takes up, gives over, decides together and proposes a mapping all the same',
    async () => {
      const { page } = plain;
      const [one, given] = [await open(desk.db), await open(desk.db)];
      const at = (path: string): string => desk.ingress.url + path;
      await signIn(page, desk, 'fin-1');
      await page.goto(at(`/desk/cases/${given.id}`));
      await page.getByRole('button', { name: 'Take it up' }).click();
      await page.getByText('Done. The history below says what and by whom.').waitFor();
      await page.locator('select[name=to]').selectOption('fin-2');
      await page.getByLabel('Why you give it over').fill('holiday');
      await page.getByRole('button', { name: 'Give it over' }).click();
      await page.getByText('fin-2', { exact: true }).waitFor();
      await page.goto(at(`/desk/cases/${one.id}`));
      await page.getByLabel('Reject').check();
      await page.getByLabel('Why', { exact: false }).first().fill('not ours');
      await page.getByRole('button', { name: 'Decide as fin-1' }).click();
      await page.getByText('Decided: "reject" by fin-1.').waitFor();
      expect(await desk.decisionsOn(one.id)).toEqual(['fin-1 reject accepted']);
      await page.goto(at(`/desk/bulk?group=${encodeURIComponent(desk.group)}`));
      await page.getByLabel('Reject').check();
      await page.getByLabel('Why').fill('all of them');
      await page.getByRole('button', { name: 'Show what this would decide' }).click();
      await page.getByRole('button', { name: /^Decide exactly these \d+ as fin-1$/ }).click();
      await page.getByRole('heading', { name: 'Decided together' }).waitFor();
      expect(await desk.decisionsOn(given.id)).toEqual(['fin-1 reject accepted']);
      await page.goto(at('/desk/mappings/new/reason?source=archean'));
      await page.getByLabel('Reason', { exact: false }).first().fill('TOO-BIG');
      await page.getByLabel('Erp reason').fill('FIT');
      await page.getByLabel('First day it holds').fill('2026-03-01');
      await page.getByLabel('Why').fill('new in March');
      await page.getByRole('button', { name: 'Propose as fin-1' }).click();
      await page.getByText('It maps nothing until a second person confirms it, below.').waitFor();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByText('You are signed out.').waitFor();
    },
    SLOW_MS,
  );
});
