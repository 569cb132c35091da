import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { projectRoot } from '../../bin/supervisor/paths.js';

const HISTORY = join(projectRoot, '../shared/data/online-retail');
const present = existsSync(HISTORY);
if (!present) console.log(`three days of the real history are not rehearsed: there is no folder ${HISTORY}`);

const MINUTES = 60_000;

interface Row {
  returnNo: string;
  outcome: string;
  waitsFor: string | null;
  creditMinor: number;
  restockUnits: number;
  case: string | null;
}
interface Rehearsed {
  returns: Row[];
  totals: {
    goods: { creditMinor: number; restockUnits: number };
    charges: { creditMinor: number };
    misfits: { returnNo: string; words: string }[];
  };
}
interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs the command as a person does, on the servers of the tests: it must leave alone what they hold. */
function rehearse(...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [join(projectRoot, 'scripts', 'selvedge.mjs'), 'rehearse', ...args], {
    cwd: projectRoot,
    env: { ...process.env, DATABASE_URL: process.env['SELVEDGE_TEST_POSTGRES'] ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended: Ended = { code: null, out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (ended.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (ended.err += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ ...ended, code }));
  });
}

const rehearsed = ({ out, err }: Ended): Rehearsed => {
  if (out === '') throw new Error(`nothing was printed; on the error stream: ${err}`);
  return JSON.parse(out) as Rehearsed;
};

/** Rows of one kind of the real history, without any code of the product. */
const rowsOf = (kind: string): Record<string, string>[] =>
  readdirSync(HISTORY)
    .filter((name) => name.startsWith(`${kind}-2010-12`))
    .flatMap((name) => parse<Record<string, string>>(gunzipSync(readFileSync(join(HISTORY, name))), { columns: true }));

const WAITS: Record<string, string> = {
  plain: '',
  'no-original': 'X-09',
  exceeds: 'X-11',
  'unmapped-location': 'X-03',
};

/** What the history's README says of the returns of three days, under no limits. */
function expectedOfThreeDays(): Omit<Row, 'case'>[] {
  const days = ['2010-12-01', '2010-12-02', '2010-12-03'];
  const returned = rowsOf('returns').filter((row) => days.includes((row['returned_at'] ?? '').slice(0, 10)));
  const numbers = new Set(returned.map((row) => row['return_no']));
  return rowsOf('expected')
    .filter((row) => numbers.has(row['return_no']))
    .map((row) => {
      const outcome = row['outcome'] ?? '';
      const plain = /^(charge-)?plain$/.test(outcome);
      return {
        returnNo: row['return_no'] ?? '',
        outcome,
        waitsFor: plain ? null : (WAITS[outcome.replace('charge-', '')] ?? 'X-12'),
        creditMinor: plain ? Number(row['credit_minor']) : 0,
        restockUnits: outcome === 'plain' ? Number(row['restock_units']) : 0,
      };
    });
}

const byNumber = <T extends { returnNo: string }>(rows: readonly T[]): T[] =>
  [...rows].sort((a, b) => (a.returnNo < b.returnNo ? -1 : 1));

