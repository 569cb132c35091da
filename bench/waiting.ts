/** `waiting`: what returns that wait for the ERP's cycle cost it in reads, and a worker in memory. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { z } from 'zod';
import { makeGround } from './ground.js';
import { inFlight } from './measure.js';
import { wholeOption } from './options.js';
import { residentMb } from './processes.js';
import { floor, judge, print, printTable, seconds, type Floor } from './report.js';
import { changedSince, readsOf, type Reads } from './reads.js';
import { oneReturn, startInstallation, type Installation } from './stack.js';
import { CACHED_SAGAS } from '../workers/queues.js';

const RETURNS = 2000;
/** Each return posts a credit memo and a stock adjustment; the second half waits until the first is posted. */
const MOST_WAITING_MS = 20 * 60_000;
const MOST_MB = 700;
const PAGE = 200;
const EMITTERS = 8;
/** Cycles run only when told to; the clock shows the next one this far ahead. */
const PROFILE = { cycleMs: 15_000, cycleRunMs: 0 };
/** What the ERP does, cycle after cycle: everything waits through three aborted ones, is posted, and is looked at twice more. */
const CYCLES = ['abort', 'abort', 'abort', 'run', 'abort', 'abort'] as const;

/** Answers 1 when a cycle cost more than its pages, or the worker more memory than it may. */
export async function waiting(args: string[]): Promise<number> {
  const returns = wholeOption(args, 'returns', RETURNS);
  const ground = makeGround();
  try {
    const installation = await startInstallation(ground, PROFILE);
    try {
      return judge(await measure(installation, returns));
    } finally {
      await installation.stop();
    }
  } finally {
    await ground.clear();
  }
}

async function measure(on: Installation, returns: number): Promise<Floor[]> {
  await on.cycle('hold');
  const began = performance.now();
  await inFlight({ count: returns, width: EMITTERS }, () => oneReturn(on));
  await on.startFeeds();
  await untilWaiting(on, returns);
  const memory = residentMb(on.workerPid);
  const open = await openSagas(on);
  print(
    `${open} returns wait for posting after ${seconds(performance.now() - began)}; ${CACHED_SAGAS} sagas are cached at most`,
  );
  print(`The worker holds ${memory.now.toFixed(0)} MB, at most ${memory.most.toFixed(0)} MB so far`);
  print();
  const cycles: Cycle[] = [];
  for (const what of CYCLES) cycles.push(await oneCycle(on, what, cycles.at(-1)?.startedAt));
  printTable(
    ['cycle', 'documents changed in two cycles', 'pages', 'at most', 'other reads', 'batch clock', 'daily check'],
    cycles.map(({ name, changed, most, reads }) =>
      [name, changed, reads.pages, most, reads.others.length, reads.clock, reads.daily].map(String),
    ),
  );
  const after = residentMb(on.workerPid);
  print(`The worker holds ${after.now.toFixed(0)} MB, at most ${after.most.toFixed(0)} MB in all`);
  return [
    floor(open >= returns, `${open} returns waited, ${returns} were meant to`),
    ...cycles.map(({ name, most, reads }) =>
      floor(
        reads.pages <= most && reads.others.length === 0,
        `cycle ${name}: ${reads.pages} listing pages, at most ${most}; other reads: ${reads.others.join(', ') || 'none'}`,
      ),
    ),
    floor(after.most < MOST_MB, `worker at most ${after.most.toFixed(0)} MB, under ${MOST_MB} MB`),
  ];
}

interface Cycle {
  name: string;
  startedAt: string;
  changed: number;
  most: number;
  reads: Reads;
}

const Status = z.object({ cycleNo: z.number(), startedAt: z.string() });

/**
 * Runs or aborts a cycle and counts what was read until it has been listed. `since`: when the cycle before began. What
 * we read ourselves is not counted.
 */
async function oneCycle(on: Installation, what: 'run' | 'abort', since?: string): Promise<Cycle> {
  const before = await readsOf(on.sandbox, 0);
  const { cycleNo, startedAt } = Status.parse(await on.cycle(what));
  await listed(on, cycleNo);
  const reads = await readsOf(on.sandbox, before.calls);
  // Before the first there was none: it counts as one cycle's length ago.
  const from = since ?? new Date(Date.parse(startedAt) - PROFILE.cycleMs).toISOString();
  const changed = await changedSince(on.erp, from);
  return { name: `${cycleNo} (${what})`, startedAt, changed, most: Math.ceil(changed / PAGE) + 1, reads };
}

/** Waits until settle has listed a cycle and every return has taken in what that brought. */
async function listed(on: Installation, cycleNo: number): Promise<void> {
  await until('settle has listed the cycle', async () => {
    const { rows } = await sql<{ listed_cycle: number | null }>`select listed_cycle from call_tenant`.execute(
      on.store.db,
    );
    return (rows[0]?.listed_cycle ?? -1) >= cycleNo;
  });
  await sleep(1000);
}

/** Postings that the ERP has taken and not posted: one of each return. */
async function untilWaiting(on: Installation, returns: number): Promise<void> {
  await until(`${returns} returns wait for posting`, async () => {
    const { rows } = await sql<{ count: string }>`
      select count(*) as count from posting where state = 'accepted'`.execute(on.store.db);
    return Number(rows[0]?.count ?? 0) >= returns;
  });
}

async function openSagas({ client }: Installation): Promise<number> {
  const { count } = await client.workflow.count('WorkflowType="returnToStock" AND ExecutionStatus="Running"');
  return count;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + MOST_WAITING_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${MOST_WAITING_MS / 60_000} minutes: ${what}`);
    await sleep(500);
  }
}
