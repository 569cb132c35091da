/**
 * Hostile files in a process of its own: `hostile-once.js read|show|ack usual|wide [<case> <n>]…` prints a line of figures for
 * each: what was told of it, how far memory grew over the start, and the processor time. `wide` lifts the limits that end
 * a transaction, so that all of a long one is read.
 */
import { acknowledging, outlineLines, outlineOf, read, type Item, type Limits } from '../../edi/index.js';
import { HOSTILE } from './hostile-cases.js';

/** What a run saw. */
export interface HostileFigures {
  readonly name: string;
  readonly n: number;
  readonly items: number;
  /** faults by rule */
  readonly told: Readonly<Record<string, number>>;
  /** characters of the longest sentence */
  readonly longest: number;
  /** of the process, at its largest so far, over its start */
  readonly grownMegabytes: number;
  readonly cpuSeconds: number;
}

type Way = 'read' | 'show' | 'ack';

const ENDLESS = 1e9;
const WIDE: Partial<Limits> = {
  transactionBytes: ENDLESS,
  transactionSegments: ENDLESS,
  transactionElements: ENDLESS,
  transactionLevels: ENDLESS,
};

function looker(way: Way): (item: Item) => void {
  const acks = acknowledging({ interchanges: 'always' });
  return (item) => {
    if (way === 'show')
      for (const line of outlineLines(outlineOf(item))) if (line.text === '') throw new Error('no text');
    if (way === 'ack') acks.add(item);
  };
}

const start = process.resourceUsage().maxRSS;

async function once(name: string, n: number, way: Way, wide: boolean): Promise<HostileFigures> {
  const one = HOSTILE[name];
  if (one === undefined) throw new Error(`there is no case "${name}"`);
  const look = looker(way);
  const told: Record<string, number> = {};
  let [items, longest] = [0, 0];
  const before = process.cpuUsage();
  for await (const item of read(one.make(n), { limits: { ...(wide ? WIDE : {}), ...one.limits } })) {
    items += 1;
    for (const { rule, message } of item.faults) {
      told[rule] = (told[rule] ?? 0) + 1;
      longest = Math.max(longest, message.length);
    }
    look(item);
  }
  const { user, system } = process.cpuUsage(before);
  const grownMegabytes = (process.resourceUsage().maxRSS - start) / 1024;
  return { name, n, items, told, longest, grownMegabytes, cpuSeconds: (user + system) / 1e6 };
}

const [way = 'read', limits, ...cases] = process.argv.slice(2);
for (let at = 0; at + 1 < cases.length; at += 2) {
  const figures = await once(cases[at] ?? '', Number(cases[at + 1]), way as Way, limits === 'wide');
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}
