/** Reads every file of test/fixtures/edi and compares with the table of its README. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { PROFILES, readSync, STANDARD, worst, type Fault, type Item, type Profile } from '../../../edi/index.js';
import { SET_NUMBERS } from '../../../edi/sets/index.js';
import { spell } from '../../../edi/syntax/spelling.js';

const FOLDER = 'test/fixtures/edi';
const COLUMNS = ['file', 'oddity', 'comes from', 'read as', 'items', 'verdicts', 'rules'] as const;
type Row = Record<(typeof COLUMNS)[number], string>;

const cellsOf = (line: string): string[] =>
  line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('`', ''));

const lines = readFileSync(`${FOLDER}/README.md`, 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|'));
const rows = lines
  .slice(2)
  .map(cellsOf)
  .map((cells) => Object.fromEntries(COLUMNS.map((column, n) => [column, cells[n] ?? ''])) as Row);

const profiles: Record<string, Profile> = {
  ...PROFILES,
  production: { ...STANDARD, name: 'production', refuseUsage: 'T' },
};

const bytesOf = (file: string): Buffer => readFileSync(`${FOLDER}/${file}.edi`);

function itemsOf({ file, 'read as': as }: Row): Item[] {
  const profile = profiles[as];
  if (profile === undefined) throw new Error(`no profile ${as}`);
  return [...readSync(bytesOf(file), { profile })];
}

function nameOf(item: Item): string {
  switch (item.kind) {
    case 'interchange':
      return 'ISA';
    case 'group':
      return 'GS';
    case 'transaction':
      return item.set;
    case 'group-end':
      return item.spelling === null ? '(GE)' : 'GE';
    case 'interchange-end':
      return item.spelling === null ? '(IEA)' : 'IEA';
    case 'between':
      return 'between';
    case 'outside':
      return 'text';
  }
}

const letterOf = (faults: readonly Fault[]): string => {
  const severity = worst(faults);
  if (severity === 'fatal') return 'R';
  return severity === 'error' ? 'E' : 'A';
};

/** Faults of each interchange, each group and each transaction, in order. */
function verdictsOf(items: readonly Item[]): string {
  const [interchanges, groups, sets]: [Fault[][], Fault[][], Fault[][]] = [[], [], []];
  for (const item of items) {
    const of = (level: Fault['level']) => item.faults.filter((fault) => fault.level === level);
    if (item.kind === 'interchange') interchanges.push([]);
    else if (item.kind === 'group') groups.push([]);
    else if (item.kind === 'transaction') sets.push([...item.faults]);
    else if (item.kind === 'outside' && of('interchange').length > 0) interchanges.push([]);
    interchanges.at(-1)?.push(...of('interchange'));
    if (item.kind !== 'transaction') groups.at(-1)?.push(...of('group'));
  }
  return [interchanges, groups, sets].map((each) => each.map(letterOf).join(' ') || '–').join(' / ');
}

/** Sets whose schema is still to come are not judged by what they will be. */
const judged = ({ items, rules }: Row): boolean =>
  rules.includes('set-') || items.split(' ').every((name) => !/^\d{3}$/.test(name) || SET_NUMBERS.includes(name));
const [ready, waiting] = [rows.filter(judged), rows.filter((row) => !judged(row))];

const rulesIn = (items: readonly Item[]): string[] => [
  ...new Set(items.flatMap(({ faults }) => faults.map(({ rule }) => rule))),
];

/** What is read of a file, item by item. */
const told = (items: readonly Item[]): unknown[] =>
  items.map((item) => [item.kind, item.kind === 'outside' ? item.text : item.spelling, item.faults]);

describe('the fixtures', () => {
  test('are all in the table, and there are at least sixty', () => {
    expect(cellsOf(lines[0] ?? '')).toEqual([...COLUMNS]);
    const files = readdirSync(FOLDER).filter((name) => name.endsWith('.edi'));
    expect(rows.map(({ file }) => `${file}.edi`).sort()).toEqual([...files].sort());
    expect(rows.length).toBeGreaterThanOrEqual(60);
    expect(rows.filter((row) => Object.values(row).some((cell) => cell === ''))).toEqual([]);
  });

  if (waiting.length > 0) test.skip.each(waiting)('$file: waits for the schema of its set', () => undefined);

  test.each(ready)('$file: $oddity', (row) => {
    const items = itemsOf(row);
    const rules = rulesIn(items).sort();
    expect({
      items: items.map(nameOf).join(' '),
      verdicts: verdictsOf(items),
      rules: rules.length === 0 ? '–' : rules.join(', '),
    }).toEqual({ items: row.items, verdicts: row.verdicts, rules: row.rules.split(', ').sort().join(', ') });
  });

  test.each(rows)('$file: is spelt again byte for byte', (row) => {
    const spelt = itemsOf(row).map((item) => {
      if (item.kind === 'outside') return item.text;
      return item.spelling === null ? '' : spell(item.spelling);
    });
    expect(Buffer.from(spelt.join(''), 'latin1').equals(bytesOf(row.file))).toBe(true);
  });

  test.each(rows)('$file: is read the same byte by byte', (row) => {
    const bytes = bytesOf(row.file);
    const profile = profiles[row['read as']] ?? STANDARD;
    const one = [
      ...readSync(
        Array.from(bytes, (byte) => Uint8Array.of(byte)),
        { profile },
      ),
    ];
    expect(told(one)).toEqual(told(itemsOf(row)));
  });

  test.each(rows)('$file: a refused set has no document, a set that is used has one', (row) => {
    for (const item of itemsOf(row))
      if (item.kind === 'transaction' && !rulesIn([item]).includes('set-not-known'))
        expect(item.document === null).toBe(letterOf(item.faults) === 'R');
  });
});
