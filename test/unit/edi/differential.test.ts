/**
 * Two other readers over the public files and our own: they see the segments that we see, or docs/reference/x12-differential.md
 * says why not. A disagreement that is not in its table fails, and so does a row that no file makes true any more.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { CAUSES, causesOf, factsOf } from './disagreements.js';
import { answerOf, LIBRARIES } from './rivals.js';

const OWN = 'test/fixtures/edi';
const PUBLIC = '../shared/x12';
const present = existsSync(PUBLIC);
if (!present) process.stdout.write(`${PUBLIC} is not there: other readers are compared on our own files alone\n`);

const filesIn = (folder: string): string[] => readdirSync(folder).filter((name) => /\.(edi|txt)$/.test(name));

/** Files by `library, cause`. */
type Found = Map<string, string[]>;

async function disagreements(folder: string): Promise<Found> {
  const found: Found = new Map();
  for (const name of filesIn(folder).sort()) {
    const bytes = readFileSync(join(folder, name));
    const facts = factsOf(bytes);
    for (const library of LIBRARIES)
      for (const cause of causesOf(library, facts, await answerOf(library, bytes))) {
        const key = `${library}, ${cause}`;
        found.set(key, [...(found.get(key) ?? []), name.replace(/\.edi$/, '')]);
      }
  }
  return found;
}

const FEW = 12;
/** What holds of most files is how a reader is; else the files are named, or counted where they are many. */
const cellOf = (names: readonly string[], folder: string): string => {
  if (2 * names.length > filesIn(folder).length) return 'most files';
  return names.length > FEW ? `${names.length} files` : names.map((name) => `\`${name}\``).join(', ');
};

const COLUMNS = ['library', 'cause', 'public files', 'own files', 'it says', 'we say', 'why'] as const;
const [head = '', , ...lines] = readFileSync('docs/reference/x12-differential.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|'));
const cells = (line: string): string[] =>
  line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
const rows = lines.map(cells);

/** What a column of the table says, by `library, cause`; what it does not say of any file is left out. */
const column = (at: number): Record<string, string> =>
  Object.fromEntries(
    rows.filter((row) => row[at] !== '–').map((row) => [`${row[0] ?? ''}, ${row[1] ?? ''}`, row[at] ?? '']),
  );
const cellsOf = (found: Found, folder: string): Record<string, string> =>
  Object.fromEntries([...found].map(([key, names]) => [key, cellOf(names, folder)]));

describe('other readers', () => {
  let own: Found = new Map();
  beforeAll(async () => {
    own = await disagreements(OWN);
  });

  test('see what we see in our own files, but for what the table says', () => {
    expect(cellsOf(own, OWN)).toEqual(column(3));
  });

  (present ? test : test.skip)('see what we see in the public files, but for what the table says', async () => {
    expect(cellsOf(await disagreements(PUBLIC), PUBLIC)).toEqual(column(2));
  });

  test('agree with us on whole files, so that agreement means something', () => {
    const agreeing = filesIn(OWN).filter((name) => {
      const short = name.replace(/\.edi$/, '');
      const causes = [...own].filter(([, names]) => names.includes(short)).map(([key]) => key);
      return causes.every((key) => key === 'node-x12, numbers without zeros' || key === 'x12-parser, white space');
    });
    expect(agreeing.length).toBeGreaterThan(filesIn(OWN).length / 2);
  });

  test('would be found out: a segment that one of them drops is a disagreement nobody explained', async () => {
    const bytes = readFileSync(join(OWN, 'order.edi'));
    const facts = factsOf(bytes);
    for (const library of LIBRARIES) {
      const answer = await answerOf(library, bytes);
      if (answer instanceof Error) throw answer;
      expect(causesOf(library, facts, answer)).not.toContain('unexplained');
      expect(causesOf(library, facts, [...answer.slice(0, 4), ...answer.slice(5)])).toEqual(['unexplained']);
      const changed = answer.map((segment, n) => (n === 4 ? [...segment, 'X'] : segment));
      expect(causesOf(library, facts, changed)).toEqual(['unexplained']);
    }
  });
});

describe('the table of disagreements', () => {
  test('has every row whole, and knows no cause that the comparison does not', () => {
    expect(cells(head)).toEqual([...COLUMNS]);
    for (const row of rows) {
      const [library = '', cause = ''] = row;
      expect([row.length, row.filter((cell) => cell === '')]).toEqual([COLUMNS.length, []]);
      expect(LIBRARIES).toContain(library);
      expect([...CAUSES.map(({ key }) => key), 'throws']).toContain(cause);
    }
  });
});
