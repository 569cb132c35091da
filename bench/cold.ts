/** `cold`: a bare clone to its first finished saga, split by what `npm start` says of its stages. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { startGuardian } from '../bin/supervisor/guardian.js';
import { projectRoot } from '../bin/supervisor/paths.js';
import { readRun } from '../bin/supervisor/run-file.js';
import { connectTemporal } from '../clients/temporal/index.js';
import { percent, print, printTable, seconds } from './report.js';

const FIRST_WITHIN_MS = 15 * 60_000;
const STOP_WITHIN_MS = 30_000;

interface Stage {
  name: string;
  ms: number;
}

/** Clones what is committed, starts a day of a few returns there, and stops it when the first return has finished. */
export async function cold(args: string[]): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'selvedge-cold-'));
  chmodSync(dir, 0o755);
  const guardian = startGuardian();
  guardian.removeDir(dir);
  try {
    const stages = await clonedAndStarted(dir, args.includes('--empty-caches'), (pid) => guardian.add(pid));
    const all = stages.reduce((sum, { ms }) => sum + ms, 0);
    printTable(
      ['stage', 'time', 'share'],
      [
        ...stages.map(({ name, ms }) => [name, seconds(ms), percent(ms / all)]),
        ['bare clone to first finished saga', seconds(all), '100 %'],
      ],
    );
    return 0;
  } finally {
    await guardian.finish();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function clonedAndStarted(dir: string, emptyCaches: boolean, watch: (pid: number) => void): Promise<Stage[]> {
  const clone = join(dir, 'clone');
  const began = Date.now();
  execFileSync('git', ['clone', '--quiet', '--no-local', '--depth', '1', `file://${projectRoot}`, clone]);
  const stages: Stage[] = [{ name: 'git clone', ms: Date.now() - began }];
  const commit = execFileSync('git', ['-C', clone, 'log', '-1', '--format=%h %s'], { encoding: 'utf8' }).trim();
  print(`Commit ${commit}; caches of npm and of the Temporal program: ${emptyCaches ? 'empty' : 'as they are here'}`);
  const child = spawn('npm', ['start', '--', '--once', '--returns', '3', '--receipts', '0', '--misbehave', '0'], {
    cwd: clone,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, TEMPORAL_CLI: '', ...(emptyCaches ? cachesIn(dir) : {}) },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('npm could not be started');
  watch(pid);
  let mark = Date.now();
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    said.push(line);
    const name = /^(node|dependencies|build|temporal program): .*\([\d.]+ s\)$|^(running): /.exec(line);
    if (name === null) return;
    const words = name[1] ?? 'servers, sandbox, ingress, worker';
    stages.push({ name: words, ms: Date.now() - mark });
    mark = Date.now();
  });
  let ended = false;
  child.once('exit', () => (ended = true));
  try {
    await untilFirst(clone, () => ended, said);
    stages.push({ name: 'first return, from its arrival to its end', ms: Date.now() - mark });
    return stages;
  } finally {
    process.kill(-pid, 'SIGTERM');
    for (const until = Date.now() + STOP_WITHIN_MS; !ended && Date.now() < until;) await sleep(100);
  }
}

const cachesIn = (dir: string): Record<string, string> => ({
  XDG_CACHE_HOME: join(dir, 'cache'),
  npm_config_cache: join(dir, 'npm-cache'),
  GOMODCACHE: join(dir, 'go-mod'),
  GOCACHE: join(dir, 'go-build'),
  GOFLAGS: '-modcacherw',
});

/** Waits for the first closed return of the clone. Throws with the last words of the start when that ends before. */
async function untilFirst(clone: string, ended: () => boolean, said: readonly string[]): Promise<void> {
  const runFile = join(clone, '.selvedge', 'run.json');
  const deadline = Date.now() + FIRST_WITHIN_MS;
  while (Date.now() < deadline) {
    if (ended()) throw new Error(`npm start ended before a return was finished:\n${said.slice(-12).join('\n')}`);
    const run = existsSync(runFile) ? readRun(runFile) : null;
    if (run?.ingress && (await hasFinished(run.temporal))) return;
    await sleep(100);
  }
  throw new Error(`no return was finished within ${FIRST_WITHIN_MS / 60_000} minutes:\n${said.slice(-12).join('\n')}`);
}

async function hasFinished(address: string): Promise<boolean> {
  const connected = await connectTemporal({ address, namespace: 'selvedge' }).catch(() => null);
  if (connected === null) return false;
  try {
    const query = 'WorkflowType="returnToStock" AND ExecutionStatus="Completed"';
    return (await connected.client.workflow.count(query)).count > 0;
  } catch {
    return false;
  } finally {
    await connected.close();
  }
}
