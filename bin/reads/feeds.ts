/** Feeds with the age of their last good reading: "no data" is never shown as healthy. */
import type { Queryable } from '../../store/database.js';
import { listFeeds, silentFeeds, type Feed } from '../../store/feeds.js';

export interface FeedState extends Feed {
  /** Since the last good reading; null when there was none. */
  ageMs: number | null;
  /** Running, and not read for longer than it may be silent. */
  silent: boolean;
}

export async function feedStates(q: Queryable, now: Date): Promise<FeedState[]> {
  const silent = new Set((await silentFeeds(q, now)).map((feed) => feed.feed));
  return (await listFeeds(q)).map((feed) => ({
    ...feed,
    ageMs: feed.lastReadOkAt === null ? null : Math.max(0, now.getTime() - Date.parse(feed.lastReadOkAt)),
    silent: silent.has(feed.feed),
  }));
}
