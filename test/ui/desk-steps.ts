/** The steps of docs/how-to/first-cases.md, read as they are written and done as they say: nothing a step does not name is done. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { projectRoot } from '../../bin/supervisor/paths.js';
import { eventually } from '../support/eventually.js';

export const GUIDE = 'docs/how-to/first-cases.md';

/** How long something that takes a minute may take on a busy machine. */
const MINUTE_OR_TWO_MS = 90_000;
const AT_ONCE_MS = 10_000;

/** The words a step is made of; `name` stands on the page, `text` is typed or said. */
const FORMS = [
  { does: 'sign in', is: /^Sign in as `(?<text>[^`]+)`\.$/ },
  { does: 'go', is: /^Go to `(?<text>\/desk[^`]*)`\.$/ },
  { does: 'open case', is: /^Open the case about `(?<text>[^`]+)`\.$/ },
  { does: 'open', is: /^Open \*\*(?<name>[^*]+)\*\*\.$/ },
  { does: 'press', is: /^Press \*\*(?<name>[^*]+)\*\*\.$/ },
  { does: 'choose', is: /^Choose \*\*(?<name>[^*]+)\*\*\.$/ },
  { does: 'write', is: /^Write `(?<text>[^`]+)` in \*\*(?<name>[^*]+)\*\*\.$/ },
  { does: 'see', is: /^See (?:\*\*(?<name>[^*]+)\*\*|`(?<text>[^`]+)`)\.?$/ },
] as const;

export interface Step {
  does: (typeof FORMS)[number]['does'];
  /** What stands on the page. */
  name: string;
  /** What is typed or said. */
  text: string;
  /** The step as it is written. */
  written: string;
}

/** @throws Error for a sentence that is made of none of the words. */
export function stepOf(written: string): Step {
  for (const { does, is } of FORMS) {
    const found = is.exec(written)?.groups;
    if (found !== undefined) return { does, name: found['name'] ?? '', text: found['text'] ?? '', written };
  }
  throw new Error(`${GUIDE}: the step “${written}” is made of none of the words the document explains`);
}

export interface Guide {
  /** Steps by heading, in the order of the document. */
  sections: Map<string, Step[]>;
  /** What is planted before: where to and what. */
  planted: { path: string; body: unknown }[];
}

/** The document as written. @throws Error for numbers that do not follow each other. */
export function readGuide(page = readFileSync(join(projectRoot, GUIDE), 'utf8')): Guide {
  const sections = new Map<string, Step[]>();
  for (const part of page.split(/^## /m).slice(1)) {
    const items = [...part.matchAll(/^(\d+)\. (.+)$/gm)].map(([, number = '', text = '']) => ({ number, text }));
    items.forEach(({ number }, index) => {
      if (number !== String(index + 1)) throw new Error(`${GUIDE}: step ${number} stands where ${index + 1} should`);
    });
    if (items.length > 0)
      sections.set(
        part.split('\n')[0] ?? '',
        items.map(({ text }) => stepOf(text)),
      );
  }
  const planted = [...page.matchAll(/^plant (events|faults) '(.+)'$/gm)].map(([, to = '', body = '']) => ({
    path: `/_sandbox/${to}`,
    body: JSON.parse(body) as unknown,
  }));
  return { sections, planted };
}

/** As much of a browser's field as is looked at; a node of type 3 is text. */
interface FieldOfPage {
  labels: { childNodes: Iterable<{ nodeType: number; textContent: string | null }> }[];
  getAttribute(name: string): string | null;
}

/** Somebody who knows the document alone. */
export class Newcomer {
  private readonly page: Page;
  private readonly origin: string;
  private readonly signingIn: readonly Step[];

  constructor(page: Page, origin: string, guide: Guide) {
    this.page = page;
    this.origin = origin;
    this.signingIn = guide.sections.get('Sign in as') ?? [];
  }

  /** Does one step; throws with its words when it cannot be done as they say. */
  async follow(step: Step): Promise<void> {
    try {
      await this.does(step);
    } catch (error) {
      const said = await this.page
        .locator('main')
        .innerText()
        .catch(() => '');
      throw new Error(`"${step.written}" could not be done at ${this.page.url()}\n${said}`, { cause: error });
    }
  }

  private async does({ does, name, text }: Step): Promise<void> {
    const { page } = this;
    if (does === 'sign in') return this.signIn(text);
    if (does === 'go') return void (await page.goto(this.origin + text));
    if (does === 'open case') return this.openCase(text);
    if (does === 'open') return (await one(page.getByRole('link', { name, exact: true }))).click();
    if (does === 'press') return (await one(page.getByRole('button', { name, exact: true }))).click();
    if (does === 'choose') return (await this.field(name, 'input[type=radio]')).check();
    if (does === 'write') return (await this.field(name)).fill(text);
    return this.see(name === '' ? text : name);
  }

  /** The document's own steps, with this name in them. */
  private async signIn(who: string): Promise<void> {
    for (const step of this.signingIn) await this.follow({ ...step, text: step.text.replace(/wh-1$/, who) });
    await this.page.getByRole('button', { name: 'Sign out' }).waitFor();
  }

  /** The field whose label says exactly this, its small print left out; a search field has its name without a label. */
  private async field(name: string, kind = 'input:not([type=radio]), textarea, select'): Promise<Locator> {
    const fields = this.page.locator(kind).filter({ visible: true });
    await fields.first().waitFor({ timeout: AT_ONCE_MS });
    const names = await fields.evaluateAll((all) =>
      (all as unknown as FieldOfPage[]).map((each) => {
        const written = [...(each.labels[0]?.childNodes ?? [])].filter((node) => node.nodeType === 3);
        return each.getAttribute('aria-label') ?? written.map((node) => node.textContent ?? '').join('');
      }),
    );
    const found = names.flatMap((each, index) => (flat(each) === name ? [index] : []));
    if (found.length !== 1) throw new Error(`${found.length} of ${names.map(flat).join(', ')} are called ${name}`);
    return fields.nth(found[0] ?? 0);
  }

  private async openCase(about: string): Promise<void> {
    const row = this.page.getByRole('row').filter({ hasText: about });
    await this.reloading(async () => (await row.count()) > 0);
    await (await one(row)).getByRole('link').first().click();
  }

  private async see(words: string): Promise<void> {
    await this.reloading(async () => (await this.words()).includes(flat(words)));
  }

  private async words(): Promise<string> {
    return flat(await this.page.locator('body').innerText());
  }

  /** Loads the page again until it shows it, as the document says of things that take a minute. */
  private async reloading(shows: () => Promise<boolean>): Promise<void> {
    await this.page.waitForLoadState();
    let first = true;
    await eventually(
      async () => {
        if (!first) await this.page.reload();
        first = false;
        return (await shows()) ? true : undefined;
      },
      { within: MINUTE_OR_TWO_MS, every: 1_000 },
    );
  }
}

const flat = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The only one there is to see: a reader who finds two would not know which. */
async function one(found: Locator): Promise<Locator> {
  const seen = found.filter({ visible: true });
  await seen.first().waitFor({ timeout: AT_ONCE_MS });
  const count = await seen.count();
  if (count !== 1) throw new Error(`there are ${count} of it`);
  return seen;
}
