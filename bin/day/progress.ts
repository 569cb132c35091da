/** The progress line while a day runs: one live line on a terminal, a plain line now and then elsewhere. */
const PLAIN_EVERY_MS = 5000;

export interface Progress {
  show: (words: string) => void;
  /** Ends the live line, so that what follows starts on a line of its own. */
  end(): void;
}

export function progress(stream: NodeJS.WriteStream = process.stderr): Progress {
  let last = 0;
  let previous = '';
  let open = false;
  return {
    show: (words) => {
      if (stream.isTTY) {
        stream.write(`\r\u001b[K${words.slice(0, Math.max(20, stream.columns - 1))}`);
        open = true;
        return;
      }
      if (words === previous || Date.now() - last < PLAIN_EVERY_MS) return;
      last = Date.now();
      previous = words;
      stream.write(`${words}\n`);
    },
    end: () => {
      if (open) stream.write('\n');
      open = false;
    },
  };
}
