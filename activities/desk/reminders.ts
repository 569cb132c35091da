/** One round over the clocks of cases: starts them, ends them, tells what has come. Safe to run twice or beside itself. */
import { timerOf } from '../../domain/case-clocks.js';
import { clocksDue, clocksToStart, endCaseClocks, ringCaseClock, startCaseClock } from '../../store/case-clocks.js';
import type { DeskDeps } from './deps.js';
import type { RoundDone } from './sweep.js';

/** Clocks started, and told, in one round; what is left comes at once in the next. */
const MOST = 500;
const SOON_MS = 100;

/** Reminds of and escalates every open case of any code (T-35, T-36). */
export async function remindOfCases(deps: DeskDeps): Promise<RoundDone> {
  const ended = await endCaseClocks(deps.db);
  const starting = await clocksToStart(deps.db, MOST);
  for (const clock of starting)
    await startCaseClock(deps.db, clock, deps.due(timerOf(clock.timer, clock.severity), clock.startedAt));
  const told = { warning: 0, due: 0 };
  const due = await clocksDue(deps.db, MOST);
  for (const ring of due) {
    const level = await ringCaseClock(deps.db, ring);
    if (level !== null) told[level] += 1;
  }
  const more = starting.length === MOST || due.length === MOST;
  return {
    note: `${starting.length} clocks started, ${ended} ended, ${told.warning} reminders, ${told.due} escalations`,
    sleepMs: more ? SOON_MS : deps.sweepMs,
  };
}
