/** The facts of one event, posted together: the second after the first, or alone when the first waits too long. */
import { condition } from '@temporalio/workflow';
import type { Question } from '../../activities/desk/contract.js';
import type { Outcome, PostedStep, Posting } from './posting.js';
import { Overtaken } from './questions.js';
import { Ended, type Run } from './run.js';

export interface Half {
  /** Settles what a person or a mapping must settle first, then answers the documents; `declined` ends this half only. */
  prepare: () => Promise<Posting[] | { declined: string }>;
  /** Names of the questions that mean "the first half waits for a person". */
  waitsOn?: (question: string) => boolean;
}

export interface Together {
  first: { name: string; half: Half };
  second: { name: string; half: Half };
  /** The clock that lets the second go ahead of a first that waits for a person. */
  release: string;
  /** Runs from the first posted half until the other is (a half-posted state nobody is asked about). */
  halfPosted: { timer: string; onDue: () => Promise<void> };
  /** What is asked when a cancel request comes after the pivot. */
  onCancel: (posted: readonly PostedStep[]) => Question;
  businessDate: string;
}
export interface Both {
  first: Outcome;
  second: Outcome;
}

/**
 * Posts two halves. A refusal ends that half only; the other is then forbidden if it has not left, waited for if it
 * is on its way. From the first posted document (the pivot) a cancel request asks the owner; nothing posted is undone
 * by itself. Answers how each half ended; the saga asks about a lone one.
 */
export async function together(run: Run, spec: Together): Promise<Both> {
  const state: { first?: Outcome; second?: Outcome } = {};
  const oneRefused = (): boolean => state.first?.state === 'declined' || state.second?.state === 'declined';

  const first = half(
    run,
    spec.first.half,
    () => Promise.resolve(),
    () => state.second?.state === 'declined',
  );
  const second = half(
    run,
    spec.second.half,
    () => mayGoAhead(run, spec, state),
    () => oneRefused(),
  );
  const watch = async (): Promise<void> => {
    await condition(() => [state.first, state.second].some((o) => o?.state === 'posted'));
    run.startClock(
      `${spec.first.name} or ${spec.second.name} still missing`,
      spec.halfPosted.timer,
      (level) =>
        level === 'due' && run.questions.waiting.size === 0 ? spec.halfPosted.onDue() : Promise.resolve(),
    );
    run.board.standing.add('half-posted');
    run.board.show();
  };
  void watch();
  [state.first, state.second] = await Promise.all([
    first.then((outcome) => (state.first = outcome)),
    second.then((outcome) => (state.second = outcome)),
  ]);
  run.endClock(`${spec.first.name} or ${spec.second.name} still missing`);
  run.board.standing.delete('half-posted');
  const both = { first: state.first, second: state.second };
  return run.cancelRequested ? afterCancel(run, spec, both) : both;
}

async function half(
  run: Run,
  spec: Half,
  release: () => Promise<void>,
  stopped: () => boolean,
): Promise<Outcome> {
  try {
    const prepared = await spec.prepare();
    if (!Array.isArray(prepared)) return { state: 'declined', why: prepared.declined };
    if (prepared.length === 0) return { state: 'none' };
    await release();
    const steps: PostedStep[] = [];
    for (const posting of prepared) {
      if (stopped() && steps.length === 0) return { state: 'forbidden' };
      const outcome = await run.post(posting);
      if (outcome.state === 'posted') steps.push(...outcome.steps);
      else return steps.length > 0 ? { state: 'posted', steps } : outcome;
    }
    return { state: 'posted', steps };
  } catch (error) {
    if (error instanceof Overtaken) return { state: 'forbidden' };
    throw error;
  }
}

/** Returns when the second half may post: the first has ended, or has waited for a person longer than the release clock. */
async function mayGoAhead(run: Run, spec: Together, state: { first?: Outcome }): Promise<void> {
  const waits = (): boolean => [...run.questions.waiting].some((q) => spec.first.half.waitsOn?.(q) ?? false);
  const dueMs = run.policy.timers[spec.release]?.dueMs ?? null;
  for (;;) {
    await condition(() => state.first !== undefined || run.overtaken() || (dueMs !== null && waits()));
    if (state.first !== undefined || run.overtaken() || dueMs === null) return;
    const settled = await condition(() => state.first !== undefined || run.overtaken() || !waits(), dueMs, {
      summary: `${spec.release}: ${spec.second.name} goes ahead when ${spec.first.name} waits this long`,
    });
    if (!settled) return;
  }
}

/** A cancel request met the pivot: the owner says go on or reverse. Before the pivot it simply ends the saga. */
async function afterCancel(run: Run, spec: Together, both: Both): Promise<Both> {
  const posted = [...run.posted];
  run.cancelRequested = false;
  if (posted.length === 0) throw new Ended('cancelled', 'cancelled before anything was posted');
  const answer = await run.ask(spec.onCancel(posted));
  if (answer.choice === 'reverse') {
    await run.reverse(posted, spec.businessDate, answer.why);
    throw new Ended('cancelled', answer.why);
  }
  return {
    first: await goOn(run, spec.first.half, both.first, answer.by),
    second: await goOn(run, spec.second.half, both.second, answer.by),
  };
}

async function goOn(run: Run, spec: Half, outcome: Outcome, by: string): Promise<Outcome> {
  if (outcome.state !== 'forbidden') return outcome;
  const prepared = await spec.prepare();
  if (!Array.isArray(prepared)) return { state: 'declined', why: prepared.declined };
  const done = new Set(run.posted.map((p) => p.posting.step));
  const steps: PostedStep[] = [];
  for (const posting of prepared.filter((p) => !done.has(p.step))) {
    await run.allowAgain(posting, by);
    const next = await run.post(posting);
    if (next.state !== 'posted') return next;
    steps.push(...next.steps);
  }
  return { state: 'posted', steps };
}
