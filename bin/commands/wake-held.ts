/** What a confirmed mapping set free goes on at once; whom no signal reaches, the desk's sweep wakes (design.md 6). */
import { releaseCause } from '../../activities/desk/causes.js';
import { causeIsGone, type Cause } from '../../store/mapping-causes.js';
import { sagaDoor } from '../../workers/sagas.js';
import { counted } from '../../views/format.js';
import type { Access } from './access.js';

export interface Woken {
  /** Workflow ids, in the order they were told. */
  released: string[];
  /** Causes whose sagas could not all be told now. */
  notReached: string[];
}

/** Releases what each cause held as far as it has gone, oldest business date first, and tells the sagas. */
export async function wakeHeld(access: Access, solved: readonly Cause[], by: string): Promise<Woken> {
  const woken: Woken = { released: [], notReached: [] };
  for (const cause of solved) {
    try {
      const sagas = sagaDoor(await access.temporal());
      woken.released.push(...(await releaseCause({ db: access.db, isSolved: causeIsGone, sagas }, cause, by)));
    } catch {
      // The row is confirmed whatever happens here, and the sweep releases what it sets free within a minute.
      woken.notReached.push(cause.cause);
    }
  }
  return woken;
}

export const wokenText = ({ released, notReached }: Woken): string =>
  [
    released.length === 0
      ? 'Nothing was held for want of it.'
      : `${counted(released.length, 'held saga')} ${released.length === 1 ? 'goes' : 'go'} on, oldest business date first.`,
    ...notReached.map((cause) => `Not all held for ${cause} could be told now; the sweep tells them within a minute.`),
  ].join('\n');
