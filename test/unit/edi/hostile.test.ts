/**
 * Files that nobody means well with: each gets a clear fault, and memory stays within 64 MB over the start of a process
 * that reads nothing else. Usually at sizes that take seconds; `SELVEDGE_EDI_HOSTILE=full` is a gigabyte, a million
 * segments and so on, a process for each. How time grows is the business of `npm run bench -- edi-hostile`.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { HOSTILE } from '../../../bench/edi/hostile-cases.js';
import type { HostileCase } from '../../../bench/edi/hostile-make.js';
import { compiled } from './compiled.js';

interface Figures {
  readonly name: string;
  readonly items: number;
  readonly told: Readonly<Record<string, number>>;
  readonly longest: number;
  readonly grownMegabytes: number;
}

const FULL = process.env['SELVEDGE_EDI_HOSTILE'] === 'full';
type Sizes = Readonly<Record<HostileCase['counts'], number>>;
const WHOLE: Sizes = {
  bytes: 1e9,
  segments: 1e6,
  interchanges: 1e5,
  groups: 1e6,
  transactions: 1e6,
  levels: 1e5,
  chunks: 1e7,
  times: 1e6,
};
const SMALL: Sizes = {
  bytes: 3e6,
  segments: 2e4,
  interchanges: 1000,
  groups: 4000,
  transactions: 2000,
  levels: 25_000,
  chunks: 5e4,
  times: 1e5,
};
/** How many there are of what a case counts. */
const SIZES = FULL ? WHOLE : SMALL;
const sizeOf = ({ counts, most = Infinity }: HostileCase, sizes: Sizes): number => Math.min(sizes[counts], most);

/** Sentences quote what they found, but not a megabyte of it. */
const LONGEST_SENTENCE = 420;
const MOST_MEGABYTES = 64;

const names = Object.keys(HOSTILE);
/** What is read in pieces and forgotten can share a process, since all of it together stays small. */
const light = ([name, { most, limits }]: [string, HostileCase]): boolean =>
  !name.startsWith('more ') && most === undefined && limits === undefined;
const figures = new Map<string, Figures>();
let child = { dir: '', remove: (): void => undefined };

beforeAll(async () => {
  child = compiled('edi', 'bench/edi');
  const entries = Object.entries(HOSTILE);
  const alone = entries.filter((one) => FULL || !light(one)).map(([name]) => [name]);
  const together = Object.keys(SIZES)
    .map((kind) => entries.filter((one) => light(one) && one[1].counts === kind).map(([name]) => name))
    .filter((some) => some.length > 0);
  const waiting = FULL ? alone : [...together, ...alone];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      for (const one of await run('read', next)) {
        figures.set(one.name, one);
        if (FULL) process.stdout.write(`${JSON.stringify(one)}\n`);
      }
  };
  await Promise.all([lane(), lane()]);
}, 3_600_000);
afterAll(() => child.remove());

/** A process for these cases, one after the other. */
async function run(way: 'read' | 'show' | 'ack', of: readonly string[], sizes = SIZES, share = 1): Promise<Figures[]> {
  const cases = of.flatMap((name) => [name, String(Math.ceil(share * sizeOf(HOSTILE[name] as HostileCase, sizes)))]);
  const program = join(child.dir, 'bench', 'edi', 'hostile-once.js');
  const { stdout } = await promisify(execFile)(process.execPath, [program, way, 'usual', ...cases]);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Figures);
}

describe('hostile files', () => {
  test.each(names)('%s', (name) => {
    const seen = figures.get(name);
    const told = Object.keys(seen?.told ?? {});
    const wanted = HOSTILE[name]?.told ?? ['?'];
    expect(seen?.items).toBeGreaterThan(0);
    expect(told).toEqual(wanted.length === 0 ? [] : expect.arrayContaining([...wanted]));
    expect(seen?.longest).toBeLessThan(LONGEST_SENTENCE);
    expect(seen?.grownMegabytes).toBeLessThan(MOST_MEGABYTES);
  });

  test.each(['show', 'ack'] as const)('%s: nothing breaks on any of them', async (way) => {
    const seen = await run(way, names, SMALL, 0.1);
    expect(seen.map(({ name }) => name)).toEqual(names);
  });
});
