/** A document the ERP took without some of its lines: the good ones go on, the refused ones wait for a person (X-06). */
import type { Queryable } from '../../store/database.js';
import { insertRevision, noteLines } from '../../store/posting-moves.js';
import { linesOf, type PostingContent, type PostingFailure, type PostingRow } from '../../store/postings.js';
import { onlyLines } from './content.js';
import type { Held } from './erp.js';
import { rejected } from './failures.js';
import { nextRevisionOf } from './revisions.js';

export interface RefusedLine {
  line: number;
  code: string;
  message: string;
}

/** The rejection of lines, by number and code. */
export const linesRefused = (row: PostingRow, lines: RefusedLine[]): PostingFailure =>
  rejected(
    'LinesRefused',
    `The ERP refused ${lines.length} of the document's lines: ${lines
      .slice(0, 5)
      .map((line) => `line ${line.line} ${line.code}`)
      .join(', ')}`,
    { reference: row.reference, revision: row.revision, lines },
  );

/** Notes the lines and lets the refused ones go on as a new rejected revision that holds just those. */
export async function goOnWithout(
  db: Queryable,
  row: PostingRow,
  content: PostingContent,
  refused: RefusedLine[],
): Promise<void> {
  await noteLines(db, row.external_ref, refused);
  if (refused.length === 0) return;
  const left = new Set(refused.map((line) => line.line));
  const document = onlyLines(content.document, left, false);
  const next = nextRevisionOf(row, { ...content, document }, 'rejected');
  const failure = linesRefused(row, refused);
  await insertRevision(db, { ...next, failure: { ...failure, revision: next.revision } });
}

/** Lines asked for that the document in the ERP does not hold, when its reply was lost and only it can tell. */
export function missingLines(content: PostingContent, held: Held | undefined): RefusedLine[] {
  if (held === undefined || held.lines.length === 0) return [];
  const there = held.lines.map((line) => `${line.item} ${line.quantity}`);
  return content.document.lines.flatMap((line, index) => {
    const at = there.indexOf(`${line.item} ${line.quantity}`);
    if (at >= 0) {
      there.splice(at, 1);
      return [];
    }
    return [{ line: index + 1, code: 'NOT_TAKEN', message: `the document holds no line ${line.item}` }];
  });
}

/** What was asked of the lines the ERP took: refused ones went on as a revision of their own. */
export async function takenContent(db: Queryable, row: PostingRow, content: PostingContent): Promise<PostingContent> {
  const lines = await linesOf(db, row.external_ref);
  if (!lines.some((l) => l.state === 'refused')) return content;
  const kept = new Set(lines.filter((l) => l.state !== 'refused').map((l) => l.line));
  return { ...content, document: onlyLines(content.document, kept, true) };
}
