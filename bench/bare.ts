/** `bare`: what the Temporal server and the SDK give on this machine, without anything of ours. */
import { connectTemporal } from '../clients/temporal/index.js';
import { BENCH_NAMESPACE, makeGround, stubWorkerOn, temporalOn } from './ground.js';
import { inFlight, quantile } from './measure.js';
import { ms, print, printTable } from './report.js';
import { runStub } from './stubs.js';

const WARM_UPS = 50;
const WIDTHS = [1, 16, 64] as const;
/** Each width is measured so long; what is on its way then still ends and counts. */
const LASTS_MS = 10_000;

/** Prints throughput and latency at 1, 16 and 64 in flight; nothing of it is held to a floor. */
export async function bare(): Promise<number> {
  const ground = makeGround();
  try {
    const { address } = await temporalOn(ground);
    await stubWorkerOn(ground, address);
    const { client, close } = await connectTemporal({ address, namespace: BENCH_NAMESPACE });
    try {
      await inFlight({ count: WARM_UPS, width: 8, mostMs: LASTS_MS }, () => runStub(client, 'threeActivities', 3));
      print('A workflow of three activities that do nothing; server, worker and starter are processes of their own.');
      const rows: string[][] = [];
      let alone = Number.NaN;
      for (const width of WIDTHS) {
        const timed = await inFlight({ count: Infinity, width, mostMs: LASTS_MS }, () =>
          runStub(client, 'threeActivities', 3),
        );
        const { wallMs, eachMs } = timed;
        const rate = (eachMs.length * 1000) / wallMs;
        if (width === 1) alone = rate;
        const times = [quantile(eachMs, 0.5), quantile(eachMs, 0.95)].map(ms);
        rows.push([String(width), String(eachMs.length), rate.toFixed(1), ...times, `${(rate / alone).toFixed(2)} ×`]);
      }
      printTable(['in flight', 'workflows', 'per second', 'p50', 'p95', 'rate against 1 in flight'], rows);
      return 0;
    } finally {
      await close();
    }
  } finally {
    await ground.clear();
  }
}
