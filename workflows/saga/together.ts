/** The facts of one event, posted together: the second after the first, or alone when the first waits too long. */
import { condition } from '@temporalio/workflow';
import type { Question } from '../../activities/desk/contract.js';
import type { Outcome, PostedStep, Posting } from '../postings.js';
import { isLone, wasStopped } from '../stopped.js';
import { Overtaken } from './questions.js';
import { Cancelled, type Run } from './run.js';

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
  /** Runs from the first posted half until the other is (a half-posted state nobody is asked about); none where each stands alone. */
  halfPosted?: { timer: string; onDue: () => Promise<void> };
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
  const ended: { first?: Outcome; second?: Outcome } = {};
  const noted = (name: 'first' | 'second') => (outcome: Outcome) => {
    run.halfRefused ||= outcome.state === 'declined';
    return (ended[name] = outcome);
  };
  const first = half(run, spec.first.half, async () => {}).then(noted('first'));
  const second = half(run, spec.second.half, () => mayGoAhead(run, spec, ended)).then(noted('second'));
  if (spec.halfPosted !== undefined) void watchHalfPosted(run, spec.halfPosted, ended);
  const result = { first: await first, second: await second };
  run.halfRefused = false;
  run.clocks.end(HALF_POSTED);
  // One that stands alone is shown as such until a person has settled it.
  const lone = spec.halfPosted !== undefined && isLone(Object.values(result));
  run.board.standing[lone ? 'add' : 'delete']('half-posted');
  if (!run.cancelRequested && !wasStopped(run, Object.values(result))) return run.passPivot(result);
  return afterCancel(run, spec, run.passPivot(result));
}

const HALF_POSTED = 'the other half is missing';

/** From the first posted half until the other has ended, the saga is shown half-posted and its clock runs. */
async function watchHalfPosted(
  run: Run,
  { timer, onDue }: NonNullable<Together['halfPosted']>,
  ended: { first?: Outcome; second?: Outcome },
): Promise<void> {
  await condition(() => ended.first?.state === 'posted' || ended.second?.state === 'posted');
  if (ended.first !== undefined && ended.second !== undefined) return;
  run.clocks.startApart(HALF_POSTED, timer, onDue);
  run.board.standing.add('half-posted');
  run.board.show();
}

/** Posts one half. `again` names the person whose decision lets forbidden documents go on. */
async function half(run: Run, spec: Half, release: () => Promise<void>, again?: string): Promise<Outcome> {
  const steps: PostedStep[] = [];
  try {
    let prepared = await spec.prepare();
    if (Array.isArray(prepared)) await release();
    if (!run.halfRefused) prepared = await spec.prepare(); // what people answered since counts
    if (!Array.isArray(prepared)) return { state: 'declined', why: prepared.declined };
    for (const posting of prepared) {
      if (run.posted.some((done) => done.posting.step === posting.step)) continue;
      if (run.halfRefused) return { state: 'forbidden' };
      if (again !== undefined) await run.allowAgain(posting, again);
      const outcome = await run.post(posting);
      if (outcome.state !== 'posted') return outcome;
      steps.push(...outcome.steps);
    }
    return steps.length === 0 ? { state: 'none' } : { state: 'posted', steps };
  } catch (error) {
    if (error instanceof Overtaken) return { state: 'forbidden' };
    throw error;
  }
}

/** Returns when the second half may post: the first has ended, or has waited for a person longer than the release clock. */
async function mayGoAhead(run: Run, spec: Together, ended: { first?: Outcome }): Promise<void> {
  const waits = (): boolean => [...run.questions.waiting].some((q) => spec.first.half.waitsOn?.(q) ?? false);
  const over = (): boolean => ended.first !== undefined || run.overtaken();
  const dueMs = run.policy.timers[spec.release]?.dueMs ?? null;
  while (!over() && dueMs !== null) {
    await condition(() => over() || waits());
    if (over()) return;
    const summary = `${spec.release}: ${spec.second.name} goes ahead when ${spec.first.name} waits this long`;
    if (!(await condition(() => over() || !waits(), dueMs, { summary }))) return;
  }
  await condition(over);
}

/** A cancel request met the pivot: the owner says go on or reverse. Before the pivot it simply ends the saga. */
async function afterCancel(run: Run, spec: Together, both: Both): Promise<Both> {
  const posted = [...run.posted];
  if (posted.length === 0) throw new Cancelled('cancelled before anything was posted');
  const answer = await run.ask(spec.onCancel(posted));
  if (answer.choice === 'reverse') {
    await run.reverse(posted, spec.businessDate, answer.why);
    throw new Cancelled(answer.why);
  }
  const goOn = (spec: Half, outcome: Outcome): Promise<Outcome> =>
    outcome.state === 'forbidden' ? half(run, spec, async () => {}, answer.by) : Promise.resolve(outcome);
  return { first: await goOn(spec.first.half, both.first), second: await goOn(spec.second.half, both.second) };
}
