/** Batch cycles: what is queued is posted, with numbers that rise and results that may be ABORTED (facts 3.5). */
import type { z } from 'zod';
import type { BatchStatus } from '../../clients/blue-cherry/schema.js';
import type { Kept } from '../core/index.js';
import type { State, Stored } from './model.js';
import { postOne } from './posting.js';
import { invoiceOrder } from './shipping.js';

type Status = z.infer<typeof BatchStatus>;

/** The cycle that runs, the one that ended last, and whether none begins by itself. */
interface HeldCycles extends Ledger {
  held: boolean;
}

export interface Cycles extends Kept<HeldCycles> {
  /** Starts the clockwork; without it cycles run only when told to. */
  start(): void;
  stop(): void;
  /** Runs a whole cycle now; one that is running ends first. */
  run(): Status;
  /** Aborts the running cycle, or a whole one of its own. Its documents stay QUEUED. */
  abort(): Status;
  /** No cycle begins by itself until released. */
  hold(): Status;
  release(): Status;
  status(): Status;
}

interface Running {
  cycleNo: number;
  startedAt: string;
  /** The queue as it stood when the cycle began. */
  batch: Stored[];
}

/** Posts a batch in an order nobody promises; all documents bear one stamp. */
function postBatch(state: State, running: Running, endedAt: string): void {
  const stamp = { at: endedAt, cycleNo: running.cycleNo };
  const later = state.toInvoice.splice(0);
  for (const stored of state.random.shuffle(running.batch)) postOne(state, stored, stamp);
  for (const orderNo of later) {
    const order = state.orders.get(orderNo);
    if (order !== undefined) invoiceOrder(state, order, state.clock.businessDate(), stamp);
  }
  state.completedNo = running.cycleNo;
  state.stock.publish();
}

/** The cycle that runs and the one that ended last. */
interface Ledger {
  running: Running | null;
  last: Status['lastFinished'];
}

function begin(state: State, ledger: Ledger): void {
  state.cycleNo += 1;
  const batch = [...state.documents.values()].filter((one) => one.wire.status === 'QUEUED');
  ledger.running = { cycleNo: state.cycleNo, startedAt: state.clock.instant(), batch };
  state.keeper.changed();
}

function finish(state: State, ledger: Ledger, aborted: boolean): void {
  if (ledger.running === null) return;
  const { cycleNo, startedAt } = ledger.running;
  const endedAt = state.clock.instant();
  if (!aborted) postBatch(state, ledger.running, endedAt);
  ledger.last = { cycleNo, startedAt, endedAt, result: aborted ? 'ABORTED' : 'COMPLETED' };
  ledger.running = null;
  state.keeper.changed();
}

/** Whether a fault aborts the cycle that is about to end. */
const unlucky = (state: State): boolean =>
  state.faults.take('blue-cherry', 'cycle', {}, ['abort-cycle'], ['abort-cycle']) !== null;

const stopped = (timer: NodeJS.Timeout | null): null => {
  if (timer !== null) clearTimeout(timer);
  return null;
};

/** The cycles of one set of books. */
export function createCycles(state: State): Cycles {
  const ledger: Ledger = { running: null, last: null };
  let timer: NodeJS.Timeout | null = null;
  let ending: NodeJS.Timeout | null = null;
  let held = false;
  let due = performance.now() + state.profile.cycleMs;
  const end = (aborted: boolean): void => {
    stopped(ending);
    finish(state, ledger, aborted);
  };
  const schedule = (): void => {
    stopped(timer);
    due = performance.now() + state.profile.cycleMs;
    timer = setTimeout(tick, state.profile.cycleMs);
  };
  const tick = (): void => {
    schedule();
    if (held) return;
    end(false);
    begin(state, ledger);
    const runs = Math.min(state.profile.cycleRunMs, Math.floor(state.profile.cycleMs / 2));
    ending = setTimeout(() => end(unlucky(state)), runs);
  };
  const status = (): Status => statusOf(state, ledger, due);
  const hold = (on: boolean) => (): Status => {
    held = on;
    state.keeper.changed();
    return status();
  };
  const now = (act: () => void) => (): Status => {
    act();
    if (timer !== null) schedule();
    return status();
  };
  return {
    start: () => {
      schedule();
      // A cycle that was running when the books were last kept ends now, also while no new one may begin.
      if (ledger.running !== null) ending = setTimeout(() => end(false), state.profile.cycleRunMs);
    },
    stop: () => {
      stopped(ending);
      timer = stopped(timer);
    },
    run: now(() => {
      end(false);
      begin(state, ledger);
      end(unlucky(state));
    }),
    abort: now(() => {
      if (ledger.running === null) begin(state, ledger);
      end(true);
    }),
    hold: hold(true),
    release: hold(false),
    status,
    held: () => ({ ...ledger, held }),
    resume: (kept) => void ({ running: ledger.running, last: ledger.last, held } = kept),
  };
}

/** What the interface says about cycles; `nextAt` is measured against the same `now`. */
function statusOf(state: State, { running, last }: Ledger, due: number): Status {
  const now = state.clock.now().getTime();
  const wait = due - performance.now();
  return {
    now: new Date(now).toISOString(),
    state: running === null ? 'IDLE' : 'RUNNING',
    cycleNo: state.cycleNo,
    startedAt: running?.startedAt ?? last?.startedAt ?? null,
    lastFinished: last,
    nextAt: new Date(now + Math.max(0, Math.round(wait > 0 ? wait : state.profile.cycleMs))).toISOString(),
  };
}
