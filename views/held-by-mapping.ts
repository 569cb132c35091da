/** What a mapping row would set free: sagas that cause cases hold, by business date. */
import { sql } from 'kysely';
import type { Queryable } from '../store/database.js';
import { causesSolvedBy } from '../store/mapping-causes.js';
import type { MappingRow } from '../store/mappings.js';

export interface WouldFree {
  /** Case that holds them. */
  case: string;
  cause: string;
  businessDate: string;
  sagas: number;
  /** Whether the row holds on that date. */
  covered: boolean;
}

/** Business dates that wait for this row's cause, oldest first, and which of them its dates cover. */
export async function wouldFree(q: Queryable, row: MappingRow): Promise<WouldFree[]> {
  const found: WouldFree[] = [];
  for (const { code, cause } of causesSolvedBy(row)) {
    const { rows } = await sql<{ case: string; businessDate: string; sagas: number; covered: boolean }>`
      select c.id as case, h.business_date as "businessDate", count(*)::int as sagas,
        daterange(${row.validFrom}::date, ${row.validTo}::date, '[]') @> h.business_date as covered
      from "case" c join case_hold h on h.case_id = c.id
      where c.kind = 'cause' and c.code = ${code} and upper(c.cause) = upper(${cause}) and h.released_at is null
      group by c.id, h.business_date order by h.business_date limit 400`.execute(q);
    found.push(...rows.map((each) => ({ ...each, cause })));
  }
  return found;
}