describe('a rehearsal', () => {
  let dir = '';
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'selvedge-history-'));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  (present ? test : test.skip)(
    'of three days of the real history gives each return its outcome, its credit to the penny and its units',
    async () => {
      const ended = await rehearse('--history', HISTORY, '--from', '2010-12-01', '--days', '3', '--json');
      const { returns, totals } = rehearsed(ended);
      const expected = expectedOfThreeDays();
      expect(expected).toHaveLength(37);
      const found = byNumber(returns).map(({ case: open, ...row }) => {
        expect(open === null).toBe(row.waitsFor === null);
        return row;
      });
      expect(found).toEqual(byNumber(expected));
      const sum = (part: (row: Omit<Row, 'case'>) => number): number =>
        expected.reduce((total, row) => total + part(row), 0);
      expect(totals.misfits).toEqual([]);
      expect(totals.goods.creditMinor + totals.charges.creditMinor).toBe(sum((row) => row.creditMinor));
      expect(totals.goods.restockUnits).toBe(sum((row) => row.restockUnits));
      expect(ended.code).toBe(0);
    },
    10 * MINUTES,
  );

  test(
    'names a malformed row by file and line and goes on, holds a credit above the limit, and ends with 1 at a misfit',
    async () => {
      const write = (name: string, ...lines: string[]): void => writeFileSync(join(dir, name), `${lines.join('\n')}\n`);
      const order = 'FC-UK-1,GBP';
      write(
        'orders-2011-02.csv',
        'order_no,placed_at,customer,location,currency,line_no,sku,quantity,unit_price,kind',
        `500001,2011-02-01T09:00:00,14001,${order},1,22423,10,12.75,goods`,
        `500001,2011-02-01T09:00:00,14001,${order},2,POST,1,18.00,charge`,
        `500002,2011-02-01T10:00:00,14002,${order},1,85123a,300,2.55,goods`,
      );
      write(
        'returns-2011-02.csv',
        'return_no,returned_at,customer,location,currency,line_no,order_no,order_line,sku,quantity,refund_unit_price,disposition,kind',
        `C1,2011-02-03T09:00:00,14001,${order},1,500001,1,22423,2,12.75,sellable,goods`,
        `C2,2011-02-03T09:10:00,14001,${order},1,500001,2,POST,1,18.00,none,charge`,
        `C3,2011-02-03T09:20:00,14001,${order},1,500001,1,22423,two,12.75,sellable,goods`,
        `C4,2011-02-03T09:30:00,14002,${order},1,500002,1,85123A,200,2.55,sellable,goods`,
        `C5,2011-02-01T10:30:00,14002,${order},1,500002,1,85123A,5,2.55,sellable,goods`,
      );
      write(
        'expected-2011-02.csv',
        'return_no,outcome,credit_minor,restock_units,minutes_since_order',
        'C1,plain,2551,2,2880',
        'C2,charge-plain,1800,,2880',
        'C4,plain,51000,200,2850',
        'C5,plain,1275,5,30',
      );
      const ended = await rehearse('--history', dir, '--policy', 'house', '--json');
      const { returns, totals } = rehearsed(ended);
      expect(
        returns.map((row) => [row.returnNo, row.outcome, row.waitsFor, row.creditMinor, row.restockUnits]),
      ).toEqual([
        ['C1', 'plain', null, 2550, 2],
        ['C2', 'charge-plain', null, 1800, 0],
        ['C4', 'plain', 'approval', 0, 0],
        ['C5', 'plain', 'X-64', 0, 0],
      ]);
      expect(totals.goods).toEqual({ returns: 1, creditMinor: 2550, restockUnits: 2 });
      expect(totals.charges).toEqual({ returns: 1, creditMinor: 1800 });
      expect(totals.misfits).toEqual([
        { returnNo: 'C1', words: 'the books hold 25.50 and 2 units; expected: 25.51 and 2 units' },
      ]);
      expect(ended.err).toMatch(/returns-2011-02\.csv line 4: quantity must be a positive whole number/);
      expect(ended.code).toBe(1);
    },
    10 * MINUTES,
  );

  test.each([
    [['--history', 'nowhere'], 'there is no folder'],
    [['--history', '.'], 'no orders-yyyy-mm.csv or .csv.gz lies'],
    [['--history', '.', '--policy', 'lax'], '--policy is "lax"; allowed is open or house'],
    [['--history', '.', '--from', '2010-13-01'], '--from is "2010-13-01"; a day such as 2010-12-01 is allowed'],
    [['--history', '.', '--days', '0'], '--days is "0"'],
    [['--history', '.', '--misbehave', '2'], '--misbehave is "2"'],
    [[], "required option '--history <dir>' not specified"],
  ])(
    'refuses %j as wrong usage before it starts anything',
    async (args, words) => {
      const ended = await rehearse(...args);
      expect([ended.code, ended.out]).toEqual([2, '']);
      expect(ended.err).toContain(words);
    },
    2 * MINUTES,
  );
});
