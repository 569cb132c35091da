/** A person's decision on the newest revision of a posting: retry, correct, adopt, forbid (design.md 5). */
import type { ErpDocument } from '../../domain/documents.js';
import type { Queryable } from '../../store/database.js';
import { insertRevision, move, type NewRevision } from '../../store/posting-moves.js';
import { ownersOf } from '../../store/posting-settle.js';
import { revisionsOf, type PostingContent, type PostingRow } from '../../store/postings.js';
import { adoptable, type Adoptable } from './adopt.js';
import { lineCountOf, withLinesOf } from './content.js';
import type { PostingDecided, PostingDecision } from './contract.js';
import type { PostingDeps } from './deps.js';
import { lockRevisions } from './forbid.js';
import { dueInMs } from './look.js';
import { decideDiffering } from './recheck.js';
import { nextRevisionOf } from './revisions.js';

/** In the place of a revision: a decision on the whole process, whichever revision is the newest. */
const NEWEST = 0;

const refused = (why: string, dueAt?: string): PostingDecided =>
  dueAt === undefined ? { done: false, why } : { done: false, why, dueAt };

/** Decides, or says why not. Asked again with the same decision it answers the same. */
export async function decide(deps: PostingDeps, decision: PostingDecision): Promise<PostingDecided> {
  const before = (await revisionsOf(deps.store.db, decision.reference)).at(-1);
  if (before === undefined) return refused(`nothing was ever asked under ${decision.reference}`);
  const differing = await decideDiffering(deps, decision);
  if (differing !== null) return differing;
  let adopted: Adoptable | null = null;
  if (decision.choice === 'adopt' && before.revision === decision.revision) {
    const judged = await adoptable(deps, before, decision.number ?? '');
    if ('why' in judged) return refused(judged.why, judged.dueAt);
    adopted = judged;
  }
  const dueAt = new Date(Date.now() + (await dueInMs(deps))).toISOString();
  const decided = deps.store.db.transaction().execute(async (trx) => {
    const rows = await lockRevisions(trx, decision.reference);
    const newest = rows.at(-1);
    if (newest === undefined) return refused(`nothing was ever asked under ${decision.reference}`);
    const no = objection(newest, decision, dueAt);
    if (no !== null) return no;
    const stands = rows.some((row) => row !== newest && STANDING.has(row.state));
    if (decision.choice === 'forbid') return forbidNewest(trx, newest, stands);
    return supersede(deps, trx, { newest, stands }, decision, adopted);
  });
  return decided.catch((error: unknown) => {
    if (error instanceof Taken) return refused(error.message);
    throw error;
  });
}

/** States of a revision that is, or may yet be, in the books: a newer one holds only the lines it was taken without. */
const STANDING = new Set<PostingRow['state']>(['sent', 'accepted', 'posted']);

/** Another posting took the document between the look and the write: nothing of the decision stands. */
class Taken extends Error {}

/** Why the newest revision cannot be decided so; or the answer already given, when the decision was carried out. */
function objection(newest: PostingRow, decision: PostingDecision, dueAt: string): PostingDecided | null {
  const born = newest.born_of;
  const same = born?.revision === decision.revision && born.choice === decision.choice && born.by === decision.by;
  const again = decision.revision === NEWEST && newest.state === 'forbidden';
  if (same && !again) return { done: true, revision: newest.revision, state: carriedOut(newest) };
  if (decision.revision !== NEWEST && newest.revision !== decision.revision) {
    return refused(`revision ${decision.revision} was shown, ${newest.revision} is the newest now`);
  }
  switch (newest.state) {
    case 'sent':
      return newest.parked ? null : refused('it is on its way to the ERP; its outcome is not known yet', dueAt);
    case 'accepted':
      return refused('the ERP has accepted it and posts it in its next cycle', dueAt);
    case 'posted':
      return refused(`it is posted as ${newest.number ?? ''}`);
    case 'reversed':
      return refused('it was posted and reversed');
    case 'superseded':
      return refused('a newer revision took its place');
    case 'intended':
    case 'rejected':
    case 'forbidden':
      return null;
  }
}

const carriedOut = (row: PostingRow): 'intended' | 'posted' | 'forbidden' =>
  row.state === 'posted' || row.state === 'forbidden' ? row.state : 'intended';

async function forbidNewest(db: Queryable, newest: PostingRow, stands: boolean): Promise<PostingDecided> {
  const at = { externalRef: newest.external_ref, fence: newest.fence };
  await move(db, at, ['intended', 'rejected', 'forbidden', 'sent'], 'forbidden', { raiseFence: true });
  return { done: true, revision: newest.revision, state: stands ? 'posted' : 'forbidden' };
}

async function supersede(
  deps: PostingDeps,
  db: Queryable,
  { newest, stands }: { newest: PostingRow; stands: boolean },
  decision: PostingDecision,
  adopted: Adoptable | null,
): Promise<PostingDecided> {
  const content = newContent(newest, stands, decision.document);
  if (typeof content === 'string') return refused(content);
  if (adopted === null && decision.choice === 'adopt') return refused('the posting moved meanwhile; look again');
  if (adopted !== null && (await ownersOf(db, newest.tenant, [adopted.number])).length > 0) {
    return refused(ownedElsewhere(adopted.number));
  }
  const at = { externalRef: newest.external_ref, fence: newest.fence };
  if (!(await move(db, at, ['intended', 'rejected', 'forbidden', 'sent'], 'superseded', { raiseFence: true }))) {
    return refused('the posting moved meanwhile; look again');
  }
  const next: NewRevision = {
    ...nextRevisionOf(newest, content, adopted === null ? 'intended' : 'posted'),
    lanes: deps.erp.lanesOf(content),
    lineCount: lineCountOf(content.document),
    bornOf: { revision: decision.revision, choice: decision.choice, by: decision.by },
    dismissed: [...newest.dismissed, ...(newest.failure?.lookAlikes ?? []).map((alike) => alike.number)],
  };
  if (adopted === null) {
    await insertRevision(db, next);
    return { done: true, revision: next.revision, state: 'intended' };
  }
  const { number, journal } = adopted;
  if (!(await insertRevision(db, { ...next, number, journal, adopted: true }))) throw new Taken(ownedElsewhere(number));
  return { done: true, revision: next.revision, state: 'posted' };
}

const ownedElsewhere = (number: string): string => `${number} belongs to another posting already`;

/**
 * The content of the next revision, or why there can be none. A correction changes what is asked, never of which kind;
 * where the ERP took the other lines before (`stands`), it is a correction of the refused ones alone.
 */
function newContent(newest: PostingRow, stands: boolean, document: ErpDocument | undefined): PostingContent | string {
  if (newest.content === null) {
    if (document === undefined) return 'nothing was asked before it was forbidden; give the whole document';
    return { operation: 'create', undoes: null, document };
  }
  if (document === undefined) return newest.content;
  if (document.kind !== newest.content.document.kind) {
    return `a ${newest.content.document.kind} cannot become a ${document.kind}`;
  }
  return { ...newest.content, document: stands ? withLinesOf(document, newest.content.document) : document };
}
