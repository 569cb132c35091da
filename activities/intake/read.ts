/** Reading a feed: pages from the cursor less its overlap, each taken in by one transaction (design: from event to saga). */
import { ApplicationFailure } from '@temporalio/common';
import { ArcheanFailure } from '../../clients/archean/client.js';
import { noteFeedError, readFeed, registerFeed, takePage, type Feed } from '../../store/feeds.js';
import type { FeedSettings, IntakeDeps } from './deps.js';
import { troubleOf } from '../archean/trouble.js';
import { SOURCES, type FeedSource } from './sources/index.js';

/** Pages of one round: a backlog of a long outage is read in rounds, so that each stays short. */
const MOST_PAGES = 50;

export interface Round {
  read: number;
  inserted: number;
  malformed: number;
  /** There is more than this round took. */
  more: boolean;
}

export interface KnownFeed {
  name: string;
  settings: FeedSettings;
  source: FeedSource;
}

/** @throws ApplicationFailure InvalidInput for a feed that is not configured. */
export function feedNamed(deps: IntakeDeps, name: string): KnownFeed {
  const source = SOURCES[name];
  const settings = deps.feeds[name];
  if (source !== undefined && settings !== undefined) return { name, settings, source };
  throw ApplicationFailure.nonRetryable(
    `there is no feed "${name}"; the feeds are ${Object.keys(SOURCES).join(', ')}`,
    'InvalidInput',
  );
}

/** The feed's cursor; registers it first, so that it can be listed and started. */
export async function cursorOf(deps: IntakeDeps, feed: KnownFeed): Promise<Feed> {
  await registerFeed(deps.store.db, feed.name, feed.settings);
  const cursor = await readFeed(deps.store.db, feed.name);
  if (cursor === undefined) throw new Error(`feed ${feed.name} was not registered`);
  return cursor;
}

/**
 * Reads what is new, page by page. A page whose cursor another reader has moved meanwhile is dropped whole: that
 * reader has taken it in. Rows at or before the point the feed was started from are never taken.
 * @throws ArcheanFailure when the source could not be read; what was taken in before stays.
 */
export async function readNew(deps: IntakeDeps, feed: KnownFeed, cursor: Feed): Promise<Round> {
  const floor = cursor.startedFrom ?? 0;
  const now = deps.now?.() ?? new Date();
  const round: Round = { read: 0, inserted: 0, malformed: 0, more: false };
  let expected = cursor.position;
  let after = Math.max(cursor.position - feed.settings.overlapSeq, floor);
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await feed.source.page(deps, after, feed.settings.pageSize);
    const events = page.rows.map((raw) => feed.source.event(raw, deps.policy.zone, now));
    const wanted = events.filter((event) => event.seq > floor || event.state === 'malformed');
    const rows = (await feed.source.news?.(deps.store.db, wanted)) ?? wanted;
    const position = Math.max(expected, page.lastSeq);
    const { db, sealing } = deps.store;
    const taken = await takePage(db, feed.name, { expected, position, rows, sealing, keep: feed.source.keep });
    if (!taken.moved) return { ...round, more: true };
    round.read += page.rows.length;
    round.inserted += taken.inserted.length;
    round.malformed += taken.inserted.filter((event) => event.state === 'malformed').length;
    expected = position;
    if (!page.hasMore || page.lastSeq <= after) return round;
    after = page.lastSeq;
  }
  return { ...round, more: true };
}

/** Keeps why a feed could not be read, then fails as trouble: "could not read" is never "nothing new". */
export async function failReading(deps: IntakeDeps, feed: KnownFeed, error: unknown): Promise<never> {
  const message = error instanceof Error ? error.message : String(error);
  await noteFeedError(deps.store.db, feed.name, message);
  throw error instanceof ArcheanFailure ? troubleOf(error, feed.settings.rhythmMs) : error;
}
