import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';

const BOUND_MS = 240_000;
/** Copied, because a program looks for its project above the place it really lies in. */
const COPIED = ['dist', 'scripts', 'package.json'];
const LINKED = ['node_modules', 'config', 'mappings'];

let project = '';
const started: ChildProcess[] = [];

interface Run {
  process: ChildProcess;
  words: () => string;
  ended: Promise<number | null>;
}

/** `selvedge start` in a project folder of its own; its servers are its own too. */
function start(...args: string[]): Run {
  const env = { ...process.env };
  for (const name of ['TEMPORAL_ADDRESS', 'DATABASE_URL', 'NODE_OPTIONS', 'npm_lifecycle_event']) delete env[name];
  const program = join(project, 'dist', 'bin', 'selvedge.js');
  const child = spawn(process.execPath, [program, 'start', ...args], {
    cwd: project,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let words = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (words += chunk.toString()));
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  return { process: child, words: () => words, ended };
}

/** Waits for words in what a start writes; a start that ended without them fails with all it wrote. */
async function says(run: Run, wanted: RegExp): Promise<RegExpExecArray> {
  const heard = (): RegExpExecArray | 'ended' | null =>
    wanted.exec(run.words()) ?? (run.process.exitCode === null ? null : 'ended');
  const found = await eventually(heard, { within: 120_000 }).catch(() => 'silent' as const);
  if (typeof found === 'string') throw new Error(`start is ${found} and never said ${wanted.source}:\n${run.words()}`);
  return found;
}

const pids = (): number[] =>
  Object.values(
    (JSON.parse(readFileSync(join(project, '.selvedge', 'run.json'), 'utf8')) as { pids: Record<string, number> }).pids,
  );

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a second start', () => {
  beforeAll(() => {
    expect([existsSync(resolve('dist/bin/selvedge.js')), 'run "npm run build" first']).toEqual([
      true,
      'run "npm run build" first',
    ]);
    project = mkdtempSync(join(tmpdir(), 'selvedge-second-'));
    chmodSync(project, 0o755); // PostgreSQL run for root is another user and must get through
    for (const name of COPIED) cpSync(resolve(name), join(project, name), { recursive: true });
    for (const name of LINKED) symlinkSync(resolve(name), join(project, name));
  });
  afterAll(async () => {
    for (const child of started) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
    }
    await eventually(() => !existsSync(join(project, '.selvedge', 'run.json.claim')), { within: 20_000 });
    rmSync(project, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }, 60_000);

  test(
    'finds its data after a kill -9 in the middle of the day, finishes that day and balances; a third only shows it',
    async () => {
      const first = start('--seed', '3', '--returns', '10', '--receipts', '0', '--misbehave', '0');
      await says(first, /: [2-9] of 10 events arrived/);
      const before = pids();
      first.process.kill('SIGKILL');
      await eventually(() => !before.filter((pid) => pid !== first.process.pid).some(lives), { within: 10_000 });

      const second = start();
      await says(second, /its day and its sagas go on, no new day is played/);
      await says(second, /Everything keeps running/);
      expect(second.words()).toContain('The books balance: all 10 events came out as the sandbox reckoned.');
      const [, posted] = await says(second, /credit memo +(\d+) /);
      second.process.kill('SIGINT');
      expect(await second.ended).toBe(0);

      const third = start();
      await says(third, /Everything keeps running/);
      expect(third.words()).toContain('The books balance: all 10 events came out as the sandbox reckoned.');
      expect((await says(third, /credit memo +(\d+) /))[1]).toBe(posted);
      third.process.kill('SIGINT');
      expect(await third.ended).toBe(0);
    },
    BOUND_MS,
  );

  test(
    'a second start beside a running one is refused with its process, and the running one goes on',
    async () => {
      const running = start();
      const beside = start();
      const refused = await Promise.race([running, beside].map((run) => run.ended.then(() => run)));
      expect(refused.words()).toMatch(/Selvedge is already running here \(process \d+, /);
      expect(refused.process.exitCode).toBe(1);
      const other = refused === running ? beside : running;
      await says(other, /Everything keeps running/);
      other.process.kill('SIGINT');
      expect(await other.ended).toBe(0);
    },
    BOUND_MS,
  );
});
