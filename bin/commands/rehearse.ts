import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { loadConfig } from '../../config/load.js';
import { openStore } from '../../store/database.js';
import { sandboxControl, type ResetOptions } from '../day/control.js';
import { outputOf, share, wholeNumber, withCommon, WrongUsage, type CommonOptions, type Output } from '../output.js';
import { untilAskedToStop } from '../ready.js';
import { compare, type Rehearsed } from '../rehearse/compare.js';
import { creditedBy } from '../rehearse/credited.js';
import { partOf, readExpected } from '../rehearse/expected.js';
import { follow } from '../rehearse/follow.js';
import { makeGround, type Ground } from '../rehearse/ground.js';
import { inSentences } from '../rehearse/report.js';
import { filesOf } from '../../sandbox/history/rows.js';
import { untilParentGone } from '../supervisor/parent.js';
import { startStack, type Stack } from '../supervisor/stack.js';
import { unlessStopped } from '../supervisor/unless-stopped.js';
import { prepareStore, startFeeds, startStanding } from './prepare.js';

interface RehearseOptions extends CommonOptions {
  history: string;
  from?: string;
  days?: number;
  policy: string;
  misbehave: number;
  deadline: number;
}

const POLICIES = ['open', 'house'];
const MOST_SECONDS = 36_000;
/** The ERP's rate is lifted for a rehearsal, on both sides of the wire. */
const LIFTED = { ratePerSecond: 5_000, concurrent: 32 };
/** The past is pressed into so many milliseconds a return, so that what is on its way at once stays bounded. */
const MS_PER_RETURN = 200;
const SEED = 1;

export function rehearseCommand(program: Command): void {
  withCommon(program.command('rehearse'))
    .description("plays a business's own past through the sagas against the sandbox and shows what came of each return")
    .requiredOption('--history <dir>', 'folder of orders-, returns-, movements- and expected-yyyy-mm.csv or .csv.gz')
    .option('--from <day>', 'first day that is played, for example 2010-12-01; all of it unless given', day)
    .option('--days <n>', 'how many days are played', wholeNumber('--days', 1, 36_600))
    .option('--policy <name>', `whose limits and lead times: ${POLICIES.join(' or ')}`, policyName, 'open')
    .option('--misbehave <p>', 'how badly the sandbox behaves, 0 to 1', share('--misbehave'), 0)
    .option('--deadline <s>', 'longest time, in seconds', wholeNumber('--deadline', 5, MOST_SECONDS), 3_600)
    .action(async (options: RehearseOptions) => {
      process.exitCode = await rehearse(options, outputOf(options));
    });
}

function policyName(text: string): string {
  if (POLICIES.includes(text)) return text;
  throw new WrongUsage(`--policy is "${text}"; allowed is ${POLICIES.join(' or ')}`);
}

function day(text: string): string {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  if (time !== null && !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text)) return text;
  throw new WrongUsage(`--from is "${text}"; a day such as 2010-12-01 is allowed`);
}

/** Answers the exit code: 0 when everything came out as expected, 1 when not, 130 when it was stopped before. */
async function rehearse(options: RehearseOptions, output: Output): Promise<number> {
  const dir = resolve(options.history);
  await checkFolder(dir, options.history);
  let asked = false;
  const stopAsked = Promise.race([untilAskedToStop(), untilParentGone()]).then(() => (asked = true));
  const ground = await makeGround({
    SELVEDGE_PROFILE: 'development',
    SELVEDGE_POLICY: options.policy,
    SELVEDGE_BLUE_CHERRY_RATE: String(LIFTED.ratePerSecond),
    SELVEDGE_BLUE_CHERRY_CONCURRENT: String(LIFTED.concurrent),
  });
  let code = 1;
  try {
    const stack = await unlessStopped(start(ground, output), stopAsked);
    if (stack === null) return 130;
    try {
      code = await played(stack, { ...options, history: dir }, output, () => asked);
    } finally {
      await stack.stop();
    }
    return code;
  } finally {
    const keepLogs = code === 1;
    await ground.clear({ keepLogs });
    if (keepLogs) output.note(`The logs of this rehearsal are in ${ground.dir}`);
  }
}

/** Throws WrongUsage for a folder that is not there or holds no orders: found before anything is started. */
async function checkFolder(dir: string, given: string): Promise<void> {
  if (!existsSync(dir)) throw new WrongUsage(`--history is "${given}"; there is no folder ${dir}`);
  const orders = await filesOf(dir, 'orders').catch(() => []);
  if (orders.length === 0) {
    const allowed = 'a folder with orders-, returns- and movements-yyyy-mm.csv or .csv.gz is allowed';
    throw new WrongUsage(`--history is "${given}", where no orders-yyyy-mm.csv or .csv.gz lies; ${allowed}`);
  }
}

const start = (ground: Ground, output: Output): Promise<Stack> =>
  startStack({
    fresh: true,
    workers: 1,
    say: output.note,
    own: { dir: ground.dir, environment: ground.environment },
    prepare: (environment) => prepareStore(environment['DATABASE_URL'] ?? '', { ...process.env, ...environment }),
  });

const Loaded = z.object({
  play: z.object({ orders: z.number(), orderLines: z.number(), returns: z.number(), movements: z.number() }),
  faults: z.array(z.object({ file: z.string(), line: z.number(), why: z.string() })),
});

async function played(
  { run }: Stack,
  options: RehearseOptions,
  output: Output,
  stopped: () => boolean,
): Promise<number> {
  const config = loadConfig({ env: { ...process.env, ...run.environment } });
  const policy = config.policies[config.policy];
  if (policy === undefined) throw new Error(`policy ${config.policy} is not configured`);
  const feeds = Object.keys(config.feeds);
  const store = openStore(run.database, 4);
  const sandbox = sandboxControl(run.sandbox ?? '');
  try {
    const expected = await readExpected(options.history);
    const part = await partOf(options.history, options);
    const began = Date.now();
    const loaded = Loaded.parse(await sandbox.reset(resetFor(options, part)));
    const { orders, orderLines, returns, movements } = loaded.play;
    output.note(
      `loaded ${orders} orders with ${orderLines} lines; ${returns} returns and ${movements} movements to come`,
    );
    for (const { file, line, why } of [...loaded.faults, ...expected.faults]) {
      output.note(`${file} line ${line}: ${why}; the row is skipped`);
    }
    await startFeeds(store.db, feeds);
    await startStanding({ address: run.temporal, namespace: run.environment['TEMPORAL_NAMESPACE'] ?? '' }, feeds);
    const deadlineMs = options.deadline * 1000;
    const { standings, end } = await follow({ db: store.db, sandbox, began, deadlineMs, stopped });
    if (end === 'stopped') return 130;
    const credits = await creditedBy(store.db, await sandbox.books());
    const partOnly = options.from !== undefined || options.days !== undefined;
    const rehearsed = compare({ standings, credits, expected, policy, partOnly });
    output.result<Rehearsed>(rehearsed, inSentences);
    output.note(`${Math.round((Date.now() - began) / 1000)} s, ${end}`);
    return end === 'at rest' && rehearsed.totals.misfits.length === 0 ? 0 : 1;
  } finally {
    await store.close();
  }
}

type Part = Awaited<ReturnType<typeof partOf>>;

const resetFor = (options: RehearseOptions, { from, days, returns }: Part): ResetOptions => ({
  seed: SEED,
  misbehave: options.misbehave,
  profile: { rate: null, concurrent: null },
  history: { dir: options.history, from, days, policy: options.policy, compressTo: MS_PER_RETURN * returns },
});
