/** `npm run soak`: the long form of the fault runs (design.md 10). Exit 0 when every seed came out right. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { runProgram, wholeNumber } from '../../bin/output.js';
import { stateDir } from '../../bin/supervisor/paths.js';
import { playDays } from './days.js';
import { LONG } from './kills.js';
import { seconds } from './run.js';
import { soakSeed, type Soaked } from './soak.js';

interface SoakFlags {
  seeds: number;
  first: number;
  returns?: number;
  receipts?: number;
  refusals: number;
  workers: number;
  scenario?: string;
  kills?: boolean;
  days?: boolean;
  deadline: number;
}

/** Under violence the returns keep coming as long as the violence lasts. */
const VIOLENT_SPREAD_MS = LONG.everyMs * (LONG.kills + LONG.stops + LONG.temporal + LONG.postgres);
const SCENARIOS = ['quiet-day', 'trading-day'] as const;
const MOST_WORDS = 12;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

function scenarioOf(flags: SoakFlags, seed: number): (typeof SCENARIOS)[number] {
  const asked = SCENARIOS.find((name) => name === flags.scenario);
  return asked ?? (seed % 2 === 0 ? 'trading-day' : 'quiet-day');
}

const seedsOf = ({ first, seeds }: SoakFlags): number[] => Array.from({ length: seeds }, (_, n) => first + n);

function verdict(soaked: Soaked, scenario: string): string {
  const { seed, documents, waiting, violence, faults, tookMs } = soaked;
  const cases = Object.entries(waiting).map(([code, n]) => `${n} × ${code}`);
  const hit =
    violence === null
      ? ''
      : `, ${violence.kill} kills, ${violence.stop} stops, Temporal ${violence.temporal} and PostgreSQL ${violence.postgres} times`;
  const shown = faults.slice(0, MOST_WORDS).map((words) => `\n    ${words}`);
  return (
    `seed ${seed} (${scenario}): ${faults.length === 0 ? 'the same books' : `${faults.length} DIFFERENCES`}, ` +
    `${documents} documents, cases open: ${cases.join(', ') || 'none'}${hit} ` +
    `(${seconds(tookMs.calm)} fault-free, ${seconds(tookMs.rough)} rough)${shown.join('')}`
  );
}

async function soak(flags: SoakFlags): Promise<number> {
  const dir = join(stateDir, 'soak');
  mkdirSync(dir, { recursive: true });
  const days = { dir, returns: flags.returns, receipts: flags.receipts ?? 20, deadlineMs: flags.deadline * 1000, say };
  if (flags.days === true) return playDays(seedsOf(flags), days);
  let right = 0;
  for (const seed of seedsOf(flags)) {
    const scenario = scenarioOf(flags, seed);
    const soaked = await soakSeed({
      ...{ seed, scenario, dir, say, refusals: flags.refusals, workers: flags.workers },
      returns: flags.returns ?? 200,
      receipts: flags.receipts ?? 60,
      deadlineMs: flags.deadline * 1000,
      ...(flags.kills === true ? { violence: LONG, spreadMs: VIOLENT_SPREAD_MS } : {}),
    });
    if (soaked.faults.length === 0) right += 1;
    process.stdout.write(`${verdict(soaked, scenario)}\n`);
  }
  process.stdout.write(`${right} of ${flags.seeds} seeds came out right\n`);
  return right === flags.seeds ? 0 : 1;
}

const program = new Command('soak')
  .description('plays days under faults, kills and stops, and compares the books with those of a fault-free run')
  .option('--seeds <n>', 'how many seeds', wholeNumber('--seeds', 1, 1000), 10)
  .option('--first <n>', 'the first of them', wholeNumber('--first', 0, 1_000_000), 1)
  .option('--returns <n>', 'returns of a day', wholeNumber('--returns', 1, 20_000))
  .option('--receipts <n>', 'deliveries of a day', wholeNumber('--receipts', 0, 20_000))
  .option('--refusals <n>', 'documents the ERP refuses for good', wholeNumber('--refusals', 0, 1000), 7)
  .option('--workers <n>', 'worker processes', wholeNumber('--workers', 1, 16), 3)
  .option('--scenario <name>', `${SCENARIOS.join(' or ')}; each in turn unless told`)
  .option('--kills', 'kill, stop and restart processes besides')
  .option('--days', 'plain trading days against their reckoning instead, one after the other')
  .option('--deadline <s>', 'longest time for one run, in seconds', wholeNumber('--deadline', 10, 36_000), 1_500)
  .action(async (flags: SoakFlags) => {
    process.exitCode = await soak(flags);
  });

process.exitCode = await runProgram(program, process.argv);
