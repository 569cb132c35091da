/** How far each feed has read, and the four things a person does with one: start, pause, resume, replay. */
import { sql } from 'kysely';
import { appendAudit } from './audit.js';
import type { Db, Queryable } from './database.js';
import { insertEvents, type NewEvent } from './inbox.js';
import type { Sealing } from './sealed.js';

export interface Feed {
  feed: string;
  /** The source's seq that everything up to has been read. */
  position: number;
  state: 'not-started' | 'running' | 'paused';
  startedFrom: number | null;
  lastReadOkAt: string | null;
  lastNewAt: string | null;
  rhythmMs: number;
  silentAfterMs: number;
  lastError: string | null;
}

/** A person asked for something a feed cannot do; the message says what can be done. */
export class FeedRefused extends Error {}

/** Makes sure a feed exists, not started, and that its rhythm is the configured one. */
export async function registerFeed(
  q: Queryable,
  feed: string,
  rhythm: { rhythmMs: number; silentAfterMs: number },
): Promise<void> {
  const values = { rhythm_ms: rhythm.rhythmMs, silent_after_ms: rhythm.silentAfterMs };
  await sql`
    insert into feed_cursor (feed, rhythm_ms, silent_after_ms)
    values (${feed}, ${values.rhythm_ms}, ${values.silent_after_ms})
    on conflict (feed) do update set rhythm_ms = excluded.rhythm_ms, silent_after_ms = excluded.silent_after_ms
    where (feed_cursor.rhythm_ms, feed_cursor.silent_after_ms)
      is distinct from (excluded.rhythm_ms, excluded.silent_after_ms)`.execute(q);
}

const toFeed = (row: {
  feed: string;
  position: string;
  state: Feed['state'];
  started_from: string | null;
  last_read_ok_at: string | null;
  last_new_at: string | null;
  rhythm_ms: number;
  silent_after_ms: number;
  last_error: string | null;
}): Feed => ({
  feed: row.feed,
  position: Number(row.position),
  state: row.state,
  startedFrom: row.started_from === null ? null : Number(row.started_from),
  lastReadOkAt: row.last_read_ok_at,
  lastNewAt: row.last_new_at,
  rhythmMs: row.rhythm_ms,
  silentAfterMs: row.silent_after_ms,
  lastError: row.last_error,
});

export async function readFeed(q: Queryable, feed: string): Promise<Feed | undefined> {
  const row = await q.selectFrom('feed_cursor').selectAll().where('feed', '=', feed).executeTakeFirst();
  return row && toFeed(row);
}

export async function listFeeds(q: Queryable): Promise<Feed[]> {
  return (await q.selectFrom('feed_cursor').selectAll().orderBy('feed').execute()).map(toFeed);
}

/** Locks a feed's row. @throws FeedRefused naming the feeds there are when it does not exist. */
async function lockFeed(tx: Queryable, feed: string): Promise<Feed> {
  const row = await tx.selectFrom('feed_cursor').selectAll().where('feed', '=', feed).forUpdate().executeTakeFirst();
  if (row !== undefined) return toFeed(row);
  const known = (await listFeeds(tx)).map((f) => f.feed);
  throw new FeedRefused(`there is no feed "${feed}"; the feeds are ${known.join(', ') || 'not registered yet'}`);
}

function checkPoint(from: number): void {
  if (!Number.isSafeInteger(from) || from < 0)
    throw new FeedRefused(`a feed starts from a sequence number of its source, 0 or higher, not from ${from}`);
}

/** `proven`: a person, by key. `system`: a program, as the start of a development installation. */
interface Operator {
  id: string;
  identity: 'proven' | 'system';
}

/** Changes one feed under its lock, with an audit row. */
function operate(
  db: Db,
  feed: string,
  by: Operator,
  action: string,
  change: (now: Feed) => Partial<{ position: string; state: Feed['state']; started_from: string; started_by: string }>,
): Promise<Feed> {
  return db.transaction().execute(async (tx) => {
    const now = await lockFeed(tx, feed);
    const changes = change(now);
    const started = action === 'start-feed' ? { started_at: sql<string>`clock_timestamp()` } : {};
    const row = await tx
      .updateTable('feed_cursor')
      .set({ ...changes, ...started })
      .where('feed', '=', feed)
      .returningAll()
      .executeTakeFirstOrThrow();
    await appendAudit(tx, {
      actor: by.id,
      identity: by.identity,
      action,
      subject: `feed/${feed}`,
      why: '',
      detail: { from: now.position, changes },
    });
    return toFeed(row);
  });
}

/**
 * Starts a feed from a stated point: what the source numbered `from` or lower never posts.
 * @throws FeedRefused when it was started before.
 */
