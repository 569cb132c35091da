/**
 * The audit trail: rows inserted unchained by any transaction, chained by hash once committed. Chaining at insert
 * would make every transaction of the product wait for every other.
 */
import { createHash } from 'node:crypto';
import { sql, type Generated } from 'kysely';
import { canonicalJson } from './canonical.js';
import type { Db, Queryable } from './database.js';

export interface AuditTables {
  audit: {
    id: Generated<string>;
    at: Generated<string>;
    actor: string;
    identity: 'proven' | 'claimed' | 'system';
    action: string;
    subject: string;
    why: string;
    detail: unknown;
    seal_no: string | null;
    previous_hash: string | null;
    hash: string | null;
  };
  audit_head: { one: Generated<boolean>; seal_no: string; hash: string; sealed_at: string | null };
}

export interface AuditEntry {
  /** Person id, or the service that acted. */
  actor: string;
  /** `claimed`: the name was only typed into a message. */
  identity: 'proven' | 'claimed' | 'system';
  /** Verb of the trade, kebab-case: `confirm-mapping`, `decide`, `refuse-decision`. */
  action: string;
  /** What it was done to: a workflow id, `location_mapping/12`, `feed/archean.returns`. */
  subject: string;
  why: string;
  /** Plain JSON; no secrets. */
  detail: unknown;
}

/** Adds one audit row in the caller's transaction: it is there exactly when what it tells of is. Answers its id. */
export async function appendAudit(q: Queryable, entry: AuditEntry): Promise<string> {
  const row = await q
    .insertInto('audit')
    .values({ ...entry, detail: JSON.stringify(entry.detail ?? {}), seal_no: null, previous_hash: null, hash: null })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

interface AuditRow {
  id: string;
  at: string;
  actor: string;
  identity: string;
  action: string;
  subject: string;
  why: string;
  detail: unknown;
}

/** The hash of a row in its place: over the hash before it, its number in the chain and everything it says. */
function hashOf(previous: string, sealNo: bigint, row: AuditRow): string {
  const { id, at, actor, identity, action, subject, why, detail } = row;
  const content = [previous, String(sealNo), id, at, actor, identity, action, subject, why, detail];
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}

/** Most rows one sealing takes, so that its transaction stays short; the next one goes on. */
const SEAL_AT_ONCE = 500;

/**
 * Chains the committed rows that are not chained yet, in order of id, at most 500. Two sealers at once are safe: they
 * take turns. Answers how many rows were sealed.
 */
export function sealAudit(db: Db): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const head = await tx.selectFrom('audit_head').selectAll().forUpdate().executeTakeFirstOrThrow();
    const rows = await tx
      .selectFrom('audit')
      .selectAll()
      .where('seal_no', 'is', null)
      .orderBy('id')
      .limit(SEAL_AT_ONCE)
      .execute();
    let sealNo = BigInt(head.seal_no);
    let previous = head.hash;
    for (const row of rows) {
      sealNo += 1n;
      const hash = hashOf(previous, sealNo, row);
      await tx
        .updateTable('audit')
        .set({ seal_no: String(sealNo), previous_hash: previous, hash })
        .where('id', '=', row.id)
        .execute();
      previous = hash;
    }
    if (rows.length > 0) {
      await tx
        .updateTable('audit_head')
        .set({ seal_no: String(sealNo), hash: previous, sealed_at: sql<string>`clock_timestamp()` })
        .execute();
    }
    return rows.length;
  });
}

/** The end of the sealed trail: its number and hash. */
export async function readAuditHead(q: Queryable): Promise<{ sealNo: string; hash: string }> {
  return q.selectFrom('audit_head').select(['seal_no as sealNo', 'hash']).executeTakeFirstOrThrow();
}

export interface AuditVerdict {
  sealed: number;
  unsealed: number;
  /** Age of the oldest row that no sealer has reached yet; null when there is none. */
  oldestUnsealedMs: number | null;
  /** The first place where the chain does not hold. */
  firstBad: { id: string | null; sealNo: string; why: string } | null;
}

/** Walks the whole chain in one snapshot, a thousand rows at a time, and names the first row that does not fit. */
export function verifyAudit(db: Db): Promise<AuditVerdict> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      const head = await tx.selectFrom('audit_head').selectAll().executeTakeFirstOrThrow();
      const open = await sql<{ unsealed: string; age: string | null }>`
        select count(*) as unsealed, floor(extract(epoch from clock_timestamp() - min(at)) * 1000)::bigint as age
        from audit where seal_no is null`.execute(tx);
      const { unsealed = '0', age = null } = open.rows[0] ?? {};
      const { sealed, firstBad } = await walk(tx, head);
      return {
        sealed,
        unsealed: Number(unsealed),
        oldestUnsealedMs: age === null ? null : Math.max(0, Number(age)),
        firstBad,
      };
    });
}

async function walk(
  tx: Queryable,
  head: { seal_no: string; hash: string },
): Promise<Pick<AuditVerdict, 'sealed' | 'firstBad'>> {
  let previous = '0'.repeat(64);
  let sealNo = 0n;
  for (;;) {
    const rows = await tx
      .selectFrom('audit')
      .selectAll()
      .where('seal_no', '>', String(sealNo))
      .orderBy('seal_no')
      .limit(1000)
      .execute();
    for (const row of rows) {
      const expected = sealNo + 1n;
      const bad = (id: string | null, why: string): Pick<AuditVerdict, 'sealed' | 'firstBad'> => ({
        sealed: Number(sealNo),
        firstBad: { id, sealNo: String(expected), why },
      });
      if (BigInt(row.seal_no ?? '0') !== expected) return bad(null, 'the row with this number is missing');
      if (row.previous_hash !== previous) return bad(row.id, 'it does not follow the row before it');
      if (row.hash !== hashOf(previous, expected, row))
        return bad(row.id, 'its content was changed after it was sealed');
      sealNo = expected;
      previous = row.hash;
    }
    if (rows.length === 0) break;
  }
  const complete = String(sealNo) === head.seal_no && previous === head.hash;
  return {
    sealed: Number(sealNo),
    firstBad: complete
      ? null
      : { id: null, sealNo: String(sealNo + 1n), why: 'the chain ends before its recorded end' },
  };
}

/** Audit rows of one subject, oldest first, at most 500. */
export async function auditOf(q: Queryable, subject: string): Promise<(AuditEntry & { at: string })[]> {
  return q
    .selectFrom('audit')
    .select(['at', 'actor', 'identity', 'action', 'subject', 'why', 'detail'])
    .where('subject', '=', subject)
    .orderBy('id')
    .limit(500)
    .execute();
}
