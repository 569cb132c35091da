/** Every document of every system, and what each came from: one search by any number finds the whole path. */
import { sql, type Generated } from 'kysely';
import type { Queryable } from './database.js';

export interface LinkTables {
  document: {
    id: Generated<string>;
    system: string;
    kind: string;
    number: string;
    workflow_id: string | null;
    at: Generated<string>;
    facts: unknown;
  };
  link: { from_id: string; to_id: string; relation: string; at: Generated<string> };
}

/** What names a document anywhere: `archean`, `return`, `RTN-000871`. */
export interface DocumentRef {
  system: string;
  kind: string;
  number: string;
}

export interface DocumentRecord extends DocumentRef {
  /** The saga that made it or handles it. */
  workflowId?: string;
  /** What a search shows beside the number: amount, status, warehouse. Later values replace earlier ones key by key. */
  facts?: Record<string, string>;
  /** When it came to be, where that is known; else now. */
  at?: string;
}

/** Kinds that name master data. A path ends at them: else every order of one article would be one path. */
const HUBS = ['sku', 'item', 'customer', 'location', 'warehouse'];

/** Records a document, or adds to what is known of it. Answers its id. */
export async function recordDocument(q: Queryable, doc: DocumentRecord): Promise<string> {
  const facts = JSON.stringify(doc.facts ?? {});
  const { rows } = await sql<{ id: string }>`
    insert into document (system, kind, number, workflow_id, facts, at)
    values (${doc.system}, ${doc.kind}, ${doc.number}, ${doc.workflowId ?? null}, ${facts}::jsonb,
            coalesce(${doc.at ?? null}::timestamptz, clock_timestamp()))
    on conflict (system, kind, number) do update
      set workflow_id = coalesce(document.workflow_id, excluded.workflow_id),
          facts = document.facts || excluded.facts
    returning id`.execute(q);
  const row = rows[0];
  if (row === undefined) throw new Error(`document ${doc.system} ${doc.kind} ${doc.number} was not recorded`);
  return row.id;
}

/**
 * Says that `to` came from `from` (`credits`, `restocks`, `returns`, `reverses`, …). Documents not recorded yet are
 * recorded; saying it twice is saying it once.
 */
export async function linkDocuments(
  q: Queryable,
  from: DocumentRecord,
  to: DocumentRecord,
  relation: string,
): Promise<void> {
  const fromId = await recordDocument(q, from);
  const toId = await recordDocument(q, to);
  await q
    .insertInto('link')
    .values({ from_id: fromId, to_id: toId, relation })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export interface FoundDocument extends DocumentRef {
  workflowId: string | null;
  at: string;
  facts: Record<string, string>;
  /** 0: it bears the number searched for; 1: linked to such a one; and so on. */
  distance: number;
}
export interface FoundPath {
  documents: FoundDocument[];
  links: { from: DocumentRef; to: DocumentRef; relation: string; at: string }[];
  /** More was found than the 500 documents shown. */
  cutOff: boolean;
}

/** Most documents a search shows, and how many links away it looks. */
const MOST_DOCUMENTS = 500;
const FURTHEST = 6;

interface DocumentRow {
  id: string;
  system: string;
  kind: string;
  number: string;
  workflow_id: string | null;
  at: string;
  facts: Record<string, string>;
}

/**
 * The whole path of a number, whichever system printed it (case and surrounding blanks do not matter; a workflow id
 * works too): every document within six links, nearest first, with the links among them.
 */
export async function findPath(q: Queryable, number: string): Promise<FoundPath> {
  const wanted = number.trim();
  const found = new Map<string, FoundDocument>();
  let frontier = (
    await sql<DocumentRow>`
      select id, system, kind, number, workflow_id, at, facts from document
      where upper(number) = upper(${wanted}) or workflow_id = ${wanted}
      order by id limit ${MOST_DOCUMENTS}`.execute(q)
  ).rows;
  let cutOff = false;
  for (let distance = 0; frontier.length > 0 && distance <= FURTHEST; distance++) {
    for (const row of frontier) {
      if (found.size >= MOST_DOCUMENTS) cutOff = true;
      else found.set(row.id, toFound(row, distance));
    }
    const open = frontier.filter((row) => distance === 0 || !HUBS.includes(row.kind)).map((row) => row.id);
    frontier = cutOff ? [] : await neighbours(q, open, [...found.keys()]);
  }
  const documents = [...found.values()].sort((a, b) => a.distance - b.distance || (a.at < b.at ? -1 : 1));
  return { documents, links: await linksAmong(q, found), cutOff };
}

const toFound = (row: DocumentRow, distance: number): FoundDocument => ({
  system: row.system,
  kind: row.kind,
  number: row.number,
  workflowId: row.workflow_id,
  at: row.at,
  facts: row.facts,
  distance,
});

async function neighbours(q: Queryable, of: string[], known: string[]): Promise<DocumentRow[]> {
  if (of.length === 0) return [];
  const { rows } = await sql<DocumentRow>`
    select d.id, d.system, d.kind, d.number, d.workflow_id, d.at, d.facts from document d
    where d.id in (select to_id from link where from_id = any (${of}::bigint[])
        union select from_id from link where to_id = any (${of}::bigint[]))
      and not d.id = any (${known}::bigint[])
    order by d.id limit ${MOST_DOCUMENTS + 1}`.execute(q);
  return rows;
}

async function linksAmong(q: Queryable, found: Map<string, FoundDocument>): Promise<FoundPath['links']> {
  const ids = [...found.keys()];
  const rows = await q
    .selectFrom('link')
    .selectAll()
    .where('from_id', 'in', ids.length > 0 ? ids : ['0'])
    .where('to_id', 'in', ids.length > 0 ? ids : ['0'])
    .orderBy('at')
    .execute();
  const refOf = (id: string): DocumentRef | undefined => {
    const document = found.get(id);
    return document && { system: document.system, kind: document.kind, number: document.number };
  };
  return rows.flatMap((row) => {
    const from = refOf(row.from_id);
    const to = refOf(row.to_id);
    return from && to ? [{ from, to, relation: row.relation, at: row.at }] : [];
  });
}
