/**
 * `npm run bench -- edi`: reading X12 into typed, validated documents, against the two readers of the registry, which do
 * less: they cut segments and validate nothing. Each run is a process of its own; A, B, B, A within a round.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KINDS, writeCorpus, type Kind } from './edi/corpus.js';
import type { Figures } from './edi/once.js';
import { abba, median, withSpread } from './measure.js';
import { wholeOption } from './options.js';
import { floor, judge, print, printTable, type Floor } from './report.js';

const SEED = 20_260_301;
/** Megabytes of the small files, and of the file that is read before what is measured: by then V8 has compiled what it will. */
const SMALL_MB = 8;

/** Runs one contender over a file; null when it ran out of memory or broke. */
function once(contender: string, file: string, warm?: string): Promise<Figures | null> {
  const program = join(import.meta.dirname, 'edi', 'once.js');
  const child = spawn(
    process.execPath,
    ['--max-old-space-size=8192', program, contender, file, ...(warm === undefined ? [] : [warm])],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((done) => {
    child.once('close', (code) => {
      if (code !== 0)
        print(`  ${contender}: ${err.split('\n').find((line) => /error|heap/i.test(line)) ?? `ended with ${code}`}`);
      done(code === 0 ? (JSON.parse(out) as Figures) : null);
    });
  });
}

const rate = (figures: Figures | null): number =>
  figures === null ? Number.NaN : figures.megabytes / figures.cpuSeconds;

const RIVALS = [
  { rival: 'node-x12', least: 5, aim: 12 },
  { rival: 'x12-parser', least: 2, aim: 5 },
] as const;

/** Ratio of our rate to a rival's over a file, and its row; a process reads `warm` first, if it is given. */
async function compare(what: string, rival: string, file: string, rounds: number, warm?: string): Promise<Compared> {
  const { a, b } = await abba(
    rounds,
    async () => rate(await once(rival, file, warm)),
    async () => rate(await once('ours', file, warm)),
  );
  const ratio = median(b) / median(a);
  return { ratio, row: [`${what}, ${rival}`, withSpread(a, 1), withSpread(b, 1), `${ratio.toFixed(1)} ×`] };
}

interface Compared {
  readonly ratio: number;
  readonly row: string[];
}

interface Reading {
  readonly kind: Kind;
  readonly small: string;
  readonly large: string;
  readonly largeMb: number;
  readonly warm: string;
  readonly rounds: number;
}

/** Both sizes against both rivals; and, without a floor, what a process reads first, when nothing is compiled yet. */
async function reading({ kind, small, large, largeMb, warm, rounds }: Reading, rows: string[][]): Promise<Floor[]> {
  const floors: Floor[] = [];
  for (const { rival, least, aim } of RIVALS) {
    const cold = await compare(`${kind}, ${SMALL_MB} MB, the first of a process`, rival, small, rounds);
    rows.push([...cold.row, '']);
    for (const [megabytes, file] of [
      [SMALL_MB, small],
      [largeMb, large],
    ] as const) {
      // Eighty megabytes take the first minutes and gigabytes: once is enough to see it.
      const times = megabytes > 20 ? 1 : rounds;
      const { ratio, row } = await compare(`${kind}, ${megabytes} MB`, rival, file, times, warm);
      rows.push([...row, `${aim} ×`]);
      const told = `${kind}, ${megabytes} MB: ${ratio.toFixed(1)} times ${rival}, at least ${least}`;
      floors.push(floor(Number.isNaN(ratio) || ratio >= least, told));
    }
  }
  return floors;
}

async function memoryAndFirst(dir: string, kind: Kind, small: string): Promise<Floor[]> {
  const large = join(dir, `${kind}-200.edi`);
  writeCorpus(large, kind, 200e6, SEED);
  const [of8, of200] = [await once('ours', small), await once('ours', large)];
  rmSync(large);
  const grown = (of200?.maxMegabytes ?? Number.NaN) - (of8?.maxMegabytes ?? Number.NaN);
  print(
    `  ${kind}: ${of8?.maxMegabytes.toFixed(0)} MB at 8 MB, ${of200?.maxMegabytes.toFixed(0)} MB at 200 MB; first transaction out after ${of8?.firstMs.toFixed(1)} and ${of200?.firstMs.toFixed(1)} ms`,
  );
  return [
    floor(grown <= 16, `${kind}: memory grows by ${grown.toFixed(1)} MB from 8 to 200 MB, at most 16`),
    floor(
      Math.max(of8?.firstMs ?? 999, of200?.firstMs ?? 999) <= 50,
      `${kind}: the first transaction is out within 50 ms at either size`,
    ),
  ];
}

async function writer(kind: Kind, small: string, warm: string): Promise<Floor> {
  const { a, b } = await abba(
    1,
    async () => rate(await once('ours', small, warm)),
    async () => rate(await once('writer', small)),
  );
  print(`  ${kind}: writes ${withSpread(b, 1)} MB a CPU second, reads ${withSpread(a, 1)}`);
  return floor(
    median(b) >= median(a) / 2,
    `${kind}: the writer is ${(median(b) / median(a)).toFixed(2)} times as fast as the reader, at least 0.5`,
  );
}

/** Runs the benchmark; `--rounds n` of ABBA each (3), `--large n` megabytes of the large files (80). */
export async function edi(args: string[]): Promise<number> {
  const [rounds, largeMb] = [wholeOption(args, 'rounds', 3), wholeOption(args, 'large', 80)];
  const dir = mkdtempSync(join(tmpdir(), 'selvedge-edi-'));
  const floors: Floor[] = [];
  const rows: string[][] = [];
  try {
    for (const kind of KINDS) {
      const corpus = (name: string, megabytes: number, seed: number): string => {
        const file = join(dir, `${kind}-${name}.edi`);
        writeCorpus(file, kind, megabytes * 1e6, seed);
        return file;
      };
      const warm = corpus('warm', SMALL_MB, SEED + 1);
      const [small, large] = [corpus('small', SMALL_MB, SEED), corpus('large', largeMb, SEED)];
      floors.push(...(await reading({ kind, small, large, largeMb, warm, rounds }, rows)));
      rmSync(large);
      floors.push(...(await memoryAndFirst(dir, kind, small)), await writer(kind, small, warm));
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  print();
  printTable(['MB a CPU second', 'theirs', 'ours', 'ratio', 'aim'], rows);
  return judge(floors);
}
