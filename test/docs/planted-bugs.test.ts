import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { BUGS } from '../planted/bugs.js';

test('the table of planted bugs lists every bug with what it breaks and the test that catches it', () => {
  const lines = readFileSync('docs/reference/planted-bugs.md', 'utf8').split('\n');
  const rows = lines.filter((line) => /^\| [a-z]/.test(line));
  const cells = rows.map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')));
  const shown = cells.map(([, name, breaks, , caughtBy, file]) => ({ name, breaks, caughtBy, file }));
  expect(shown).toEqual(BUGS.map(({ name, breaks, test: by }) => ({ name, breaks, caughtBy: by.name, file: by.file })));
  expect(BUGS.length).toBeGreaterThanOrEqual(12);
});
