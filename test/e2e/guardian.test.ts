import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';

/** Starts two children, one of which ignores SIGTERM, hands them to a guardian, and then waits to be killed. */
const STARTER = (guardian: string, dir: string): string => `
  import { spawn } from 'node:child_process';
  import { writeFileSync } from 'node:fs';
  const stdio = ['ignore', 'ignore', 'ignore', 'ipc'];
  const child = (code) => spawn(process.execPath, ['-e', code], { detached: true, stdio });
  const polite = child('setInterval(() => {}, 1000)');
  const stubborn = child("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); process.send('ready')");
  const guardian = spawn(process.execPath, [${JSON.stringify(guardian)}], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  const order = (line) => guardian.stdin.write(JSON.stringify(line) + '\\n');
  order({ add: polite.pid }); order({ add: stubborn.pid });
  order({ file: ${JSON.stringify(join(dir, 'run.json'))} }); order({ dir: ${JSON.stringify(join(dir, 'data'))} });
  const pids = [polite.pid, stubborn.pid, guardian.pid];
  stubborn.once('message', () => writeFileSync(${JSON.stringify(join(dir, 'pids'))}, JSON.stringify(pids)));
  setInterval(() => {}, 1000);
`;

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('the guardian', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'selvedge-guardian-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  test('ends every child within ten seconds of a kill -9 of its program, and removes what must not stay', async () => {
    writeFileSync(join(dir, 'run.json'), '{}');
    writeFileSync(join(dir, 'starter.mjs'), STARTER(resolve('scripts/guardian.mjs'), dir));
    const starter = spawn(process.execPath, [join(dir, 'starter.mjs')], { stdio: 'ignore' });
    const pids = await eventually(
      () => existsSync(join(dir, 'pids')) && (JSON.parse(readFileSync(join(dir, 'pids'), 'utf8')) as number[]),
      { within: 10_000 },
    );
    expect(pids.every(alive)).toBe(true);
    starter.kill('SIGKILL');
    await eventually(() => !pids.some(alive), { within: 10_000 });
    expect(existsSync(join(dir, 'run.json'))).toBe(false);
    expect(existsSync(join(dir, 'data'))).toBe(false);
  });
});
