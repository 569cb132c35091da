/** Mapping rows and what they cover, as people read them. */
import { nameOf } from '../../store/mapping-changes.js';
import type { Uncovered } from '../../store/mapping-coverage.js';
import type { MappingRow } from '../../store/mappings.js';
import type { WouldFree } from '../../views/held-by-mapping.js';
import { rowName, standingOf, targetOf } from '../../views/mapping-words.js';
import { table } from '../output.js';
import { counted, datesText, indent, short } from '../../views/format.js';

export function mappingsText(rows: readonly MappingRow[]): string {
  if (rows.length === 0) return 'No mapping row fits.';
  const cells = rows.map((row) => [
    rowName(row),
    nameOf(row),
    targetOf(row),
    row.validFrom,
    row.validTo ?? 'until ended',
    standingOf(row),
    short(row.why, 60),
  ]);
  return table(['row', 'what', 'maps to', 'from', 'to', 'how it stands', 'why'], cells);
}

const uncoveredText = (gap: Uncovered): string =>
  [
    `${gap.kind} ${gap.code} of ${gap.source}: used ${counted(gap.events, 'time')} on ${datesText(gap.dates)}`,
    ...gap.proposals.map(
      (proposal) =>
        `  row ${proposal.id} proposed by ${proposal.addedBy} would cover ${proposal.covers.length === 0 ? 'none of these days' : datesText(proposal.covers)}`,
    ),
  ].join('\n');

/** Codes that were used on days no confirmed row covers. */
export function coverageText(gaps: readonly Uncovered[]): string {
  if (gaps.length === 0) return 'Every code that was used is mapped on every day it was used on.';
  return [
    `${counted(gaps.length, 'code')} used and not mapped:`,
    ...gaps.map((gap) => indent(uncoveredText(gap))),
    'Propose a row: selvedge mapping add <kind> …; a second person confirms it.',
  ].join('\n');
}

/** Which held business dates a row would set free, and which stay held. */
export function freesText(frees: readonly WouldFree[]): string {
  if (frees.length === 0) return 'Nothing is held for want of it.';
  const part = (covered: boolean): string[] =>
    frees
      .filter((each) => each.covered === covered)
      .map((each) => `${each.businessDate}: ${counted(each.sagas, 'saga')} of ${each.case} (${each.cause})`);
  const stays = part(false);
  return [
    'Held business dates it covers:',
    indent(part(true).join('\n') || 'none'),
    ...(stays.length === 0 ? [] : ['Held business dates it does NOT cover:', indent(stays.join('\n'))]),
  ].join('\n');
}
