/** The outcome table of a rehearsal as people read it. */
import { table } from '../output.js';
import type { Rehearsed } from './compare.js';

const MOST_MISFITS = 40;

const pounds = (minor: number): string =>
  (minor / 100).toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

const waitWords = (wait: string): string =>
  wait === 'posted' || wait === 'nothing posted' ? wait : `waits for ${wait === 'approval' ? 'an approval' : wait}`;

/** Outcomes, what was credited for goods and for charges, and what does not fit. */
export function inSentences({ totals }: Rehearsed): string {
  const rows = Object.entries(totals.outcomes)
    .sort(([a], [b]) => a.localeCompare(b))
    .flatMap(([outcome, waits]) =>
      Object.entries(waits).map(([wait, returns]) => [outcome, waitWords(wait), returns] as const),
    );
  const { goods, charges, misfits } = totals;
  const shown = misfits.slice(0, MOST_MISFITS);
  return [
    '',
    `What came of ${totals.returns} returns`,
    table(['outcome', 'and then', 'returns'], rows),
    '',
    "In the sandbox's books",
    table(
      ['credited', 'returns', 'amount', 'units restocked'],
      [
        ['goods', goods.returns, pounds(goods.creditMinor), goods.restockUnits],
        ['charges', charges.returns, pounds(charges.creditMinor), 0],
      ],
    ),
    '',
    verdict(totals.compared, totals.returns, misfits.length),
    ...shown.map(({ returnNo, words }) => `  ${returnNo === '' ? 'books' : returnNo}: ${words}`),
    ...(misfits.length > shown.length ? [`  … and ${misfits.length - shown.length} more (--json shows all)`] : []),
  ].join('\n');
}

function verdict(compared: boolean, returns: number, misfits: number): string {
  if (misfits === 0) {
    return compared
      ? `All ${returns} returns came out as the folder expects: outcome, credit to the penny, units.`
      : 'The folder holds no expected-* files, so nothing was compared.';
  }
  return compared
    ? `${misfits} misfits:`
    : `The folder holds no expected-* files. ${misfits} things are wrong all the same:`;
}
