/** A program may forbid code that is made of text (Node's own switch, a policy): the library then does without. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { projectRoot } from '../../bin/supervisor/paths.js';

const PROGRAM = `
  import { readdirSync, readFileSync } from 'node:fs';
  import { readSync } from '${join(projectRoot, 'dist', 'edi', 'index.js')}';
  const folder = '${join(projectRoot, 'test', 'fixtures', 'edi')}';
  let forbidden = false;
  try { new Function('return 1')(); } catch { forbidden = true; }
  const read = readdirSync(folder).filter((file) => file.endsWith('.edi')).map((file) => [...readSync(readFileSync(folder + '/' + file))]);
  process.stdout.write(JSON.stringify({ forbidden, read }));
`;

const read = (...switches: string[]) =>
  JSON.parse(
    execFileSync(process.execPath, [...switches, '--input-type=module', '-e', PROGRAM], {
      encoding: 'utf8',
      maxBuffer: 64e6,
    }),
  ) as { forbidden: boolean; read: unknown[] };

describe('code made of text', () => {
  test('where it is forbidden, every fixture is read as elsewhere', () => {
    const [usual, without] = [read(), read('--disallow-code-generation-from-strings')];
    expect([usual.forbidden, without.forbidden]).toEqual([false, true]);
    expect(usual.read.length).toBeGreaterThan(60);
    expect(without.read).toEqual(usual.read);
  });
});
