/**
 * `npm run bench -- edi-hostile`: how the time of hostile files grows with their size. Each runs at n, 2n and 4n in processes
 * of their own, without the limits that would end a long transaction; processor time may grow no faster than n to the 1.4.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { HOSTILE } from './edi/hostile-cases.js';
import type { HostileCase } from './edi/hostile-make.js';
import type { HostileFigures } from './edi/hostile-once.js';
import { wholeOption } from './options.js';
import { floor, judge, printTable, type Floor } from './report.js';

/** The smallest n; large enough that starting up is not what is measured. */
const SIZES: Readonly<Record<HostileCase['counts'], number>> = {
  bytes: 8e6,
  segments: 50_000,
  interchanges: 4000,
  groups: 50_000,
  transactions: 20_000,
  levels: 20_000,
  chunks: 400_000,
  times: 1e6,
};
/** Of twice as much, at most two to this. Sweeping a larger heap costs some of it; what is quadratic has 2. */
const MOST = 1.4;
/** Less processor time than this says nothing. */
const LEAST_SECONDS = 0.15;

async function secondsOf(name: string, n: number): Promise<number> {
  const program = join(import.meta.dirname, 'edi', 'hostile-once.js');
  const args = ['--max-old-space-size=8192', program, 'read', 'wide', name, String(n)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return (JSON.parse(stdout) as HostileFigures).cpuSeconds;
}

/** Runs the benchmark; `--scale n` makes every file n times as large. */
export async function ediHostile(args: string[]): Promise<number> {
  const scale = wholeOption(args, 'scale', 1);
  const rows: string[][] = [];
  const floors: Floor[] = [];
  for (const [name, { counts }] of Object.entries(HOSTILE)) {
    const n = SIZES[counts] * scale;
    const [one, two, four] = [await secondsOf(name, n), await secondsOf(name, 2 * n), await secondsOf(name, 4 * n)];
    const exponent = Math.log(four / one) / Math.log(4);
    const enough = four >= LEAST_SECONDS;
    const shown = enough ? exponent.toFixed(2) : '–';
    rows.push([name, counts, String(n), one.toFixed(2), two.toFixed(2), four.toFixed(2), shown]);
    floors.push(floor(!enough || exponent <= MOST, `${name}: n to the ${shown}, at most ${MOST}`));
  }
  printTable(['file', 'of', 'n', 's at n', 's at 2n', 's at 4n', 'exponent'], rows);
  return judge(floors);
}
