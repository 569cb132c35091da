/** The Web UI's own pages and forms, as a person uses them: Temporal UI 2.50. */
import { isDeepStrictEqual } from 'node:util';
import type { Locator, Page } from 'playwright-core';
import { eventually } from '../support/eventually.js';
import type { Rig } from '../support/rig.js';

/** How long a form may take to show what was typed into it. */
const FORM_MS = 20_000;

const addressOf = (rig: Rig): string => `${process.env['SELVEDGE_TEST_UI']}/namespaces/${rig.temporal.namespace}`;

/** Opens the list of workflows with that filter. */
export async function openList(page: Page, rig: Rig, query: string): Promise<void> {
  await page.goto(`${addressOf(rig)}/workflows?query=${encodeURIComponent(query)}`);
  await page
    .getByRole('link', { name: /return-to-stock/ })
    .first()
    .waitFor();
}

/** Puts columns into the list, and takes others out, as a person does once in their own browser. */
export async function arrangeColumns(page: Page, { add, remove }: { add: string[]; remove: string[] }): Promise<void> {
  await page.getByTestId('workflows-summary-table-configuration-button').click();
  for (const name of remove) await page.getByTestId(`orderable-list-item-${name}-remove-button`).click();
  for (const name of add) await page.getByTestId(`orderable-list-item-${name}-add-button`).click();
  await page.getByRole('button', { name: /close/i }).filter({ visible: true }).click();
  for (const name of add) await page.getByTestId(`workflows-summary-table-header-cell-${name}`).waitFor();
}

/** What the list shows of one workflow, by column. */
export async function readRow(page: Page, workflowId: string): Promise<Record<string, string>> {
  const texts = async (cells: Locator): Promise<string[]> => (await cells.allInnerTexts()).map((text) => text.trim());
  const row = page.getByTestId('workflows-summary-configurable-table-row').filter({ hasText: workflowId });
  const names = await texts(page.locator('[data-testid^="workflows-summary-table-header-cell-"]'));
  const values = await texts(row.getByTestId('workflows-summary-table-body-cell'));
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
}

/** Opens a workflow's page at its timeline. */
export async function openWorkflow(page: Page, rig: Rig, workflowId: string): Promise<void> {
  const { runId } = await rig.client.workflow.getHandle(workflowId).describe();
  await page.goto(`${addressOf(rig)}/workflows/${encodeURIComponent(workflowId)}/${runId}/timeline`);
  await page.getByRole('heading', { name: 'Timeline' }).waitFor();
}

/** Titles of the timeline's rows, the count of attempts before them left out; sorted. */
export async function rowTitles(page: Page): Promise<{ activities: string[]; timers: string[] }> {
  const rows = page.locator('svg text');
  await rows.filter({ hasText: ' • ' }).first().waitFor();
  const titles = (await rows.allTextContents()).map((text) => text.trim().replace(/^\d+ • /, ''));
  return {
    activities: titles.filter((title) => title.includes(' • ')).sort(),
    timers: titles.filter((title) => /^T-\d\d/.test(title)).sort(),
  };
}

/** What the tab of current details shows, as the person reads it. */
export async function readDetails(page: Page): Promise<string> {
  await page.getByRole('tab', { name: 'User Metadata' }).click();
  const frame = page.frameLocator('iframe').last();
  await frame.getByText('Waits for').waitFor();
  return frame.locator('body').innerText();
}

/** The answer that current details offer for pasting. */
export function offeredAnswer(details: string): Record<string, unknown> {
  const json = /\{\s*"question".*?\}/s.exec(details)?.[0];
  if (json === undefined) throw new Error(`current details offer no answer:\n${details}`);
  return JSON.parse(json) as Record<string, unknown>;
}

/** Sends `decide` through the form of signals. */
export async function signalDecide(page: Page, input: object): Promise<void> {
  const form = await openForm(page, 'signal');
  await submit(page, form, 'signal', input);
  await form.waitFor({ state: 'hidden' });
}

/** Sends `decide` through the form of updates; answers the reason it shows when it is refused, else null. */
export async function updateDecide(page: Page, input: object): Promise<string | null> {
  const form = await openForm(page, 'update');
  await submit(page, form, 'update', input);
  const refusal = form.getByRole('alert').filter({ hasText: /\S/ });
  const ended = await Promise.race([
    form.waitFor({ state: 'hidden' }).then(() => null),
    refusal
      .first()
      .waitFor()
      .then(() => refusal.first()),
  ]);
  return ended === null ? null : ended.innerText();
}

async function openForm(page: Page, kind: 'signal' | 'update'): Promise<Locator> {
  // The page holds its header twice, for wide and for narrow windows.
  await page.getByRole('button', { name: 'More Actions' }).click();
  await page.getByTestId(`${kind}-button`).filter({ visible: true }).click();
  const form = page.getByTestId(`${kind}-confirmation-modal`).filter({ visible: true });
  await form.waitFor();
  return form;
}

async function submit(page: Page, form: Locator, kind: 'signal' | 'update', input: object): Promise<void> {
  await form.locator(`[aria-controls="${kind}-select-select"]`).click();
  await form.getByRole('option', { name: /^decide/ }).click();
  const editor = form.getByRole('textbox').last();
  await editor.click();
  await page.keyboard.insertText(JSON.stringify(input));
  // Left, the editor lays the text out anew, which moves the button: under a click that leaves it, away from the click.
  await page.keyboard.press('Tab');
  await holdsLines(editor, JSON.stringify(input, null, 2).split('\n'));
  await form.getByTestId('confirm-modal-button').click();
}

/** Waits until the editor shows exactly these lines; fails with those it shows instead. */
async function holdsLines(editor: Locator, wanted: readonly string[]): Promise<void> {
  const lines = editor.locator('.cm-line');
  try {
    await eventually(async () => isDeepStrictEqual(await lines.allTextContents(), wanted), { within: FORM_MS });
  } catch {
    throw new Error(
      `the form's editor holds\n${(await lines.allTextContents()).join('\n')}\nnot\n${wanted.join('\n')}`,
    );
  }
}