export const startFeed = (
  db: Db,
  feed: string,
  from: number,
  by: string,
  identity: Operator['identity'] = 'system',
): Promise<Feed> =>
  operate(db, feed, { id: by, identity }, 'start-feed', (now) => {
    checkPoint(from);
    if (now.state !== 'not-started')
      throw new FeedRefused(
        `feed "${feed}" was started from ${now.startedFrom ?? 0} and is ${now.state}; use replay to read again`,
      );
    return { state: 'running', position: String(from), started_from: String(from), started_by: by };
  });

/** @throws FeedRefused when it is not running. */
export const pauseFeed = (db: Db, feed: string, by: string, identity: Operator['identity'] = 'system'): Promise<Feed> =>
  operate(db, feed, { id: by, identity }, 'pause-feed', (now) => {
    if (now.state !== 'running') throw new FeedRefused(`feed "${feed}" is ${now.state}, so it cannot be paused`);
    return { state: 'paused' };
  });

/** @throws FeedRefused when it is not paused. */
export const resumeFeed = (
  db: Db,
  feed: string,
  by: string,
  identity: Operator['identity'] = 'system',
): Promise<Feed> =>
  operate(db, feed, { id: by, identity }, 'resume-feed', (now) => {
    if (now.state !== 'paused') throw new FeedRefused(`feed "${feed}" is ${now.state}, so it cannot be resumed`);
    return { state: 'running' };
  });

/**
 * Reads again from a point that was read before. What the inbox holds stays as it is; only what it missed comes in.
 * @throws FeedRefused for a point before the start or ahead of the cursor (that would skip rows).
 */
export const replayFeed = (
  db: Db,
  feed: string,
  from: number,
  by: string,
  identity: Operator['identity'] = 'system',
): Promise<Feed> =>
  operate(db, feed, { id: by, identity }, 'replay-feed', (now) => {
    checkPoint(from);
    const start = now.startedFrom;
    if (start === null) throw new FeedRefused(`feed "${feed}" was never started; start it from a stated point`);
    if (from < start || from > now.position)
      throw new FeedRefused(
        `feed "${feed}" can be replayed from ${start} (where it was started) to ${now.position} (where it is), not from ${from}`,
      );
    return { position: String(from) };
  });

/**
 * One page of a feed in one transaction: the unseen rows, their wishes and the cursor, moved only when it still stands
 * at `expected`. `moved: false` (another reader was faster, or a person changed the feed) means nothing was written.
 * `keep`: what else of the rows, seen before or not, is kept in the same transaction.
 */
export function takePage(
  db: Db,
  feed: string,
  page: {
    expected: number;
    position: number;
    rows: readonly NewEvent[];
    /** Seals rows that nobody can read. */
    sealing?: Sealing | null;
    keep?: ((tx: Queryable, rows: readonly NewEvent[]) => Promise<void>) | undefined;
  },
): Promise<{ moved: boolean; inserted: NewEvent[] }> {
  return db.transaction().execute(async (tx) => {
    const now = await lockFeed(tx, feed);
    if (now.state !== 'running' || now.position !== page.expected) return { moved: false, inserted: [] };
    const inserted = await insertEvents(tx, page.rows, page.sealing);
    await page.keep?.(tx, page.rows);
    await sql`
      update feed_cursor
      set position = ${String(Math.max(page.position, now.position))}::bigint,
          last_read_ok_at = clock_timestamp(),
          last_new_at = case when ${inserted.length > 0} then clock_timestamp() else last_new_at end,
          last_error = null
      where feed = ${feed}`.execute(tx);
    return { moved: true, inserted };
  });
}

/** Keeps why a feed could not be read or handed on. It does not count as a reading: silence goes on growing. */
export async function noteFeedError(q: Queryable, feed: string, error: string): Promise<void> {
  await q
    .updateTable('feed_cursor')
    .set({ last_error: error.slice(0, 500), last_error_at: sql<string>`clock_timestamp()` })
    .where('feed', '=', feed)
    .execute();
}

/** Running feeds that nobody has read successfully for longer than they may be silent: the data of X-58. */
export async function silentFeeds(q: Queryable, now: Date): Promise<(Feed & { silentMs: number })[]> {
  const rows = await q.selectFrom('feed_cursor').selectAll().where('state', '=', 'running').execute();
  return rows.flatMap((row) => {
    const last = row.last_read_ok_at ?? row.started_at;
    const silentMs = last === null ? 0 : now.getTime() - Date.parse(last);
    return silentMs > row.silent_after_ms ? [{ ...toFeed(row), silentMs }] : [];
  });
}
