import { sql } from 'kysely';
import type { Db } from '../../store/database.js';
import type { Evidence, OpenCase } from './balance.js';
import type { SandboxControl } from './control.js';

const OPEN = sql`c.state in ('open', 'acknowledged', 'investigating', 'waiting')`;

/** Cases that wait for somebody, each with the returns it is about. */
export async function openCases(db: Db): Promise<OpenCase[]> {
  const { rows } = await sql<{ id: string; code: string; owner: string; keys: string[] }>`
    select c.id, c.code, c.owner,
      case when c.kind = 'cause'
        then array(select h.business_key from case_hold h where h.case_id = c.id and h.released_at is null)
        else array[c.business_key] end as keys
    from "case" c
    where ${OPEN}`.execute(db);
  return rows;
}

/** Return number by external reference: a reference is `process:source:number[:version]/step`. */
async function referenceOwners(db: Db): Promise<Map<string, string>> {
  const { rows } = await sql<{ external_ref: string; key: string }>`
    select external_ref, split_part(workflow_id, ':', 3) as key from posting`.execute(db);
  return new Map(rows.map((row) => [row.external_ref, row.key]));
}

/** Returns about which a person's decision was accepted. */
async function decidedKeys(db: Db): Promise<Set<string>> {
  const { rows } = await sql<{ key: string }>`
    select distinct split_part(workflow_id, ':', 3) as key from decision where state = 'accepted'`.execute(db);
  return new Set(rows.map((row) => row.key));
}

/** Everything the comparison needs, read in one go. */
export async function gather(db: Db, sandbox: SandboxControl): Promise<Evidence> {
  const [events, documents, cases, owners, decided] = await Promise.all([
    sandbox.reckoning(),
    sandbox.books(),
    openCases(db),
    referenceOwners(db),
    decidedKeys(db),
  ]);
  return { events, documents, cases, owners, decided };
}
