/** Many like questions decided at once: a preview with one digest, then exactly what was previewed. */
import { sql } from 'kysely';
import { customer as maskedCustomer } from '../domain/mask.js';
import { format } from '../domain/money.js';
import { appendAudit } from './audit.js';
import { digestOf } from './canonical.js';
import type { Db, Queryable } from './database.js';
import type { CaseRow } from './desk-cases.js';
import { lockName } from './desk-events.js';
import { storeDecision } from './desk-decision-rows.js';
import { approvedToday, comparable, needsProof, type DeskRules } from './desk-judge.js';
import type { Person } from './desk-people.js';
import { listCases, type CaseFilter } from './desk-read.js';

const MOST_AT_ONCE = 2_000;

export interface BulkPreview {
  count: number;
  /** Sum per currency, as people read it. */
  total: string[];
  largest: { case: string; title: string; amount: string } | null;
  units: number;
  digest: string;
  cases: string[];
}
/** `refused`: nothing was sent, and why. */
export type BulkStart =
  | { state: 'refused'; why: string }
  | { state: 'preview'; preview: BulkPreview }
  | {
      state: 'started';
      decisions: { id: string; workflowId: string; caseId: string }[];
      skipped: { case: string; why: string }[];
      /** Cases that fit the filter now and were not in the preview. */
      late: number;
    };

export interface BulkRequest {
  filter: CaseFilter;
  choice: string;
  why: string;
  /** Of the preview; without it a preview is made. */
  digest?: string;
  person: Person;
}

const itemsOf = (rows: CaseRow[]) => rows.map((row) => ({ caseId: row.id, asking: row.asking, digest: row.digest }));

async function candidates(q: Queryable, request: BulkRequest): Promise<CaseRow[]> {
  const rows = await listCases(q, { ...request.filter, state: 'open' }, MOST_AT_ONCE + 1);
  return rows.filter((row) => row.kind === 'question' && row.choices.some((c) => c.choice === request.choice));
}

/** Previews a bulk decision, or, given the digest of a preview, stores one decision per case that is still as shown. */
export async function bulkDecide(db: Db, request: BulkRequest, rules: DeskRules): Promise<BulkStart> {
  const rows = await candidates(db, request);
  if (request.digest !== undefined) return apply(db, request, request.digest, rows, rules);
  if (rows.length === 0)
    return {
      state: 'refused',
      why: `No open question fits this filter and has the choice "${request.choice}".`,
    };
  if (rows.length > MOST_AT_ONCE)
    return {
      state: 'refused',
      why: `More than ${MOST_AT_ONCE} questions fit this filter: narrow it, by date for example.`,
    };
  const items = itemsOf(rows);
  const digest = digestOf({
    items,
    choice: request.choice,
    filter: request.filter,
    by: request.person.id,
  }).slice(0, 32);
  await db
    .insertInto('bulk_preview')
    .values({
      digest,
      filter: JSON.stringify(request.filter),
      choice: request.choice,
      items: JSON.stringify(items),
      by: request.person.id,
    })
    .onConflict((c) => c.doNothing())
    .execute();
  return { state: 'preview', preview: { ...figuresOf(rows), digest } };
}

function figuresOf(rows: CaseRow[]): Omit<BulkPreview, 'digest'> {
  const sums = new Map<string, bigint>();
  let largest: CaseRow | undefined;
  const size = (row: CaseRow): bigint => {
    const minor = BigInt(row.base_minor ?? row.amount_minor ?? '0');
    return minor < 0n ? -minor : minor;
  };
  for (const row of rows) {
    if (row.amount_minor !== null && row.currency !== null)
      sums.set(row.currency, (sums.get(row.currency) ?? 0n) + BigInt(row.amount_minor));
    if (row.amount_minor !== null && (largest === undefined || size(row) > size(largest))) largest = row;
  }
  return {
    count: rows.length,
    total: [...sums].map(([currency, minor]) => format({ minor: String(minor), currency })),
    largest:
      largest === undefined
        ? null
        : {
            case: largest.id,
            title: largest.title,
            amount: format({ minor: largest.amount_minor ?? '0', currency: largest.currency ?? '' }),
          },
    units: rows.reduce((units, row) => units + row.units, 0),
    cases: rows.map((row) => row.id),
  };
}

