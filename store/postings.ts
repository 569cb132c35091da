/** Postings: one row per (reference, revision) of what an ERP was asked to book (design.md 5). Reading and counting. */
import { sql } from 'kysely';
import type { DocumentKind, ErpDocument } from '../domain/documents.js';
import type { CallTables } from './call-slots.js';
import type { Queryable } from './database.js';
import type { LaneTables } from './lanes.js';

export type PostingState =
  'intended' | 'sent' | 'accepted' | 'posted' | 'rejected' | 'reversed' | 'forbidden' | 'superseded';
export type PostingOperation = 'create' | 'reverse' | 'cancel';

/** What one revision asks of the ERP. `undoes`: the ERP's number of the document this one reverses or cancels. */
export interface PostingContent {
  operation: PostingOperation;
  document: ErpDocument;
  undoes: string | null;
}

/** Why a revision was rejected; the same shape an activity throws (activities/posting/contract.ts). */
export interface PostingFailure {
  type: string;
  code: string;
  message: string;
  reference?: string;
  revision?: number;
  expected?: string;
  actual?: string;
  lines?: { line: number; code: string; message: string }[];
  lookAlikes?: { number: string; amount: string; modifiedBy: string; createdAt: string }[];
}

/** A decision that made a revision. */
export interface BornOf {
  revision: number;
  choice: string;
  by: string;
}

export interface PostingRow {
  external_ref: string;
  reference: string;
  revision: number;
  tenant: string;
  workflow_id: string;
  step: string;
  kind: DocumentKind | null;
  operation: PostingOperation;
  asked_digest: string | null;
  content: PostingContent | null;
  state: PostingState;
  fence: number;
  lanes: string[];
  business_date: string | null;
  seq: string;
  links: { system: string; kind: string; number: string }[];
  intended_at: string;
  sent_at: string | null;
  send_deadline: string | null;
  noted_cycle: number | null;
  searched_cycle: number | null;
  accepted_mark: number | null;
  read_mark: number | null;
  not_before: string | null;
  tries: number;
  number: string | null;
  failure: PostingFailure | null;
  parked: boolean;
  adopted: boolean;
  journal: 'verified' | 'unverified' | 'none' | 'differs' | null;
  settled_at: string | null;
  dismissed: string[];
  born_of: BornOf | null;
  changed_at: string;
  /** Not to be sent again once it is proved absent; null while it may be. */
  stop_why: string | null;
  /** Who reversed it in the ERP by hand. */
  reversed_by: string | null;
}

/** One line of a revision: what the ERP said about it when it took the document. */
export interface PostingLineRow {
  external_ref: string;
  line: number;
  state: 'asked' | 'accepted' | 'refused';
  code: string | null;
  message: string | null;
}

export interface PostingAttemptRow {
  id: string;
  external_ref: string;
  fence: number;
  at: string;
  what: string;
  outcome: string;
  number: string | null;
  detail: unknown;
}

export interface PostingFlagRow {
  external_ref: string;
  code: string;
  subject: string;
  title: string;
  expected: string;
  actual: string;
  raised_at: string;
  told_at: string | null;
  cleared_at: string | null;
}

export interface PostingTables extends LaneTables, CallTables {
  posting: PostingRow;
  posting_line: PostingLineRow;
  posting_attempt: PostingAttemptRow;
  posting_flag: PostingFlagRow;
}

/** Every revision of a reference, oldest first. */
export async function revisionsOf(db: Queryable, reference: string): Promise<PostingRow[]> {
  const { rows } = await sql<PostingRow>`
    select * from posting where reference = ${reference} order by revision`.execute(db);
  return rows;
}

/** Every posting of these workflows, in the order they were first asked. */
export async function postingsOfWorkflows(db: Queryable, workflowIds: readonly string[]): Promise<PostingRow[]> {
  const { rows } = await sql<PostingRow>`
    select * from posting where workflow_id = any(${[...workflowIds]}) order by intended_at, reference, revision`.execute(
    db,
  );
  return rows;
}

