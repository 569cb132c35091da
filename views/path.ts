/** The whole path of a number: what came in, the sagas it led to, what they posted, who decided. */
import { sql, type RawBuilder } from 'kysely';
import type { Queryable } from '../store/database.js';
import { findPath, type FoundPath } from '../store/links.js';
import { findPostings, postingsOfWorkflows, type PostingAttemptRow, type PostingRow } from '../store/postings.js';
import { sagaOf } from '../workflows/processes.js';
import { claimsOf, type ClaimRead } from './claims.js';

export interface EventRead {
  source: string;
  kind: string;
  sourceId: string;
  version: number;
  payload: unknown;
  sourceTime: string | null;
  receivedAt: string;
  state: string;
  reason: string | null;
  sagaId: string | null;
}
export interface CaseRead {
  id: string;
  code: string;
  title: string;
  /** Whom it is about: masked before it is shown. */
  customer: string;
  owner: string;
  state: string;
  outcome: string;
  openedAt: string;
  closedAt: string | null;
  workflowId: string | null;
}
export interface DecisionRead {
  caseId: string | null;
  workflowId: string;
  by: string;
  identity: string;
  choice: string;
  why: string;
  state: string;
  refusal: string;
  at: string;
}
export type PostingRead = PostingRow & { attempts: PostingAttemptRow[] };

export interface SagaPath {
  workflowId: string;
  claim: ClaimRead | null;
  /** Versions of the business object and its movements, in the source's order. */
  events: EventRead[];
  postings: PostingRead[];
  cases: CaseRead[];
  decisions: DecisionRead[];
}
export interface WholePath {
  sagas: SagaPath[];
  /** Rows that bear the number and led to no saga. */
  loose: EventRead[];
  documents: FoundPath['documents'];
  links: FoundPath['links'];
  /** More was found than is shown. */
  cutOff: boolean;
}

const MOST_SAGAS = 50;
const MOST_EVENTS = 500;
/** How far away a document may be for its saga to be told whole: a return is not told with every other of its order. */
const NEXT = 1;

const EVENT = sql`source, kind, source_id as "sourceId", version, payload, source_time as "sourceTime",
  received_at as "receivedAt", state, reason, saga_id as "sagaId"`;

/** Rows that bear the number: as their own, as their document's, or as the order or article of one of their lines. */
async function eventsBearing(q: Queryable, number: string): Promise<EventRead[]> {
  const holding = (part: object): RawBuilder<unknown> => sql`payload @> ${JSON.stringify(part)}::jsonb`;
  const { rows } = await sql<EventRead>`
    select ${EVENT} from event
    where upper(source_id) = upper(${number}) or split_part(document_id, '/', 2) = ${number}
      or ${holding({ lines: [{ orderNo: number }] })} or ${holding({ lines: [{ sku: number }] })}
      or ${holding({ sku: number })} or ${holding({ returnNo: number })}
    order by received_at desc limit ${MOST_EVENTS}`.execute(q);
  return rows.reverse();
}

/** Sagas that claimed the number, hold or opened a case about it, or posted an article under it. */
async function workflowsAbout(q: Queryable, number: string): Promise<string[]> {
  const { rows } = await sql<{ workflow_id: string }>`
    select workflow_id from event_claim where upper(key) = upper(${number}) or workflow_id = ${number}
    union select workflow_id from "case"
      where workflow_id is not null and (id = upper(${number}) or upper(business_key) = upper(${number}) or workflow_id = ${number})
    union select workflow_id from case_hold where case_id = upper(${number}) or upper(business_key) = upper(${number})
    union select workflow_id from (
      select workflow_id from posting
      where content -> 'document' -> 'lines' @> ${JSON.stringify([{ item: number }])}::jsonb
      order by intended_at desc limit ${MOST_SAGAS}) articles
    limit ${MOST_SAGAS * 4}`.execute(q);
  return rows.map((row) => row.workflow_id);
}

const objectOf = (event: EventRead): string | null =>
  event.kind === 'movement' ? documentNumber(event) : event.sourceId;

/** The document a movement belongs to: `RETURN/RTN-1` is RTN-1. */
function documentNumber({ payload }: EventRead): string | null {
  const id = (payload as { documentId?: unknown } | null)?.documentId;
  return typeof id === 'string' && id !== '' ? id : null;
}

/** Everything known of a number, whichever system printed it; nothing found is an empty path. */
export async function wholePath(q: Queryable, number: string): Promise<WholePath> {
  const [found, bearing, about, postings] = await Promise.all([
    findPath(q, number),
    eventsBearing(q, number),
    workflowsAbout(q, number),
    findPostings(q, number),
  ]);
  const keys = bearing.map(objectOf).filter((key) => key !== null);
  const ids = [
    ...found.documents.flatMap(({ workflowId, distance }) =>
      workflowId === null || distance > NEXT ? [] : [workflowId],
    ),
    ...postings.map((row) => row.workflow_id),
    ...about,
    ...bearing.flatMap(({ sagaId }) => (sagaId === null ? [] : [sagaId])),
    ...(await claimants(q, keys)),
  ];
  const all = [...new Set(ids)];
  const workflowIds = all.slice(0, MOST_SAGAS);
  const sagas = await sagaPaths(q, workflowIds);
  const shown = new Set(sagas.flatMap((saga) => saga.events.map(keyOf)));
  return {
    sagas,
    loose: bearing.filter((event) => !shown.has(keyOf(event))),
    documents: found.documents,
    links: found.links,
    cutOff: found.cutOff || all.length > MOST_SAGAS,
  };
}

