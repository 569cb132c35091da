import { type Kysely, sql } from 'kysely';

/**
 * Returns of one customer that have come in: a day's limit looks for those that were earlier at their source. Rows that
 * nobody could read are left out: what they hold may be of any size, and no index takes that.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index event_of_customer on event (source, (payload ->> 'customer'), source_time)
    where kind = 'return' and state in ('new', 'started')`.execute(db);
}
