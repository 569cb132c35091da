/** The small parts pages share: tables, figures, times. */
import type { CaseRow } from '../store/desk-cases.js';
import { amount, at, counted, lasting } from '../views/format.js';
import type { Figure } from '../views/figures.js';
import { html, type Html, type Part } from './html.js';
import { maskedAbout } from '../domain/mask.js';

/** When something is due, in words that need no arithmetic. */
export function dueCell(instant: string | null, zone: string, now = Date.now()): Html {
  if (instant === null) return html`<span class="soft">no due time</span>`;
  const ms = Date.parse(instant) - now;
  const tone = ms < 0 ? 'bad' : ms < 4 * 3_600_000 ? 'warn' : '';
  const words = ms < 0 ? `${lasting(ms)} overdue` : `in ${lasting(ms)}`;
  return html`<span class="tag ${tone}">${words}</span>
    <time datetime="${instant}" class="soft">${at(instant, zone).slice(0, 16)}</time>`;
}

/** What is at stake: money, else units. */
export const worthCell = ({
  amount_minor,
  currency,
  units,
}: Pick<CaseRow, 'amount_minor' | 'currency' | 'units'>): string =>
  amount_minor !== null ? amount(amount_minor, currency) : units === 0 ? '–' : counted(units, 'unit');

/** Amounts of several currencies, one after the other. */
export const sums = (worth: readonly { minor: string; currency: string }[]): string =>
  worth.length === 0 ? '–' : worth.map(({ minor, currency }) => amount(minor, currency)).join(' + ');

const cell = (value: string | number, heading: string): Html =>
  html`<td ${typeof value === 'number' && html`class="number"`} data-is="${heading}">${value}</td>`;

/** A table of plain values. */
export const plainTable = (headings: readonly string[], rows: readonly (readonly (string | number)[])[]): Html =>
  html`<div class="scroll">
    <table class="cards">
      <thead>
        <tr>
          ${headings.map((text) => html`<th scope="col">${text}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((value, column) => cell(value, headings[column] ?? ''))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;

/** What a decision is bound to, part by part; the customer it is about is masked. */
export const figures = (shown: readonly Figure[], who: string): Part =>
  shown.map((figure) => {
    if (figure.is === 'fact')
      return html`<p>
        ${figure.name !== '' && html`<span class="soft">${figure.name}:</span>`} ${maskedAbout(figure.value, who)}
      </p>`;
    if (figure.is === 'group')
      return html`<h3>${figure.title}</h3>
        <div>${figures(figure.figures, who)}</div>`;
    return html`<p><b>${maskedAbout(figure.headline, who)}</b></p>
      ${figure.rows.length > 0 && plainTable(figure.headings, figure.rows)}
      ${figure.more > 0 && html`<p class="soft">… and ${counted(figure.more, 'more line')}</p>`}`;
  });

/** Names and what they are, left out where there is nothing to say. */
export const facts = (rows: readonly (readonly [string, Part])[]): Html =>
  html`<dl class="facts">
    ${rows
      .filter(([, value]) => value !== '' && value !== null && value !== false && value !== undefined)
      .map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
  </dl>`;
