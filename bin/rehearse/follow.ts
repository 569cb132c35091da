/** Waits until every return of the rehearsal has come to rest, with a line of progress meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Db } from '../../store/database.js';
import type { SandboxControl } from '../day/control.js';
import { progress } from '../day/progress.js';
import { hasComeToRest, standings, unsettled, type Standing } from './outcomes.js';

const LOOK_EVERY_MS = 1_500;
/** Everything must be at rest this long: what is wrongly posted or asked a moment later would be missed otherwise. */
const STEADY_MS = 6_000;
/** A rehearsal has ended without coming to rest when nothing has changed for so long. */
const STALLED_MS = 180_000;

export interface Followed {
  standings: Standing[];
  end: 'at rest' | 'stalled' | 'deadline' | 'stopped';
}

export interface FollowOptions {
  db: Db;
  sandbox: SandboxControl;
  began: number;
  deadlineMs: number;
  stopped: () => boolean;
}

const Played = z.object({ state: z.string(), returns: z.number() });

/** Follows the play until nothing more will happen by itself, or it stalls, or its time is over. */
export async function follow({ db, sandbox, began, deadlineMs, stopped }: FollowOptions): Promise<Followed> {
  const line = progress();
  let steadySince: number | null = null;
  let moved = Date.now();
  let signature = '';
  try {
    for (;;) {
      const play = Played.parse(await sandbox.get('/_sandbox/play'));
      const [all, open] = await Promise.all([standings(db), unsettled(db)]);
      const now = Date.now();
      const finished = all.filter((each) => each.finished !== null).length;
      const resting = all.filter(hasComeToRest).length;
      const sign = `${all.length} ${finished} ${resting} ${open}`;
      if (sign !== signature) [signature, moved] = [sign, now];
      const atRest = play.state !== 'playing' && all.length >= play.returns && resting === all.length && open === 0;
      steadySince = atRest ? (steadySince ?? now) : null;
      line.show(
        `${Math.round((now - began) / 1000)} s: ${all.length} of ${play.returns} returns arrived, ${finished} finished, ` +
          `${resting - finished} wait for somebody, ${all.length - resting} on their way`,
      );
      if (steadySince !== null && now - steadySince >= STEADY_MS) return { standings: all, end: 'at rest' };
      if (stopped()) return { standings: all, end: 'stopped' };
      if (now - began > deadlineMs) return { standings: all, end: 'deadline' };
      if (now - moved > STALLED_MS) return { standings: all, end: 'stalled' };
      await sleep(LOOK_EVERY_MS);
    }
  } finally {
    line.end();
  }
}