async function apply(
  db: Db,
  request: BulkRequest,
  digest: string,
  now: CaseRow[],
  rules: DeskRules,
): Promise<BulkStart> {
  return db.transaction().execute(async (tx) => {
    await lockName(tx, `bulk:${digest}`);
    const preview = await tx.selectFrom('bulk_preview').selectAll().where('digest', '=', digest).executeTakeFirst();
    if (preview === undefined || preview.by !== request.person.id || preview.choice !== request.choice)
      return {
        state: 'refused',
        why: `No preview of yours for "${request.choice}" has the digest ${digest}. Preview first, then send its digest.`,
      };
    const used = await tx
      .selectFrom('decision')
      .select('id')
      .where('bulk', '=', digest)
      .where('state', '<>', 'refused')
      .limit(1)
      .executeTakeFirst();
    if (used !== undefined)
      return {
        state: 'refused',
        why: `The preview ${digest} has been applied already. Preview again for what is left.`,
      };
    const byId = new Map(now.map((row) => [row.id, row]));
    const skipped: { case: string; why: string }[] = [];
    const taken: CaseRow[] = [];
    for (const item of preview.items) {
      const row = byId.get(item.caseId);
      if (row === undefined) skipped.push({ case: item.caseId, why: 'it is no longer open' });
      else if (row.digest !== item.digest) skipped.push({ case: item.caseId, why: 'it changed since the preview' });
      else taken.push(row);
    }
    const over = await sumAboveLimit(tx, taken, request, rules);
    if (over !== null) {
      await auditBulk(tx, request, digest, over);
      return { state: 'refused', why: over };
    }
    const decisions = [];
    for (const row of taken) decisions.push(await storeOne(tx, row, request, digest));
    await auditBulk(tx, request, digest, `${taken.length} decided, ${skipped.length} skipped`);
    return { state: 'started', decisions, skipped, late: now.length - taken.length };
  });
}

async function storeOne(tx: Queryable, row: CaseRow, request: BulkRequest, digest: string) {
  const workflowId = row.workflow_id ?? '';
  const input = {
    question: row.question,
    asking: row.asking,
    choice: request.choice,
    why: request.why,
    shown: row.digest,
    by: request.person.id,
    data: {},
  };
  const id = await storeDecision(tx, {
    workflowId,
    caseId: row.id,
    by: request.person.id,
    input,
    raw: { ...input, bulk: digest },
    bulk: digest,
  });
  return { id, workflowId, caseId: row.id };
}

/** The sum is held against what the person may decide in a day and for one customer; each item is judged by itself later. */
async function sumAboveLimit(
  tx: Queryable,
  rows: CaseRow[],
  { person, choice }: BulkRequest,
  rules: DeskRules,
): Promise<string | null> {
  const sums = new Map<string, { about: string; total: bigint }>();
  let all = 0n;
  for (const row of rows) {
    const amount = (needsProof(choice, row) ? comparable(row, person) : 0n) ?? 0n;
    const key = `${row.customer}, ${row.business_date ?? ''}`;
    const about = `${maskedCustomer(row.customer)}, ${row.business_date ?? ''}`;
    all += amount;
    if (row.customer !== '') sums.set(key, { about, total: (sums.get(key)?.total ?? 0n) + amount });
  }
  const money = (minor: bigint | string): string => format({ minor: String(minor), currency: person.limit_currency });
  if (person.limit_day !== null) {
    const total = all + (await approvedToday(tx, person, rules.zone));
    if (total > BigInt(person.limit_day))
      return `Together with what ${person.id} decided today this makes ${money(total)}; the limit a day is ${money(person.limit_day)}. Nothing was decided.`;
  }
  for (const { about, total } of sums.values())
    if (person.limit_customer_day !== null && total > BigInt(person.limit_customer_day))
      return `For customer ${about} this makes ${money(total)}; ${person.id} may decide ${money(person.limit_customer_day)} per customer and day. Nothing was decided.`;
  return null;
}

async function auditBulk(tx: Queryable, request: BulkRequest, digest: string, what: string): Promise<void> {
  await appendAudit(tx, {
    actor: request.person.id,
    identity: 'proven',
    action: 'decide-many',
    subject: `bulk/${digest}`,
    why: request.why,
    detail: { choice: request.choice, filter: request.filter, what },
  });
}

/** What became of the decisions of one bulk so far. */
export async function bulkProgress(
  q: Queryable,
  digest: string,
): Promise<{ accepted: number; first: number; waiting: number; refused: { case: string; why: string }[] }> {
  const { rows } = await sql<{ id: string | null; state: string; refusal: string }>`
    select case_id as id, state, refusal from decision where bulk = ${digest}`.execute(q);
  const count = (state: string): number => rows.filter((row) => row.state === state).length;
  return {
    accepted: count('accepted'),
    first: count('first'),
    waiting: count('stored') + count('kept'),
    refused: rows.filter((row) => row.state === 'refused').map((row) => ({ case: row.id ?? '', why: row.refusal })),
  };
}