/** One revision, or undefined. */
export async function postingByRef(db: Queryable, externalRef: string): Promise<PostingRow | undefined> {
  const { rows } = await sql<PostingRow>`
    select * from posting where external_ref = ${externalRef}`.execute(db);
  return rows[0];
}

/** The postings among these external references. */
export async function postingsByRefs(db: Queryable, externalRefs: string[]): Promise<PostingRow[]> {
  const { rows } = await sql<PostingRow>`
    select * from posting where external_ref = any(${externalRefs})`.execute(db);
  return rows;
}

/** The lines of a revision with what the ERP said about each. */
export async function linesOf(db: Queryable, externalRef: string): Promise<PostingLineRow[]> {
  const { rows } = await sql<PostingLineRow>`
    select * from posting_line where external_ref = ${externalRef} order by line`.execute(db);
  return rows;
}

/** Everything that was tried for a revision, oldest first. */
export async function attemptsOf(db: Queryable, externalRef: string): Promise<PostingAttemptRow[]> {
  const { rows } = await sql<PostingAttemptRow>`
    select * from posting_attempt where external_ref = ${externalRef} order by id`.execute(db);
  return rows;
}

/** Whether any attempt reported that the ERP holds a document under this reference. */
export async function wasEverStored(db: Queryable, externalRef: string): Promise<boolean> {
  const { rows } = await sql`select 1 from posting_attempt
    where external_ref = ${externalRef} and outcome = 'stored' limit 1`.execute(db);
  return rows.length > 0;
}

/** Where postings stand for people: a reversal that was entered by hand is not one we posted. */
export type PostingStanding = PostingState | 'reversed-by-hand';

/** How many postings stand where, for `status`: `{ accepted: 12, sent: 1, … }`. */
export async function countPostings(db: Queryable, tenant: string): Promise<Partial<Record<PostingStanding, number>>> {
  const { rows } = await sql<{ standing: PostingStanding; n: string }>`
    select case when reversed_by is null then state else 'reversed-by-hand' end as standing, count(*) as n
    from posting where tenant = ${tenant} group by 1`.execute(db);
  return Object.fromEntries(rows.map((row) => [row.standing, Number(row.n)]));
}

/** Postings on their way that nobody has heard of for longer than `olderThanMs`, oldest first, at most 500. */
export async function overduePostings(db: Queryable, tenant: string, olderThanMs: number): Promise<PostingRow[]> {
  const { rows } = await sql<PostingRow>`
    select * from posting
    where tenant = ${tenant} and state in ('sent', 'accepted')
      and coalesce(sent_at, intended_at) < clock_timestamp() - ${olderThanMs} * interval '1 millisecond'
    order by coalesce(sent_at, intended_at) limit 500`.execute(db);
  return rows;
}

/** Postings by the beginning of a reference, by external reference or by the ERP's number; at most 200, newest last. */
export async function findPostings(db: Queryable, text: string): Promise<PostingRow[]> {
  const { rows } = await sql<PostingRow>`
    select * from (
      select * from posting
      where external_ref = ${text} or number = ${text} or reference ^@ ${text}
        or links @> ${JSON.stringify([{ number: text }])}::jsonb
      order by intended_at desc limit 200) newest
    order by intended_at, revision`.execute(db);
  return rows;
}

/** Adds what was tried and what came of it. Never changes a posting. */
export async function noteAttempt(
  db: Queryable,
  attempt: {
    externalRef: string;
    fence: number;
    what: string;
    outcome: string;
    number?: string | null;
    detail?: unknown;
  },
): Promise<void> {
  await sql`insert into posting_attempt (external_ref, fence, what, outcome, number, detail)
    values (${attempt.externalRef}, ${attempt.fence}, ${attempt.what}, ${attempt.outcome},
      ${attempt.number ?? null}, ${JSON.stringify(attempt.detail ?? {})}::jsonb)`.execute(db);
}

