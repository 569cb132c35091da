/** Taking events in and handing them on exactly once. Registered as `intake.takeIn`, `intake.claim`, … */
import type { Intake, TakenIn } from './contract.js';
import { claim, finish, newest } from './claim.js';
import type { IntakeDeps } from './deps.js';
import { handOnNew, raiseUnreadable } from './hand-on.js';
import { cursorOf, failReading, feedNamed, readNew, type Round } from './read.js';

export type { FeedSettings, IntakeDeps, MovementToHandOn, Starter, Unreadable, VersionToHandOn } from './deps.js';
export { MOVEMENTS_FEED, PURCHASE_ORDERS_FEED, RETURNS_FEED } from './sources/index.js';

const NOTHING: Round = { read: 0, inserted: 0, malformed: 0, more: false };

/**
 * One round of a feed. What an earlier round left unsaid is handed on even when the source cannot be read. A feed
 * that was not started, or is paused, reads nothing; a paused one still hands on what it had taken in.
 */
const takeIn =
  (deps: IntakeDeps): Intake['takeIn'] =>
  async ({ feed: name }): Promise<TakenIn> => {
    const feed = feedNamed(deps, name);
    const cursor = await cursorOf(deps, feed);
    const idle = cursor.state === 'not-started';
    let round = NOTHING;
    let unread: unknown;
    if (cursor.state === 'running')
      try {
        round = await readNew(deps, feed, cursor);
      } catch (error) {
        unread = error;
      }
    const handed = idle ? { handedOn: 0, failed: undefined } : await handOnNew(deps, feed);
    if (!idle) await raiseUnreadable(deps, feed);
    // Last, and not when the source is away already: nobody waits for it.
    if (cursor.state === 'running' && unread === undefined)
      try {
        await feed.source.follow?.(deps, deps.store.db);
      } catch (error) {
        unread = error;
      }
    const failure = unread ?? handed.failed;
    if (failure !== undefined) return failReading(deps, feed, failure);
    return {
      read: round.read,
      inserted: round.inserted,
      handedOn: handed.handedOn,
      malformed: round.malformed,
      sleepMs: round.more ? Math.min(50, feed.settings.rhythmMs) : feed.settings.rhythmMs,
      paused: cursor.state !== 'running',
    };
  };

/** Builds the intake of the feeds in `deps.feeds`. */
export function createIntakeActivities(deps: IntakeDeps): Intake {
  return { takeIn: takeIn(deps), claim: claim(deps), newest: newest(deps), finish: finish(deps) };
}
