/** `saga-overhead`: what the kit costs over the same steps without it, and what a whole return costs over bare steps. */
import type { Client } from '@temporalio/client';
import { connectTemporal } from '../clients/temporal/index.js';
import { BENCH_NAMESPACE, makeGround, stubWorkerOn, temporalOn } from './ground.js';
import { wholeOption } from './options.js';
import { abba, inFlight, median, sumOf, withSpread } from './measure.js';
import { processorMs } from './processes.js';
import { floor, judge, print, printTable, type Floor } from './report.js';
import { eventsOf, runStub } from './stubs.js';
import { wholeReturn } from './whole-return.js';

/** Steps between the claim and the finish. */
const STEPS = 10;
const WARM_UPS = 40;
const WARM_MS = 10_000;
const WIDTH = 4;
/** Floors of design.md 6 and 11. */
const MOST_TIME = 1.1;
const EVENTS_FIXED = 5;
const EVENTS_PER_STEP = 7.5;

/** Rounds in ABBA order, and workflows in each block of them. */
interface Size {
  rounds: number;
  block: number;
}

/** Answers 1 when a floor is broken. */
export async function sagaOverhead(args: string[]): Promise<number> {
  const size = { rounds: wholeOption(args, 'rounds', 24), block: wholeOption(args, 'block', 8) };
  const floors = await kitOverPlain(size);
  await wholeReturn({ rounds: Math.ceil(size.rounds / 6), block: size.block });
  return judge(floors);
}

async function kitOverPlain(size: Size): Promise<Floor[]> {
  const ground = makeGround();
  try {
    const server = await temporalOn(ground);
    const { address } = server;
    const worker = await stubWorkerOn(ground, address);
    const { client, close } = await connectTemporal({ address, namespace: BENCH_NAMESPACE });
    try {
      await inFlight({ count: WARM_UPS, width: WIDTH, mostMs: WARM_MS }, () => runStub(client, 'plainSteps', STEPS));
      await inFlight({ count: WARM_UPS, width: WIDTH, mostMs: WARM_MS }, () => runStub(client, 'kitSteps', STEPS));
      return [await events(client), await times(client, size, [server.child.pid, worker.pid])];
    } finally {
      await close();
    }
  } finally {
    await ground.clear();
  }
}

/** N counts the stub steps alone: the claim and the finish, which both sides have, come out of the fixed allowance. */
async function events(client: Client): Promise<Floor> {
  const [plain, kit] = await Promise.all(
    (['plainSteps', 'kitSteps'] as const).map(async (type) => eventsOf(client, await runStub(client, type, STEPS))),
  );
  const kinds = [...new Set([...(plain?.keys() ?? []), ...(kit?.keys() ?? [])])].sort();
  const count = (of: Map<string, number> | undefined): number => [...(of?.values() ?? [])].reduce((a, b) => a + b, 0);
  print(`History of ${STEPS} stub steps between a claim and a finish`);
  printTable(
    ['event', 'without the kit', 'with the kit'],
    [
      ...kinds.map((kind) => [kind, String(plain?.get(kind) ?? 0), String(kit?.get(kind) ?? 0)]),
      ['all', String(count(plain)), String(count(kit))],
    ],
  );
  const most = EVENTS_FIXED + EVENTS_PER_STEP * STEPS;
  const seen = count(kit);
  return floor(seen <= most, `${seen} history events over N = ${STEPS} steps, at most 5 + 7.5 N = ${most}`);
}

async function times(client: Client, { rounds, block: count }: Size, pids: readonly number[]): Promise<Floor> {
  const processor = { plainSteps: 0, kitSteps: 0 };
  const block = (type: keyof typeof processor) => async (): Promise<number> => {
    const before = sumOf(pids.map(processorMs));
    const { wallMs } = await inFlight({ count, width: WIDTH }, () => runStub(client, type, STEPS));
    processor[type] += sumOf(pids.map(processorMs)) - before;
    return wallMs / count;
  };
  const { a, b, ratios } = await abba(rounds, block('plainSteps'), block('kitSteps'));
  const each = (total: number): string => (total / (2 * rounds * count)).toFixed(1);
  const { plainSteps, kitSteps } = processor;
  print(`${rounds} rounds in ABBA order, blocks of ${count} workflows, ${WIDTH} in flight: median (range)`);
  printTable(
    ['', 'ms a workflow', 'ratio', 'processor ms', 'ratio'],
    [
      ['without the kit', withSpread(a, 1), '1.00', each(plainSteps), '1.00'],
      ['with the kit', withSpread(b, 1), withSpread(ratios), each(kitSteps), (kitSteps / plainSteps).toFixed(2)],
    ],
  );
  const ratio = median(ratios);
  return floor(
    ratio <= MOST_TIME,
    `time ${ratio.toFixed(3)} × of the same workflow without the kit, at most ${MOST_TIME}`,
  );
}