const keyOf = (event: EventRead): string => `${event.source}/${event.kind}/${event.sourceId}/${event.version}`;

/** Numbers are indexed in capitals, as people type them either way. */
const upperOf = (numbers: readonly string[]): string[] => [...new Set(numbers.map((each) => each.toUpperCase()))];

async function claimants(q: Queryable, keys: readonly string[]): Promise<string[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<{ workflow_id: string }>`
    select workflow_id from event_claim where upper(key) = any(${upperOf(keys)}) and key = any(${[...new Set(keys)]})
    limit ${MOST_SAGAS * 4}`.execute(q);
  return rows.map((row) => row.workflow_id);
}

/** What is known of these sagas, in their order. */
export async function sagaPaths(q: Queryable, workflowIds: readonly string[]): Promise<SagaPath[]> {
  if (workflowIds.length === 0) return [];
  const ids = [...workflowIds];
  const [claims, postings, cases, decisions] = await Promise.all([
    claimsOf(q, ids),
    withAttempts(q, await postingsOfWorkflows(q, ids)),
    casesOf(q, ids),
    decisionsOf(q, ids),
  ]);
  const events = await eventsOfObjects(q, ids.map(sagasObject));
  return ids.map((workflowId) => ({
    workflowId,
    claim: claims.find((claim) => claim.workflowId === workflowId) ?? null,
    events: events.get(named(sagasObject(workflowId))) ?? [],
    postings: postings.filter((row) => row.workflow_id === workflowId),
    cases: cases.filter((row) => row.workflowIds.includes(workflowId)).map(withoutHeld),
    decisions: decisions.filter((row) => row.workflowId === workflowId),
  }));
}

/** `return-to-stock:archean:RTN-1` is about return RTN-1. */
function sagasObject(workflowId: string): { kind: string; key: string } {
  const saga = sagaOf(workflowId);
  return { kind: saga?.of.kind ?? '', key: saga?.key ?? workflowId };
}

const named = ({ kind, key }: { kind: string; key: string }): string =>
  `${kind.replaceAll('-', '_').toUpperCase()}/${key}`;

/** Versions and movements by `RETURN/RTN-1`, as a movement names its document. */
async function eventsOfObjects(
  q: Queryable,
  objects: readonly { kind: string; key: string }[],
): Promise<Map<string, EventRead[]>> {
  const keys = objects.map(({ key }) => key);
  const { rows } = await sql<EventRead & { about: string | null }>`
    select ${EVENT}, document_id as about from event
    where (kind <> 'movement' and upper(source_id) = any(${upperOf(keys)}) and source_id = any(${keys}))
      or (kind = 'movement' and split_part(document_id, '/', 2) = any(${keys}) and document_id = any(${objects.map(named)}))
    order by coalesce(source_time, received_at), version, id limit 5000`.execute(q);
  const byName = new Map<string, EventRead[]>();
  for (const { about, ...event } of rows) {
    const name = event.kind === 'movement' ? (about ?? '') : named({ kind: event.kind, key: event.sourceId });
    byName.set(name, [...(byName.get(name) ?? []), event]);
  }
  return byName;
}

async function withAttempts(q: Queryable, postings: readonly PostingRow[]): Promise<PostingRead[]> {
  const { rows } = await sql<PostingAttemptRow>`
    select * from posting_attempt where external_ref = any(${postings.map((row) => row.external_ref)})
    order by id limit 5000`.execute(q);
  return postings.map((row) => ({
    ...row,
    attempts: rows.filter((attempt) => attempt.external_ref === row.external_ref),
  }));
}

async function casesOf(q: Queryable, ids: readonly string[]): Promise<(CaseRead & { workflowIds: string[] })[]> {
  const { rows } = await sql<CaseRead & { workflowIds: string[] }>`
    select c.id, c.code, c.title, c.customer, c.owner, c.state, c.outcome, c.opened_at as "openedAt", c.closed_at as "closedAt",
      c.workflow_id as "workflowId",
      array(select h.workflow_id from case_hold h where h.case_id = c.id and h.workflow_id = any(${[...ids]}))
        || case when c.workflow_id is null then '{}'::text[] else array[c.workflow_id] end as "workflowIds"
    from "case" c
    where c.id in (select id from "case" where workflow_id = any(${[...ids]})
      union select case_id from case_hold where workflow_id = any(${[...ids]}))
    order by c.opened_at, c.id limit 1000`.execute(q);
  return rows;
}

const withoutHeld = (row: CaseRead & { workflowIds: string[] }): CaseRead => {
  const { id, code, title, customer, owner, state, outcome, openedAt, closedAt, workflowId } = row;
  return { id, code, title, customer, owner, state, outcome, openedAt, closedAt, workflowId };
};

async function decisionsOf(q: Queryable, ids: readonly string[]): Promise<DecisionRead[]> {
  const { rows } = await sql<DecisionRead>`
    select case_id as "caseId", workflow_id as "workflowId", "by", identity, choice, why, state, refusal,
      created_at as at
    from decision where workflow_id = any(${[...ids]}) order by created_at limit 1000`.execute(q);
  return rows;
}
