/** Feeds as people read them. */
import type { FeedState } from '../reads/feeds.js';
import { table } from '../output.js';
import { at, lasting, short } from '../../views/format.js';

/** How a feed stands, in words. */
export function standing(feed: FeedState): string {
  if (feed.state === 'not-started') return 'never started: it reads nothing';
  if (feed.state === 'paused') return 'paused by a person: it reads nothing';
  if (feed.silent) return `SILENT for longer than ${lasting(feed.silentAfterMs)}`;
  return feed.ageMs === null ? 'started, not read yet' : 'reads';
}

const lastRead = (feed: FeedState): string => (feed.ageMs === null ? 'never' : `${lasting(feed.ageMs)} ago`);

export function feedsText(feeds: readonly FeedState[], zone: string): string {
  if (feeds.length === 0) return 'No feed is registered: start the workers, or run "npm start".';
  const rows = feeds.map((feed) => [
    feed.feed,
    standing(feed),
    lastRead(feed),
    at(feed.lastNewAt, zone),
    feed.position,
    short(feed.lastError ?? '', 80),
  ]);
  return table(['feed', 'how it stands', 'last good reading', `last news (${zone})`, 'read up to', 'last error'], rows);
}

export const feedText = (feed: FeedState, zone: string): string =>
  [
    `${feed.feed}: ${standing(feed)}`,
    `  last good reading  ${at(feed.lastReadOkAt, zone)} (${lastRead(feed)})`,
    `  last news          ${at(feed.lastNewAt, zone)}`,
    `  read up to         number ${feed.position} of its source`,
    `  started from       ${feed.startedFrom === null ? 'never started' : `number ${feed.startedFrom}; nothing before it posts`}`,
    `  rhythm             every ${lasting(feed.rhythmMs)}, an alarm after ${lasting(feed.silentAfterMs)} without a good reading`,
    ...(feed.lastError === null ? [] : [`  last error         ${feed.lastError}`]),
    `Times are ${zone}.`,
  ].join('\n');