/** What a person must be told about a posting. */
export interface Flag {
  externalRef: string;
  code: string;
  /** What tells two flags of one code apart: the second document's number. */
  subject?: string;
  title: string;
  expected?: string;
  actual?: string;
  /** It was seen to be so just now, not only noted once: closed before, it is raised again unless it was said to stand. */
  recurs?: boolean;
}

/** Raises a flag once; true when it is new, or has come back after somebody closed it. */
export async function raiseFlag(db: Queryable, flag: Flag): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into posting_flag (external_ref, code, subject, title, expected, actual)
    values (${flag.externalRef}, ${flag.code}, ${flag.subject ?? ''}, ${flag.title},
      ${flag.expected ?? ''}, ${flag.actual ?? ''})
    on conflict (external_ref, code, subject) do update set
      title = excluded.title, expected = excluded.expected, actual = excluded.actual,
      raised_at = clock_timestamp(), told_at = null, cleared_at = null, cleared_as = ''
    where ${flag.recurs ?? false} and posting_flag.cleared_at is not null and posting_flag.cleared_as <> 'stands'`.execute(
    db,
  );
  return (numAffectedRows ?? 0n) > 0n;
}

/** The subject of the case of a flag: one case per document and matter. */
export const caseSubjectOf = (flag: Pick<Flag, 'externalRef' | 'subject'>): string =>
  `${flag.externalRef}/${flag.subject ?? ''}`;

/** A person closed the case of a flag, and said how. A case of no flag clears none. */
export async function clearFlagOf(db: Queryable, closed: { code: string; subject: string; as: string }): Promise<void> {
  await sql`update posting_flag set cleared_at = clock_timestamp(), cleared_as = ${closed.as}
    where code = ${closed.code} and external_ref || '/' || subject = ${closed.subject}
      and cleared_at is null`.execute(db);
}

/** Flags not cleared, oldest first: of one reference's postings, or all. */
export async function openFlags(
  db: Queryable,
  tenant: string,
): Promise<(PostingFlagRow & Pick<PostingRow, 'reference' | 'revision' | 'workflow_id'>)[]> {
  const { rows } = await sql<PostingFlagRow & Pick<PostingRow, 'reference' | 'revision' | 'workflow_id'>>`
    select f.*, p.reference, p.revision, p.workflow_id
    from posting_flag f join posting p using (external_ref)
    where p.tenant = ${tenant} and f.cleared_at is null order by f.raised_at`.execute(db);
  return rows;
}

/** Flags nobody was told of for longer than `olderThanMs`, oldest first; of no posting: named after what they are about. */
export async function untoldFlags(
  db: Queryable,
  olderThanMs: number,
  limit: number,
): Promise<(Flag & Pick<PostingRow, 'reference' | 'workflow_id'>)[]> {
  const { rows } = await sql<Flag & Pick<PostingRow, 'reference' | 'workflow_id'>>`
    select f.external_ref as "externalRef", f.code, f.subject, f.title, f.expected, f.actual,
      coalesce(p.reference, f.external_ref) as reference,
      coalesce(p.workflow_id, 'erp:' || f.external_ref || ':' || f.subject) as workflow_id
    from posting_flag f left join posting p using (external_ref)
    where f.told_at is null and f.cleared_at is null
      and f.raised_at < clock_timestamp() - ${olderThanMs} * interval '1 millisecond'
    order by f.raised_at limit ${limit}`.execute(db);
  return rows;
}

/** Marks a flag as told to its owner. */
export async function flagTold(db: Queryable, flag: Pick<Flag, 'externalRef' | 'code' | 'subject'>): Promise<void> {
  await sql`update posting_flag set told_at = clock_timestamp()
    where external_ref = ${flag.externalRef} and code = ${flag.code} and subject = ${flag.subject ?? ''}
      and told_at is null`.execute(db);
}
