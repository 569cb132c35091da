/** Nothing is done on a store that was restored, or that nobody watches: every step waits, whichever it is. */
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { waiting } from '../activities/posting/failures.js';
import type { Db } from '../store/database.js';
import { reliance, restoredInWords } from '../store/watch.js';

/** What tells people of it, and what finds it: these go on. */
const GO_ON: ReadonlySet<string> = new Set(['standing.watch', 'standing.notices']);
const RESTORED_LOOK_MS = 3_000;
const UNWATCHED_LOOK_MS = 500;

/** Asks the store before every activity; throws a benign wait while it may not be relied on. */
export const heldWhileDistrusted =
  (db: Db): ActivityInterceptorsFactory =>
  ({ info }) => ({
    inbound: {
      execute: async (input, next) => {
        if (!GO_ON.has(info.activityType)) {
          const now = await reliance(db);
          if (now.state === 'restored') throw waiting('Held', restoredInWords(now.why), RESTORED_LOOK_MS);
          if (now.state === 'unwatched') throw waiting('Held', now.why, UNWATCHED_LOOK_MS);
        }
        return next(input);
      },
    },
  });
