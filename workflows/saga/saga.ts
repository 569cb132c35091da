/** Wraps a body into a saga: claim first, finish last, nothing undone by itself after the pivot (design.md 4, 6). */
import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  setHandler,
} from '@temporalio/workflow';
import type { z } from 'zod';
import type { Claim, ObjectKey } from '../../activities/intake/contract.js';
import { goodsMoved, progress, versionArrived } from '../messages.js';
import { intake, tell } from '../systems.js';
import { Overtaken } from './questions.js';
import { CAPTURED, Ended, Run } from './run.js';

export type Mine = Extract<Claim, { state: 'mine' }>;
/** What every saga ends with besides its own result. */
export type Ending<R> = R | { outcome: 'declined' | 'cancelled' | 'handled-elsewhere'; why: string };

interface Definition<I> {
  process: string;
  input: z.ZodType<I>;
  object: (input: I) => ObjectKey;
  /** Lowest version this workflow handles. */
  version: (input: I) => number;
  /** Clock from capture to the first posting, the time people take apart. */
  captured: { timer: string; onDue: (run: Run) => Promise<void> };
  /** Clock and action while only a movement is known and its document is not. */
  absent: { timer: string; everyMs: number; onDue: (run: Run) => Promise<void> };
  /** Gives claims back when the saga ends without posting. */
  giveBack: (run: Run, why: string) => Promise<unknown>;
}

/** Makes a workflow from a definition and a body. The body runs once per version of its object. */
export function saga<I, R extends object>(
  definition: Definition<I>,
  body: (run: Run, mine: Mine) => Promise<R>,
): (input: I) => Promise<Ending<R>> {
  return async (raw) => {
    const input = parse(definition, raw);
    const object = definition.object(input);
    const run = new Run(definition.process, object.source, object.key);
    install(run);
    const root = CancellationScope.current();
    root.cancelRequested.catch(() => (run.cancelRequested = true));
    return CancellationScope.nonCancellable(() => live(definition, body, run, object, definition.version(input)));
  };
}

async function live<I, R extends object>(
  definition: Definition<I>,
  body: (run: Run, mine: Mine) => Promise<R>,
  run: Run,
  object: ObjectKey,
  version: number,
): Promise<Ending<R>> {
  const claimed = await claim(definition, run, object, version);
  if (claimed.state === 'finished') return claimed.result as Ending<R>;
  if (claimed.state === 'other') return { outcome: 'handled-elsewhere', why: `handled by ${claimed.workflowId}` };
  let mine: Mine = claimed;
  run.clocks.start(CAPTURED, definition.captured.timer, (level) =>
    level === 'due' && run.questions.someoneIsAsked() ? Promise.resolve() : stuck(run, definition),
  );
  for (;;) {
    run.version = mine.version;
    const result = await attempt(definition, body, run, mine);
    if (result !== undefined && (await finish(run, object, result))) {
      await condition(allHandlersFinished);
      if (run.cancelled) throw new CancelledFailure('cancelled before anything was posted');
      return result;
    }
    const newest = await run.newest(object);
    mine = { ...mine, ...newest };
  }
}

/** Late with nobody asked: a system does not answer. It goes on retrying; somebody should look. */
async function stuck<I>(run: Run, definition: Definition<I>): Promise<void> {
  run.board.standing.add('stuck');
  run.board.show();
  await definition.captured.onDue(run);
}

/** One pass of the body over one version; undefined when a later version overtook it. */
async function attempt<I, R extends object>(
  definition: Definition<I>,
  body: (run: Run, mine: Mine) => Promise<R>,
  run: Run,
  mine: Mine,
): Promise<Ending<R> | undefined> {
  try {
    const result = await body(run, mine);
    if (run.board.status === 'running') run.board.status = 'completed';
    return result;
  } catch (error) {
    if (error instanceof Overtaken && run.newerVersion > run.version) return undefined;
    const ended = error instanceof Overtaken ? new Ended('cancelled', 'cancelled on request') : error;
    if (!(ended instanceof Ended)) throw error;
    run.cancelled = ended.outcome === 'cancelled' && run.posted.length === 0;
    await run.undoPrepared();
    await definition.giveBack(run, ended.why);
    run.board.status = ended.outcome;
    return { outcome: ended.outcome, why: ended.why };
  }
}

async function claim<I>(
  definition: Definition<I>,
  run: Run,
  object: ObjectKey,
  version: number,
): Promise<Exclude<Claim, { state: 'absent' }>> {
  const { absent } = definition;
  for (;;) {
    const taken = { ...object, workflowId: run.workflowId, version };
    const claimed = await tell(`Take in ${object.kind} ${object.key}`, intake.claim, taken);
    if (claimed.state === 'mine' || claimed.state === 'absent') run.effective = claimed.policy;
    if (claimed.state !== 'absent') return claimed;
    run.board.stage(`waits for ${object.kind} ${object.key}`);
    if (
      run.clocks.start('document awaited', absent.timer, (level) =>
        level === 'due' ? absent.onDue(run) : Promise.resolve(),
      )
    ) {
    }
    const seen = run.newerVersion;
    await condition(() => run.newerVersion !== seen || run.cancelRequested, absent.everyMs, {
      summary: `Look again for ${object.kind} ${object.key}`,
    });
  }
}

async function finish(run: Run, object: ObjectKey, result: object): Promise<boolean> {
  const { workflowId, version } = run;
  const clocks = run.clocks.close();
  const finished = { ...object, workflowId, version, result, clocks };
  const done = await tell(`Finish ${object.kind} ${object.key}`, intake.finish, finished);
  run.board.stage(done.done ? 'finished' : `version ${String(done.newer)} arrived`);
  return done.done;
}

function install(run: Run): void {
  run.questions.install();
  setHandler(progress, () => run.board.progress(), { description: 'Where the saga stands' });
  setHandler(versionArrived, ({ version }) => {
    run.newerVersion = Math.max(run.newerVersion, version);
  });
  setHandler(goodsMoved, () => undefined);
}

function parse<I>(definition: Definition<I>, raw: unknown): I {
  const parsed = definition.input.safeParse(raw);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((i) => `${i.path.join('.') || 'input'}: ${i.message}`).join('; ');
  throw ApplicationFailure.nonRetryable(`${definition.process} cannot start: ${faults}`, 'InvalidInput');
}
