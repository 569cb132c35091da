import type { Command } from 'commander';
import { loadConfig } from '../../config/load.js';
import { openStore, type Store } from '../../store/database.js';
import { sandboxControl, type SandboxControl } from '../day/control.js';
import { openCases } from '../day/evidence.js';
import { playDay, settleDay, type DayEnd } from '../day/play.js';
import { dayReport, inSentences, waitsOf, waitsTable } from '../day/report.js';
import { outputOf, share, wholeNumber, withCommon, type CommonOptions, type Output } from '../output.js';
import { untilAskedToStop } from '../ready.js';
import { untilParentGone } from '../supervisor/parent.js';
import { startStack, type Stack } from '../supervisor/stack.js';
import { unlessStopped } from '../supervisor/unless-stopped.js';
import { prepareStore, startFeeds, startStanding } from './prepare.js';
import { holdsEvents, refuseUsed } from './unused.js';

interface StartOptions extends CommonOptions {
  once?: boolean;
  keep?: boolean;
  seed?: number;
  returns?: number;
  receipts?: number;
  misbehave: number;
  deadline: number;
  workers: number;
}

const DEFAULT_MISBEHAVE = 0.02;
const DEFAULT_RECEIPTS = 20;

export function startCommand(program: Command): void {
  withCommon(program.command('start'))
    .description('everything on this machine: servers, sandbox, ingress and workers, and a trading day through them')
    .option('--once', 'a day of its own from nothing; exit 0 only when its books balance')
    .option('--keep', 'with --once: leave everything running after the day')
    .option('--seed <n>', 'which day is played', wholeNumber('--seed', 0, 2_147_483_647))
    .option('--returns <n>', 'how many returns arrive', wholeNumber('--returns', 0, 20_000))
    .option(
      '--receipts <n>',
      'how many deliveries of purchase orders arrive',
      wholeNumber('--receipts', 0, 20_000),
      DEFAULT_RECEIPTS,
    )
    .option('--misbehave <p>', 'how badly the sandbox behaves, 0 to 1', share('--misbehave'), DEFAULT_MISBEHAVE)
    .option('--deadline <s>', 'longest time for the day, in seconds', wholeNumber('--deadline', 5, 36_000), 600)
    .option('--workers <n>', 'how many worker processes', wholeNumber('--workers', 1, 16), 1)
    .action(async (options: StartOptions) => {
      process.exitCode = await start(options, outputOf(options));
    });
}

async function start(options: StartOptions, output: Output): Promise<number> {
  let asked = false;
  const stopAsked = Promise.race([untilAskedToStop(), untilParentGone()]).then(() => (asked = true));
  const began = Date.now();
  const starting = startStack({
    fresh: options.once === true,
    workers: options.workers,
    say: output.note,
    prepare: async (environment) => {
      await prepareStore(environment['DATABASE_URL'] ?? '', environment);
      await refuseUsed(environment, options.once === true);
    },
  });
  const stack = await unlessStopped(starting, stopAsked);
  if (stack === null) return 130;
  output.note(`running: Temporal ${stack.run.temporal}, Web UI ${stack.run.ui ?? 'none'} (${seconds(began)})`);
  try {
    const code = await day(stack, options, output, () => asked);
    if (asked) return options.once === true ? code : 0;
    if (options.once === true && options.keep !== true) return code;
    output.note('Everything keeps running. Ctrl-C stops it.');
    await stopAsked;
    return options.once === true ? code : 0;
  } finally {
    await stack.stop();
  }
}

const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** Feeds, standing workflows, the day itself, its report. Answers the exit code. */
async function day(stack: Stack, options: StartOptions, output: Output, stopped: () => boolean): Promise<number> {
  const { run } = stack;
  const config = loadConfig({ env: { ...process.env, ...run.environment } });
  const feeds = Object.keys(config.feeds);
  const namespace = run.environment['TEMPORAL_NAMESPACE'] ?? 'selvedge';
  const store = openStore(run.database, 4);
  try {
    const earlier = await holdsEvents(store.db);
    await startFeeds(store.db, feeds);
    await startStanding({ address: run.temporal, namespace }, feeds);
    const { seed = 1, misbehave, returns, receipts, deadline } = options;
    const sandbox = sandboxControl(run.sandbox ?? '');
    const waiting = { sandbox, db: store.db, deadlineMs: deadline * 1000, stopped };
    if (earlier) return await goOn(store, waiting, run.ui, output);
    const scenario = { seed, scenario: 'trading-day', misbehave, returns, receipts };
    return judged(await playDay({ ...waiting, ...scenario }), run.ui, output);
  } finally {
    await store.close();
  }
}

function judged(settled: DayEnd, ui: string | null, output: Output): number {
  const report = dayReport(settled, ui);
  output.result({ ...report, tookMs: settled.tookMs }, inSentences);
  return report.balanced ? 0 : 1;
}

interface Waiting {
  sandbox: SandboxControl;
  db: Store['db'];
  deadlineMs: number;
  stopped: () => boolean;
}

/** A start that finds its data again: the day is not played anew, but what is left of it is, and its books are compared. */
async function goOn(store: Store, waiting: Waiting, ui: string | null, output: Output): Promise<number> {
  const begun = (await waiting.sandbox.reckoning()).events.length > 0;
  if (begun) {
    output.note('The data of an earlier start is here: its day and its sagas go on, no new day is played.');
    output.note('For a day of its own use "npm start -- --once"; to begin anew remove the folder .selvedge.');
    return judged(await settleDay({ ...waiting, began: Date.now() }), ui, output);
  }
  const waits = waitsOf({ cases: await openCases(store.db) });
  output.result({ goesOn: true, waits, ui }, () =>
    [
      'The data of an earlier start is here; its sagas go on. The stand-ins know nothing of them: their file',
      '.selvedge/sandbox.books was removed, or the store is that of another folder. So no books are compared.',
      'For a day of its own use "npm start -- --once"; to begin anew remove the folder .selvedge.',
      '',
      waitsTable(waits),
      ...(ui === null ? [] : [`Web UI: ${ui}/namespaces/selvedge/workflows`]),
    ].join('\n'),
  );
  return 0;
}
