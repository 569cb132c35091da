/** Plays planned actions at their moments. */
export interface Action {
  atMs: number;
  run(): void;
  /** Counts as one planned event. */
  counts: boolean;
}

/** Plays actions in the order given, each at its moment after the start; `stop` ends it between two of them. */
export function play(actions: readonly Action[], onEmitted: () => void): { stop(): void; done: Promise<void> } {
  let stopped = false;
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
      if (stopped) return;
      action.run();
      if (action.counts) onEmitted();
    }
  };
  return {
    stop: () => {
      stopped = true;
      wake();
    },
    done: run(),
  };
}
