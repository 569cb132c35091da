/** The round that watches the store: what Temporal has seen of it is compared with what it says of itself. */
import { z } from 'zod';
import type { Store } from '../../store/database.js';
import { takeBeat, type Mark } from '../../store/watch.js';
import type { RoundDone, Standing } from '../standing/contract.js';

export interface WatchDeps {
  store: Store;
  /** How often it is compared, and how long the answer may be relied on. Milliseconds. */
  everyMs: number;
  leaseMs: number;
  /** Opens the case that tells people; again for the same store changes nothing. */
  raise: (restored: { why: string; restoredTo: string }) => Promise<void>;
}

/** As it comes back from Temporal; anything else is a programming error and stops the round. */
const Seen = z.custom<Mark>((value) => typeof (value as Mark | null)?.beat === 'string').nullable();

/** One comparison. The mark is what the round remembers; a store that is held leaves it where it was. */
export const watchRound =
  ({ store, everyMs, leaseMs, raise }: WatchDeps): Standing['watch'] =>
  async (remembered): Promise<RoundDone> => {
    const last = Seen.parse(remembered ?? null);
    const beat = await takeBeat(store.db, last, leaseMs);
    if (beat.state === 'good') return { note: `beat ${beat.mark.beat}`, sleepMs: everyMs, remember: beat.mark };
    await raise(beat);
    return { note: `HELD, the store was restored: ${beat.why}`, sleepMs: everyMs, remember: last };
  };
