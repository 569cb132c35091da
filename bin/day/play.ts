/** Plays a trading day through the running stack and waits until the books agree with the sandbox's reckoning. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Db } from '../../store/database.js';
import { balance, type Balance, type Evidence } from './balance.js';
import type { ResetOptions, SandboxControl } from './control.js';
import { gather } from './evidence.js';
import { progress } from './progress.js';

const LOOK_EVERY_MS = 700;
/** The books must agree this long: what is wrongly posted a moment later would be missed otherwise. */
const STEADY_MS = 3000;
/** A day has ended without balancing when nothing has changed for so long. */
const STALLED_MS = 60_000;

export interface DayEnd {
  evidence: Evidence;
  balance: Balance;
  /** Why the waiting ended. */
  end: 'balanced' | 'stalled' | 'deadline' | 'stopped';
  tookMs: number;
}

export interface PlayOptions extends ResetOptions {
  sandbox: SandboxControl;
  db: Db;
  deadlineMs: number;
  stopped: () => boolean;
}

const Played = z.object({ state: z.string(), planned: z.number(), emitted: z.number() });
type Played = z.infer<typeof Played>;

/** Whether the sandbox has emitted everything it planned. */
async function scenario(sandbox: SandboxControl): Promise<Played> {
  const play = Played.nullable().parse(await sandbox.get('/_sandbox/play'));
  return play ?? { state: 'played', planned: 0, emitted: 0 };
}

export async function playDay(options: PlayOptions): Promise<DayEnd> {
  const { sandbox, db, deadlineMs, stopped, ...reset } = options;
  const began = Date.now();
  await sandbox.reset(reset);
  return settleDay({ sandbox, db, deadlineMs, stopped, began });
}

export interface SettleOptions {
  sandbox: SandboxControl;
  db: Db;
  deadlineMs: number;
  stopped: () => boolean;
  began: number;
}

interface Look {
  day: Played;
  evidence: Evidence;
  found: Balance;
}

async function lookOnce(sandbox: SandboxControl, db: Db): Promise<Look> {
  const day = await scenario(sandbox);
  const evidence = await gather(db, sandbox);
  return { day, evidence, found: balance(evidence) };
}

/** Looks until it succeeds: a server that is being started again is no reason to give the day up. */
async function patientLook({ sandbox, db, stopped }: SettleOptions, say: (words: string) => void): Promise<Look> {
  const began = Date.now();
  for (;;) {
    try {
      return await lookOnce(sandbox, db);
    } catch (error) {
      if (stopped() || Date.now() - began > STALLED_MS) throw error;
      say(`waiting for a server to come back (${error instanceof Error ? error.message : String(error)})`);
      await sleep(LOOK_EVERY_MS);
    }
  }
}

/** Waits until everything emitted has come out as reckoned and stays so, or nothing moves any more. */
export async function settleDay(options: SettleOptions): Promise<DayEnd> {
  const { deadlineMs, stopped, began } = options;
  const line = progress();
  let steadySince: number | null = null;
  let moved = Date.now();
  let signature = '';
  try {
    for (;;) {
      const { day, evidence, found } = await patientLook(options, line.show);
      const now = Date.now();
      const sign = `${day.emitted} ${found.right} ${evidence.documents.length} ${evidence.cases.length}`;
      if (sign !== signature) [signature, moved] = [sign, now];
      const agrees = found.balanced && day.state !== 'playing';
      steadySince = agrees ? (steadySince ?? now) : null;
      line.show(words(day, evidence, found, now - began));
      const finish = (end: DayEnd['end']): DayEnd => ({ evidence, balance: found, end, tookMs: now - began });
      if (steadySince !== null && now - steadySince >= STEADY_MS) return finish('balanced');
      if (stopped()) return finish('stopped');
      if (now - began > deadlineMs) return finish('deadline');
      if (now - moved > STALLED_MS) return finish('stalled');
      await sleep(LOOK_EVERY_MS);
    }
  } finally {
    line.end();
  }
}

function words(day: Played, evidence: Evidence, found: Balance, elapsedMs: number): string {
  const posted = evidence.documents.filter((d) => d.status === 'POSTED' && evidence.owners.has(d.externalRef ?? ''));
  return (
    `${Math.round(elapsedMs / 1000)} s: ${day.emitted} of ${day.planned} events arrived, ` +
    `${posted.length} documents posted, ${evidence.cases.length} cases open, ` +
    `${found.right} of ${found.events} as reckoned`
  );
}
