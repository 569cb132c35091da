/** What a history's folder says must come of each return (data/online-retail/README.md), and how a policy changes it. */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { minorOf } from '../../domain/money.js';
import type { Policy } from '../../domain/policy.js';
import { readRows } from '../../sandbox/history/rows.js';

export interface Expected {
  returnNo: string;
  outcome: string;
  /** Minor units net and units of a plain return under no limits; null where no document is expected. */
  creditMinor: bigint | null;
  restockUnits: number;
  /** Shortest time between one of its orders and the return; null without an order. */
  minutesSinceOrder: number | null;
}

export interface ExpectedOutcomes {
  rows: Map<string, Expected>;
  faults: { file: string; line: number; why: string }[];
  /** False when the folder holds no expected-* files. */
  given: boolean;
}

const NAME = /^expected-\d{4}-\d{2}\.csv(\.gz)?$/;
const OUTCOME = /^(charge-)?(plain|no-original|exceeds|refund-above-sold|refund-below-sold|unmapped-location)$/;

function whole(record: Record<string, string>, name: string): number | null {
  const text = record[name] ?? '';
  if (text === '') return null;
  if (!/^\d{1,12}$/.test(text)) throw new RangeError(`${name} must be a whole number or empty; found "${text}"`);
  return Number(text);
}

function toExpected(record: Record<string, string>): Expected {
  const returnNo = record['return_no'] ?? '';
  const outcome = record['outcome'] ?? '';
  if (returnNo === '') throw new RangeError('return_no is empty');
  if (!OUTCOME.test(outcome)) throw new RangeError(`outcome "${outcome}" is none of the README's words`);
  const credit = whole(record, 'credit_minor');
  return {
    returnNo,
    outcome,
    creditMinor: credit === null ? null : BigInt(credit),
    // A charge puts nothing into stock, whatever its row says of units.
    restockUnits: outcome === 'plain' ? (whole(record, 'restock_units') ?? 0) : 0,
    minutesSinceOrder: whole(record, 'minutes_since_order'),
  };
}

/** Reads every expected-yyyy-mm.csv or .csv.gz of a folder; a row that does not parse becomes a fault. */
export async function readExpected(dir: string): Promise<ExpectedOutcomes> {
  const names = (await readdir(dir)).filter((name) => NAME.test(name)).sort();
  const found: ExpectedOutcomes = { rows: new Map(), faults: [], given: names.length > 0 };
  for (const file of names) {
    const raw = createReadStream(join(dir, file));
    const text = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
    const parser = parse({ columns: true, bom: true, info: true, relax_column_count: true, skip_empty_lines: true });
    raw.on('error', (error: Error) => parser.destroy(error));
    text.on('error', (error: Error) => parser.destroy(error));
    for await (const each of text.pipe(parser)) {
      const { record, info } = each as { record: Record<string, string>; info: { lines: number } };
      try {
        const row = toExpected(record);
        found.rows.set(row.returnNo, row);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        found.faults.push({ file, line: info.lines, why: error.message });
      }
    }
  }
  return found;
}

const DAY_MS = 86_400_000;

/**
 * The part of the past that is played: from a day, the first with a return unless given, for so many days; and about
 * how many returns lie in it, the measure of how long the play should take.
 */
export async function partOf(dir: string, { from, days }: { from?: string; days?: number }) {
  const dayOf = new Map<string, string>();
  await readRows(dir, 'returns', (row) => dayOf.set(row.text('return_no'), row.text('returned_at').slice(0, 10)), []);
  const first = from ?? [...dayOf.values()].sort()[0] ?? '';
  const last =
    days === undefined || first === ''
      ? '9999-12-31'
      : new Date(Date.parse(first) + (days - 1) * DAY_MS).toISOString().slice(0, 10);
  const returns = [...dayOf.values()].filter((day) => day >= first && day <= last).length;
  return { from: days === undefined ? from : first, days, returns };
}

const WAIT_OF_CLASS: Readonly<Record<string, string>> = {
  'no-original': 'X-09',
  exceeds: 'X-11',
  'refund-above-sold': 'X-12',
  'refund-below-sold': 'X-12',
  'unmapped-location': 'X-03',
};

/**
 * What a return must wait for under a policy: its class's own question; for a plain one the lead time of dispatch
 * (goods only), then the limit for one return. Null: it posts without a person.
 */
export function expectedWait(row: Expected, policy: Pick<Policy, 'dispatchLeadMinutes' | 'limits'>): string | null {
  const charge = row.outcome.startsWith('charge-');
  const wait = WAIT_OF_CLASS[charge ? row.outcome.slice('charge-'.length) : row.outcome];
  if (wait !== undefined) return wait;
  const { minutesSinceOrder, creditMinor } = row;
  if (!charge && minutesSinceOrder !== null && minutesSinceOrder < policy.dispatchLeadMinutes) return 'X-64';
  const limit = policy.limits.creditPerReturn;
  return limit !== null && creditMinor !== null && creditMinor > minorOf(limit) ? 'approval' : null;
}
