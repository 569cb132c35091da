/** The whole return saga with store and sandbox at zero delay, against bare steps of the same number; its parts. */
import type { Client } from '@temporalio/client';
import { connectTemporal, startReturn } from '../clients/temporal/index.js';
import { BENCH_NAMESPACE, makeGround, stubWorkerOn } from './ground.js';
import { abba, inFlight, sumOf, withSpread } from './measure.js';
import { partsOf, type Parts } from './parts.js';
import { ms, percent, print, printTable } from './report.js';
import { oneReturn, startInstallation, type Installation } from './stack.js';
import { runStub } from './stubs.js';

/** Claim, sold, facts, credit memo, adjustment, finish: a return's activities, less the two that the stub has too. */
const BARE_STEPS = 4;
const WARM_UPS = 10;
/** As fast as the sandbox can: a cycle follows upon the other. */
const NO_DELAY = { cycleMs: 20, cycleRunMs: 0 };

/** Prints the ratio and the share of each part; no floor is set for it. */
export async function wholeReturn(size: { rounds: number; block: number }): Promise<void> {
  const ground = makeGround();
  try {
    const installation = await startInstallation(ground, NO_DELAY);
    try {
      await stubWorkerOn(ground, installation.temporal);
      const bench = await connectTemporal({ address: installation.temporal, namespace: BENCH_NAMESPACE });
      try {
        await measure(installation, bench.client, size);
      } finally {
        await bench.close();
      }
    } finally {
      await installation.stop();
    }
  } finally {
    await ground.clear();
  }
}

async function measure(
  installation: Installation,
  bench: Client,
  { rounds, block: count }: { rounds: number; block: number },
): Promise<void> {
  const finished: string[] = [];
  const returned = async (): Promise<number> => {
    const numbers: string[] = [];
    for (let made = 0; made < count; made += 1) numbers.push(await oneReturn(installation));
    const { wallMs } = await inFlight({ count, width: 1 }, async (index) => {
      const saga = await startReturn(installation.client, { source: 'archean', returnNo: numbers[index] ?? '' });
      const ended = await saga.result();
      if (ended.outcome !== 'posted') throw new Error(`${saga.workflowId} ended ${ended.outcome}, not posted`);
      finished.push(saga.workflowId);
    });
    return wallMs / count;
  };
  const bare = async (): Promise<number> =>
    (await inFlight({ count, width: 1 }, () => runStub(bench, 'plainSteps', BARE_STEPS))).wallMs / count;
  await inFlight({ count: WARM_UPS, width: 1 }, () => runStub(bench, 'plainSteps', BARE_STEPS));
  await returned();
  finished.length = 0;
  const { a, b, ratios } = await abba(rounds, bare, returned);
  print(
    `A whole return, one at a time, sandbox and cycles at zero delay, ${rounds} rounds in ABBA order: median (range)`,
  );
  printTable(
    ['', 'ms', 'ratio'],
    [
      [`${BARE_STEPS + 2} bare activities in a row`, withSpread(a, 1), '1.00'],
      ['a return, credited and restocked', withSpread(b, 1), withSpread(ratios)],
    ],
  );
  printParts(await partsOf(installation.client, finished), finished.length);
}

/** Halves run side by side, so that the parts together are longer than the return. */
function printParts(parts: Parts, returns: number): void {
  const all = sumOf([...parts.values()]);
  print('Where the time of a return goes (its halves run side by side: shares are of all parts together)');
  const rows = [...parts].sort(([, x], [, y]) => y - x);
  printTable(
    ['part', 'time a return', 'share'],
    rows.map(([name, time]) => [name, ms(time / returns), percent(time / all)]),
  );
}
