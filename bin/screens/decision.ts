/** What was decided, or would be, in sentences. */
import type { CaseDetail } from '../../store/desk-read.js';
import type { BulkDone, BulkPreviewed } from '../reads/desk-door.js';
import { counted, indent } from '../../views/format.js';

const MOST_NAMED = 40;

/** What a decision is bound to, shown before it is sent. */
export const decidedBefore = (found: CaseDetail): string =>
  [
    `${found.case}  ${found.sentence} (${found.code})`,
    found.title,
    ...(found.digest === '' ? [] : [`shown: ${found.digest}`]),
  ].join('\n');

const names = (cases: readonly string[]): string =>
  cases.length <= MOST_NAMED
    ? cases.join(', ')
    : `${cases.slice(0, MOST_NAMED).join(', ')} and ${cases.length - MOST_NAMED} more`;

/** A preview: how many, the total, the largest; and how to agree to exactly that. */
export const previewText = (preview: BulkPreviewed, choice: string, apply: string): string =>
  [
    `"${choice}" would decide ${counted(preview.count, 'question')}: ${names(preview.cases)}`,
    `  in all   ${preview.total.join(', ') || 'no amount'}, ${counted(preview.units, 'unit')}`,
    `  largest  ${preview.largest === null ? 'no amount' : `${preview.largest.amount}, ${preview.largest.case}: ${preview.largest.title}`}`,
    `  digest   ${preview.digest}`,
    'Nothing is decided yet. To decide exactly these:',
    indent(apply),
  ].join('\n');

const each = (title: string, rows: readonly { case: string; why: string }[]): string[] =>
  rows.length === 0 ? [] : [`${title}:`, ...rows.map((row) => `  ${row.case}: ${row.why}`)];

/** What came of many decisions. */
export const bulkText = (done: BulkDone): string =>
  [
    `${counted(done.decided, 'question')} decided.`,
    ...(done.awaitsSecond === 0
      ? []
      : [`${done.awaitsSecond} agreed to by you; a second, different person must agree too.`]),
    ...(done.waiting === 0
      ? []
      : [`${done.waiting} stored; their sagas have not taken them yet and are told again until they have.`]),
    ...each('Refused', done.refused),
    ...each('Skipped', done.skipped),
    ...(done.late === 0 ? [] : [`${done.late} more came after the preview: preview again for them.`]),
  ].join('\n');
