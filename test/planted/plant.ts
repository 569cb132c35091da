/** Plants a bug in a copy of the tree and runs the one test that must catch it. */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { projectRoot } from '../../bin/supervisor/paths.js';
import type { PlantedBug } from './bugs.js';

const LEFT_OUT = new Set(['node_modules', 'dist', '.git', '.selvedge', 'coverage']);
/** A test that hangs under its bug has caught it only if it says so within this time. */
const LONGEST_MS = 240_000;

export interface Verdict {
  /** How the named test ended; `absent`: no test of that name ran. */
  test: 'passed' | 'failed' | 'absent';
  words: string;
}

/** A copy of the tree that shares its installed packages; `remove` it. */
export function copyTree(): { dir: string; remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'selvedge-planted-'));
  const wanted = (path: string): boolean => !LEFT_OUT.has(basename(path)) || path === projectRoot;
  cpSync(projectRoot, dir, { recursive: true, filter: wanted });
  symlinkSync(join(projectRoot, 'node_modules'), join(dir, 'node_modules'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** Applies a bug's edits; answers how to take them back. Throws when a text is not there exactly once. */
export function plant(dir: string, bug: PlantedBug): () => void {
  const before = new Map<string, string>();
  for (const { file, from, to } of bug.edits) {
    const path = join(dir, file);
    const text = readFileSync(path, 'utf8');
    const times = text.split(from).length - 1;
    if (times !== 1) throw new Error(`${bug.name}: ${file} holds ${times} times, not once: ${from}`);
    if (!before.has(path)) before.set(path, text);
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
  }
  return () => before.forEach((text, path) => writeFileSync(path, text));
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Runs one named test in a copy; servers are those of the running set-up, workflows are bundled anew. */
export async function runNamed(dir: string, { file, name }: PlantedBug['test']): Promise<Verdict> {
  const results = join(dir, 'planted-results.json');
  rmSync(results, { force: true });
  const env: NodeJS.ProcessEnv = { ...process.env, SELVEDGE_TEST_SERVERS: '0' };
  delete env['SELVEDGE_TEST_BUNDLE'];
  const jest = join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
  const args = [jest, '-i', file, '-t', `${escaped(name)}$`, '--json', '--outputFile', results, '--forceExit'];
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, ...args], { cwd: dir, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-20_000)));
  // A limit, not a wait: a planted bug may make its test hang.
  const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
  await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  if (!existsSync(results)) return { test: 'absent', words };
  const read = JSON.parse(readFileSync(results, 'utf8')) as {
    testResults: { assertionResults: { title: string; status: string }[] }[];
  };
  const own = read.testResults.flatMap((one) => one.assertionResults).filter(({ title }) => title === name);
  if (own.some(({ status }) => status === 'failed')) return { test: 'failed', words };
  return { test: own.some(({ status }) => status === 'passed') ? 'passed' : 'absent', words };
}

/** Plants a bug, runs its test, takes the bug back. */
export async function caught(dir: string, bug: PlantedBug): Promise<Verdict> {
  const takeBack = plant(dir, bug);
  try {
    return await runNamed(dir, bug.test);
  } finally {
    takeBack();
  }
}
