/** Debian's Chromium, headless, with an empty profile, on loopback alone. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';

const ARGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-first-run',
  // Whatever the page or the browser itself asks of any other machine finds nobody.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];
const PATIENCE_MS = 30_000;

export interface Browser {
  page: Page;
  /** Where screenshots go; the folder outlives the run, so that people can look. */
  shots: string;
  /** Takes a screenshot of the whole page under that name. */
  shoot(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens a window of `width` × `height` pixels, without JavaScript if told. Throws when the program given by CHROMIUM_PATH does not start. */
export async function openBrowser(width = 1500, height = 1100, { scripts = true } = {}): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'selvedge-chromium-'));
  const shots = process.env['SELVEDGE_UI_SHOTS'] ?? join(tmpdir(), 'selvedge-ui-shots');
  mkdirSync(shots, { recursive: true });
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    headless: true,
    args: ARGS,
    viewport: { width, height },
    reducedMotion: 'reduce',
    javaScriptEnabled: scripts,
    timeout: PATIENCE_MS,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = context.pages()[0] ?? (await context.newPage());
  return {
    page,
    shots,
    shoot: async (name) => void (await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true })),
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}
