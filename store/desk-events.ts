/** The two things every function of the desk does: locking what it changes, and noting it on the case. */
import { sql } from 'kysely';
import { digestOf } from './canonical.js';
import type { Queryable } from './database.js';

/** Holds a name until the transaction ends, so that two desks do not judge the same thing at once. */
export async function lockName(q: Queryable, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(q);
}

/**
 * One line of a case's history. `by` is a person's id, or `system`. False: the call of this `requestKey` noted
 * it before.
 */
export async function noteEvent(
  q: Queryable,
  event: { caseId: string; kind: string; by: string; note: string; requestKey?: string },
): Promise<boolean> {
  const { caseId, kind, by, note, requestKey } = event;
  const row = await q
    .insertInto('case_event')
    .values({ case_id: caseId, kind, by, note: note.slice(0, 2000), request_key: requestKey ?? null })
    .onConflict((c) => c.column('request_key').doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Digest of what a person is shown: same content, same digest, whatever the order of its keys. */
export const shownDigest = (shown: unknown): string => digestOf(shown ?? null).slice(0, 32);
