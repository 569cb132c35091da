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
export interface Play<S extends Progress> {
  /** Nothing happens any more; what has happened stays. */
  stop(): void;
  /** When everything planned has happened, or the play was stopped. */
  done: Promise<void>;
  state(): S;
}

/** Plays actions in the order given, each at its moment after the start; `stop` ends it between two of them. */
export function play<S extends object>(actions: readonly Action[], about: S): Play<S & Progress> {
  const progress: Progress = { emitted: 0, state: 'playing' };
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
    const started = performance.now();
    for (const action of actions) {
      const wait = action.atMs - (performance.now() - started);
      if (wait > 0) await rest(wait);
      if (progress.state === 'stopped') return;
      action.run();
      if (action.counts) progress.emitted += 1;
    }
    progress.state = 'played';
  };
  return {
    stop: () => {
      if (progress.state === 'playing') progress.state = 'stopped';
      wake();
    },
    done: run(),
    state: () => ({ ...about, ...progress }),
  };
}
