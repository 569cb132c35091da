/** Mapping rows and what they cover, as people read them. */
import { nameOf } from '../../store/mapping-changes.js';
import type { Uncovered } from '../../store/mapping-coverage.js';
import { MAPPINGS, type MappingRow } from '../../store/mappings.js';
import type { WouldFree } from '../../views/held-by-mapping.js';
import { table } from '../output.js';
import { counted, datesText, indent, short } from '../../views/format.js';

/** `location 12`: how a row is named in commands. */
export const rowName = (row: Pick<MappingRow, 'kind' | 'id'>): string => `${row.kind} ${row.id}`;

/** A decimal without the zeros the store keeps: `0.200000` is 0.2. */
const plain = (value: string): string => (/^\d+\.\d+$/.test(value) ? value.replace(/\.?0+$/, '') : value);

/** What a row maps to, without what it maps. */
export function targetOf(row: MappingRow): string {
  const { keys } = MAPPINGS[row.kind];
  return Object.entries(row.values)
    .filter(([name, value]) => !keys.includes(name) && value !== null)
    .map(
      ([name, value]) => `${name.replaceAll('_', ' ')} ${Array.isArray(value) ? value.join(', ') : plain(value ?? '')}`,
    )
    .join('; ');
}

/** How far a row has come: a proposed row maps nothing. */
function standing(row: MappingRow): string {
  if (row.state === 'proposed') return `proposed by ${row.addedBy}: maps nothing until a second person confirms it`;
  if (row.endProposed !== null)
    return `in force; ${row.endProposedBy ?? 'somebody'} proposes that ${row.endProposed} is its last day`;
  return `in force, confirmed by ${row.confirmedBy ?? 'the seed'}`;
}

export function mappingsText(rows: readonly MappingRow[]): string {
  if (rows.length === 0) return 'No mapping row fits.';
  const cells = rows.map((row) => [
    rowName(row),
    nameOf(row),
    targetOf(row),
    row.validFrom,
    row.validTo ?? 'until ended',
    standing(row),
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
