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

interface Compared {
  readonly floors: Floor[];
  readonly rows: string[][];
}

async function compare(kind: Kind, file: string, warm: string, megabytes: number, rounds: number): Promise<Compared> {
  const rows: string[][] = [];
  const floors: Floor[] = [];
  for (const [rival, least, aim] of [
    ['node-x12', 5, 12],
    ['x12-parser', 2, 5],
  ] as const) {
    // Eighty megabytes take the first minutes and gigabytes: once is enough to see it.
    const times = megabytes > 20 ? 1 : rounds;
    const { a, b } = await abba(
      times,
      async () => rate(await once(rival, file, warm)),
      async () => rate(await once('ours', file, warm)),
    );
    const ratio = median(b) / median(a);
    rows.push([
      `${kind}, ${megabytes} MB, ${rival}`,
      withSpread(a, 1),
      withSpread(b, 1),
      `${ratio.toFixed(1)} ×`,
      `${aim} ×`,
    ]);
    floors.push(
      floor(
        Number.isNaN(ratio) || ratio >= least,
        `${kind}, ${megabytes} MB: ${ratio.toFixed(1)} times ${rival}, at least ${least}`,
      ),
    );
  }
  return { floors, rows };
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

/** Runs the benchmark; `--rounds n` of ABBA each, `--large n` megabytes of the large files (80). */
export async function edi(args: string[]): Promise<number> {
  const [rounds, largeMb] = [wholeOption(args, 'rounds', 1), wholeOption(args, 'large', 80)];
  const dir = mkdtempSync(join(tmpdir(), 'selvedge-edi-'));
  const floors: Floor[] = [];
  const rows: string[][] = [];
  try {
    for (const kind of KINDS) {
      const warm = join(dir, `${kind}-2.edi`);
      writeCorpus(warm, kind, 2e6, SEED + 1);
      for (const megabytes of [8, largeMb]) {
        const file = join(dir, `${kind}-${megabytes}.edi`);
        writeCorpus(file, kind, megabytes * 1e6, SEED);
        const compared = await compare(kind, file, warm, megabytes, rounds);
        rows.push(...compared.rows);
        floors.push(...compared.floors);
      }
      const small = join(dir, `${kind}-8.edi`);
      floors.push(...(await memoryAndFirst(dir, kind, small)), await writer(kind, small, warm));
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  print();
  printTable(['MB a CPU second', 'theirs', 'ours', 'ratio', 'aim'], rows);
  return judge(floors);
}
