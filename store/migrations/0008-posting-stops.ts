import { type Kysely, sql } from 'kysely';

/**
 * `stop_why`: it was to be stopped while nobody knew whether the ERP had stored it; proved absent, it is not sent again.
 * `reversed_by`: who entered the reversal in the ERP by hand.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table posting add column stop_why text, add column reversed_by text`.execute(db);
}
