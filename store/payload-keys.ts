/** What the store knows of the keys payloads are encrypted with: their names and when they were in use. */
import { sql, type Generated } from 'kysely';
import type { Db, Queryable } from './database.js';

export interface PayloadKeyTables {
  payload_key: {
    id: string;
    key_check: string;
    first_seen_at: Generated<string>;
    first_current_at: string | null;
    last_current_at: string | null;
  };
}

/** The keys of a process, as the store compares them. */
export interface KeysAtHand {
  readonly current: string;
  readonly ids: readonly string[];
  checkOf(keyId: string): string;
}

/** Two processes call different keys by one name: what one encrypts the other never reads. */
export class KeyDiffers extends Error {
  constructor(keyId: string) {
    super(
      `the key "${keyId}" of this process is another one than the installation has used under that name. Give the file of ` +
        'keys that the other processes have; a new key needs a new name.',
    );
    this.name = 'KeyDiffers';
  }
}

const NOTE_EVERY_MS = 60_000;

/** Notes which keys are at hand and that the current one encrypts now. @throws KeyDiffers for a name used twice. */
export async function noteKeys(q: Queryable, keys: KeysAtHand): Promise<void> {
  for (const id of keys.ids) {
    const check = keys.checkOf(id);
    await sql`insert into payload_key (id, key_check) values (${id}, ${check}) on conflict do nothing`.execute(q);
    const { rows } = await sql<{ known: string }>`
      select key_check as known from payload_key where id = ${id}`.execute(q);
    if (rows[0]?.known !== check) throw new KeyDiffers(id);
  }
  await stillCurrent(q, keys.current);
}

async function stillCurrent(q: Queryable, id: string): Promise<void> {
  await sql`
    update payload_key set first_current_at = coalesce(first_current_at, clock_timestamp()),
      last_current_at = clock_timestamp() where id = ${id}`.execute(q);
}

/** Notes the keys now, and from time to time that the current one is still in use. Answers how to stop. */
export async function keepNotingKeys(db: Db, keys: KeysAtHand | null): Promise<() => void> {
  if (keys === null) return () => undefined;
  await noteKeys(db, keys);
  // A store that does not answer for a while loses a minute of `last_current_at`, and nothing else.
  const timer = setInterval(() => void stillCurrent(db, keys.current).catch(() => undefined), NOTE_EVERY_MS).unref();
  return () => clearInterval(timer);
}

export interface KeyUse {
  id: string;
  firstCurrentAt: string | null;
  lastCurrentAt: string | null;
  /** Until when it may have encrypted: a process notes it once a minute, and may have died just before. */
  mayHaveEncryptedUntil: string | null;
  /** Rows of the inbox that are sealed with it. */
  rows: number;
}

/** Every key that was ever noted, oldest first, with the rows it seals. */
export async function keyUses(q: Queryable): Promise<KeyUse[]> {
  const { rows } = await sql<KeyUse>`
    select k.id, k.first_current_at as "firstCurrentAt", k.last_current_at as "lastCurrentAt",
      k.last_current_at + ${2 * NOTE_EVERY_MS} * interval '1 millisecond' as "mayHaveEncryptedUntil",
      coalesce(s.n, 0)::int as rows
    from payload_key k left join (
      select payload -> '$sealed' ->> 'key' as id, count(*) as n from event where state = 'malformed' group by 1
    ) s on s.id = k.id order by k.first_seen_at, k.id`.execute(q);
  return rows;
}
