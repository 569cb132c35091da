import { NOT_KEPT, type Keeper } from '../core/index.js';

/** Plays planned actions at their moments. */
export interface Action {
  atMs: number;
  run(): void;
  /** Counts as one planned event. */
  counts: boolean;
}

/** How far a play has come. */
export interface Progress {
  /** Events that have happened so far. */
  emitted: number;
  state: 'playing' | 'played' | 'stopped';
}
/** How far a play has come, so that it can go on in another process. */
export interface Position extends Progress {
  /** Actions there are, and of these how many have happened. */
  actions: number;
  done: number;
}
export interface Play<S extends Progress> {
  /** Nothing happens any more; what has happened stays. */
  stop(): void;
  /** When everything planned has happened, or the play was stopped. */
  done: Promise<void>;
  state(): S;
  position(): Position;
}

export interface PlayOptions {
  keeper?: Keeper | undefined;
  /** Where an earlier process was with the same actions. */
  from?: Position | undefined;
}

/**
 * Plays actions in the order given, each at its moment after the start; `stop` ends it between two of them. Going on
 * `from` a position leaves the gaps between the actions as they were. RangeError: the position is of other actions.
 */
export function play<S extends object>(
  actions: readonly Action[],
  about: S,
  { keeper = NOT_KEPT, from }: PlayOptions = {},
): Play<S & Progress> {
  if (from !== undefined && from.actions !== actions.length)
    throw new RangeError(`the play that was kept has ${from.actions} actions, this one has ${actions.length}`);
  const progress: Progress = { emitted: from?.emitted ?? 0, state: from?.state ?? 'playing' };
  let done = from?.done ?? 0;
  let wake: () => void = () => undefined;
  const rest = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async (): Promise<void> => {
    const started = performance.now() - (actions[done - 1]?.atMs ?? 0);
    if (progress.state !== 'playing') return;
    for (const action of actions.slice(done)) {
      const wait = action.atMs - (performance.now() - started);
      if (wait > 0) await rest(wait);
      if (progress.state !== 'playing') return;
      action.run();
      done += 1;
      if (action.counts) progress.emitted += 1;
      keeper.changed();
    }
    progress.state = 'played';
    keeper.changed();
  };
  return {
    stop: () => {
      if (progress.state === 'playing') progress.state = 'stopped';
      wake();
    },
    done: run(),
    state: () => ({ ...about, ...progress }),
    position: () => ({ ...progress, actions: actions.length, done }),
  };
}
