import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { claimProject, removeRun, writeRun } from '../../../bin/supervisor/run-file.js';

describe('the claim on a project folder', () => {
  let dir = '';
  let file = '';
  let other: ChildProcess;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'selvedge-claim-'));
    file = join(dir, 'run.json');
    other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'selvedge'], { stdio: 'ignore' });
    await new Promise((resolve) => other.once('spawn', resolve));
  });
  afterEach(() => {
    other.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  });
  const claim = (content: unknown): void => writeFileSync(`${file}.claim`, JSON.stringify(content));

  test('is refused while another start has it, also before that one has an address', async () => {
    claim({ start: other.pid });
    await expect(claimProject(file)).rejects.toThrow(
      `Selvedge is already running here (process ${other.pid}, it is still starting)`,
    );
    expect(existsSync(`${file}.claim`)).toBe(true);
  });

  test('waits for the guardian of a start that was killed', async () => {
    claim({ start: 2 ** 22 + 1, guardian: other.pid });
    const began = Date.now();
    setTimeout(() => other.kill('SIGKILL'), 700);
    await claimProject(file);
    expect(Date.now() - began).toBeGreaterThanOrEqual(600);
    removeRun(file);
    expect(existsSync(`${file}.claim`)).toBe(false);
  });

  test('of a dead start, or half a file, is set aside', async () => {
    claim({ start: 2 ** 22 + 1 });
    await claimProject(file);
    removeRun(file);
    writeFileSync(`${file}.claim`, '{"sta');
    await claimProject(file);
    removeRun(file);
    expect(existsSync(`${file}.claim`)).toBe(false);
  });

  test('removing run.json leaves the claim of another start alone', () => {
    claim({ start: other.pid });
    writeRun({ temporal: '', ui: null, database: '', ingress: null, sandbox: null, pids: {}, environment: {} }, file);
    removeRun(file);
    expect([existsSync(file), existsSync(`${file}.claim`)]).toEqual([false, true]);
  });
});
