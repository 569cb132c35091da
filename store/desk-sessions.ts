/** Who is signed in at the desk page. A session ends by signing out, by time, when its person leaves or gets another key. */
import { createHash, randomBytes } from 'node:crypto';
import { sql, type ColumnType } from 'kysely';
import { appendAudit } from './audit.js';
import type { Db } from './database.js';
import type { Person } from './desk-people.js';

/** By personal key, or by the identity provider. */
export type SignInBy = 'key' | 'oidc';

type Instant = ColumnType<string, undefined, string | Date>;
export interface SessionTables {
  desk_session: {
    token_digest: string;
    person_id: string;
    how: SignInBy;
    key_digest: string;
    form_secret: string;
    signed_in_at: Instant;
    seen_at: Instant;
    ends_at: ColumnType<string, string | Date, string | Date>;
    ended_at: ColumnType<string | null, undefined, string | Date | null>;
  };
}

export interface Session {
  tokenDigest: string;
  person: Person;
  /** What forms of this session are signed with. */
  formSecret: string;
  endsAt: string;
}

/** A session ends after a working day, and sooner when nobody uses it. */
const LONGEST_MS = 10 * 3_600_000;
const IDLE_MINUTES = 30;
/** Sessions of one person at a time; an older one ends. */
const MOST = 5;

const digest = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Opens a session and answers its token, which is kept nowhere. The sign-in is audited. */
export async function openSession(db: Db, person: Person, how: SignInBy): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('desk_session')
      .values({
        token_digest: digest(token),
        person_id: person.id,
        how,
        key_digest: person.key_digest,
        form_secret: randomBytes(32).toString('base64url'),
        ends_at: new Date(Date.now() + LONGEST_MS),
      })
      .execute();
    await sql`
      delete from desk_session where ends_at < clock_timestamp() - interval '1 day' or token_digest in (
        select token_digest from desk_session where person_id = ${person.id} and ended_at is null
        order by signed_in_at desc offset ${MOST})`.execute(tx);
    await auditSession(tx, 'sign-in', person.id, how);
  });
  return token;
}

/**
 * The session of a token; undefined when there is none, or it has ended by any rule. Being used keeps it open; `looking`:
 * a page that renews itself, which is no use of it, or one left open would never end.
 */
export async function sessionOf(db: Db, token: string, looking = false): Promise<Session | undefined> {
  const row = await db
    .selectFrom('desk_session as s')
    .innerJoin('person as p', 'p.id', 's.person_id')
    .select(['s.token_digest', 's.form_secret', 's.ends_at', 's.person_id'])
    .where('s.token_digest', '=', digest(token))
    .where('s.ended_at', 'is', null)
    .where('p.active', '=', true)
    .whereRef('p.key_digest', '=', 's.key_digest')
    .where(sql<boolean>`s.ends_at > clock_timestamp()`)
    .where(sql<boolean>`s.seen_at > clock_timestamp() - ${IDLE_MINUTES} * interval '1 minute'`)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (!looking)
    await sql`
      update desk_session set seen_at = clock_timestamp()
      where token_digest = ${row.token_digest} and seen_at < clock_timestamp() - interval '1 minute'`.execute(db);
  const person = await db.selectFrom('person').selectAll().where('id', '=', row.person_id).executeTakeFirstOrThrow();
  return { tokenDigest: row.token_digest, formSecret: row.form_secret, endsAt: row.ends_at, person };
}

/** Ends a session; one that has ended stays so. */
export async function endSession(db: Db, session: Pick<Session, 'tokenDigest' | 'person'>): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const ended = await tx
      .updateTable('desk_session')
      .set({ ended_at: new Date() })
      .where('token_digest', '=', session.tokenDigest)
      .where('ended_at', 'is', null)
      .executeTakeFirst();
    if (ended.numUpdatedRows > 0n) await auditSession(tx, 'sign-out', session.person.id, 'desk');
  });
}

const auditSession = (q: Parameters<typeof appendAudit>[0], action: string, personId: string, why: string) =>
  appendAudit(q, { actor: personId, identity: 'proven', action, subject: `person/${personId}`, why, detail: {} });
