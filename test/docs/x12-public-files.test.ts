/** Other people's files, where they are: the page says what becomes of each, and each is written again as it came. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readSync, rewrite } from '../../edi/index.js';
import { publicFilesPage } from '../../edi/reference/public-files.js';

const FOLDER = '../shared/x12';
const present = existsSync(FOLDER);
if (!present) process.stdout.write(`${FOLDER} is not there: what becomes of the public files is not tested\n`);
const names = present ? readdirSync(FOLDER).filter((name) => /\.(edi|txt)$/.test(name)) : [];
const files = names.sort().map((name) => {
  const bytes = readFileSync(join(FOLDER, name));
  return { name, bytes, items: [...readSync(bytes)] };
});
const page = readFileSync('docs/reference/x12-public-files.md', 'utf8');

(present ? describe : describe.skip)('the public files', () => {
  test('are the 75 that the page lists, with the verdicts and reasons that reading them gives', () => {
    expect(files.length).toBe(75);
    expect(page).toBe(publicFilesPage(files));
  });

  test('are written again byte for byte, refused or not', () => {
    const changed = files.filter(({ bytes, items }) => !Buffer.from(rewrite(items)).equals(bytes));
    expect(changed.map(({ name }) => name)).toEqual([]);
  });

  test('are read the same byte by byte', () => {
    for (const { bytes, items, name } of files) {
      const slowly = [...readSync(Array.from(bytes, (byte) => Uint8Array.of(byte)))];
      expect([name, slowly.map(({ kind, faults }) => [kind, faults])]).toEqual([
        name,
        items.map(({ kind, faults }) => [kind, faults]),
      ]);
    }
  });
});

test('the page of the public files lists each of them once, with a verdict and why', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows.length).toBe(75);
  for (const row of rows) {
    const [, , content = '', verdict = '', why = ''] = row.split(/(?<!\\)\|/).map((cell) => cell.trim());
    expect(content).toMatch(/^\d{3} \w|^no set/);
    expect(['read', 'read, errors told', 'refused in part', 'refused']).toContain(verdict);
    expect(why).not.toBe('');
  }
});
