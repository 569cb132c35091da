/** Wraps a body into a saga: claim first, finish last, nothing undone by itself after the pivot (design.md 4, 6). */
import { allHandlersFinished, CancellationScope, CancelledFailure, condition, setHandler } from '@temporalio/workflow';
import type { Claim, ObjectKey } from '../../activities/intake/contract.js';
import { announced, newest } from '../announced.js';
import { parseInput, type Definition } from '../definition.js';
import { goodsMoved, progress, versionArrived } from '../messages.js';
import { intake, tell } from '../systems.js';
import { Overtaken } from './questions.js';
import { Cancelled, CAPTURED, Declined, Run } from './run.js';

/** What a saga has claimed; `D` is what its object is read as. */
export type Mine<D = unknown> = Extract<Claim<D>, { state: 'mine' }>;
type Body<D, R> = (run: Run, mine: Mine<D>) => Promise<R>;
/** What every saga ends with besides its own result. */
export type Ending<R> = R | { outcome: 'declined' | 'cancelled' | 'handled-elsewhere'; why: string };

/** Makes a workflow from a definition and a body. The body runs once per version of its object. */
export function saga<I, D, R extends object>(
  definition: Definition<I>,
  body: Body<D, R>,
): (input: I) => Promise<Ending<R>> {
  return (raw) => {
    const input = parseInput(definition, raw);
    const object = definition.object(input);
    const run = new Run(definition.process, object.source, object.key);
    run.questions.install();
    setHandler(progress, () => run.board.progress(), { description: 'Where the saga stands' });
    setHandler(goodsMoved, () => undefined);
    setHandler(versionArrived, ({ version }) => announced(run, object, version));
    CancellationScope.current().cancelRequested.catch(() => (run.cancelRequested = true));
    return CancellationScope.nonCancellable(() => live(definition, body, run, object, definition.version(input)));
  };
}

async function live<I, D, R extends object>(
  definition: Definition<I>,
  body: Body<D, R>,
  run: Run,
  object: ObjectKey,
  version: number,
): Promise<Ending<R>> {
  const claimed = await claim(definition, run, object, version);
  if (claimed.state === 'finished') return claimed.result as Ending<R>;
  if (claimed.state === 'other') return { outcome: 'handled-elsewhere', why: `handled by ${claimed.workflowId}` };
  run.clocks.startApart(CAPTURED, definition.captured.timer, () => stuck(definition, run));
  for (let mine = claimed as Mine<D>; ; mine = { ...mine, ...((await newest(object)) as typeof mine) }) {
    // A version was announced that nobody has: what there is goes on.
    if (mine.version === run.version) run.newerVersion = mine.version;
    run.version = mine.version;
    const result = await attempt(definition, body, run, mine);
    if (result === undefined || !(await finish(run, object, result))) continue;
    await condition(allHandlersFinished);
    if (run.cancelled) throw new CancelledFailure('cancelled before anything was posted');
    return result;
  }
}

/** Late with nobody asked: a system does not answer. It goes on retrying; somebody should look. */
async function stuck<I>(definition: Definition<I>, run: Run): Promise<void> {
  run.board.standing.add('stuck');
  run.board.show();
  await definition.captured.onDue(run);
}

/** One pass of the body over one version; undefined when a later version overtook it. */
async function attempt<I, D, R extends object>(
  definition: Definition<I>,
  body: Body<D, R>,
  run: Run,
  mine: Mine<D>,
): Promise<Ending<R> | undefined> {
  run.cancelled = false;
  try {
    const result = await body(run, mine);
    if (run.board.status === 'running') run.board.status = 'completed';
    return result;
  } catch (error) {
    if (error instanceof Overtaken && run.newerVersion > run.version) return undefined;
    const ended = error instanceof Overtaken ? new Cancelled('cancelled on request') : error;
    if (!(ended instanceof Declined || ended instanceof Cancelled)) throw error;
    const [outcome, why] = [ended instanceof Declined ? 'declined' : 'cancelled', ended.message] as const;
    run.cancelled = outcome === 'cancelled' && run.posted.length === 0;
    await run.undoPrepared();
    await definition.giveBack(run, why);
    run.board.status = outcome;
    return { outcome, why };
  }
}

async function claim<I>(
  { absent }: Definition<I>,
  run: Run,
  object: ObjectKey,
  version: number,
): Promise<Exclude<Claim, { state: 'absent' }>> {
  const what = `${object.kind} ${object.key}`;
  let missed = false;
  for (;;) {
    const claimed = await tell(`Take in ${what}`, intake.claim, { ...object, workflowId: run.workflowId, version });
    if (claimed.state === 'mine' || claimed.state === 'absent') run.effective = claimed.policy;
    if (claimed.state !== 'absent') {
      run.clocks.end(`${what} awaited`);
      if (missed) await absent.onCome(run);
      return claimed;
    }
    if (run.cancelRequested) throw new CancelledFailure(`cancelled before ${what} came`);
    run.board.stage(`waits for ${what}`);
    run.clocks.start(`${what} awaited`, absent.timer, async (level) => {
      if ((missed = level === 'due')) await absent.onDue(run);
    });
    const seen = run.newerVersion;
    const summary = `Look again for ${what}`;
    await condition(() => run.newerVersion !== seen || run.cancelRequested, absent.everyMs, { summary });
  }
}

async function finish(run: Run, object: ObjectKey, result: object): Promise<boolean> {
  const { workflowId, version } = run;
  const finished = { ...object, workflowId, version, result, clocks: run.clocks.close() };
  const done = await tell(`Finish ${object.kind} ${object.key}`, intake.finish, finished);
  if (!done.done) run.newerVersion = Math.max(run.newerVersion, done.newer);
  run.board.over(done.done ? null : done.newer);
  return done.done;
}
