/** What the sandbox's books hold for each return: money credited, net of tax, and units put back into stock. */
import { sql } from 'kysely';
import type { Db } from '../../store/database.js';
import type { BookDocument } from '../day/control.js';

export interface Credited {
  /** Minor units, net: of lines with an article, and of charges. */
  goods: bigint;
  charges: bigint;
  units: number;
  documents: number;
}

export interface BookedCredits {
  byReturn: Map<string, Credited>;
  /** Documents in the books that no return of ours accounts for, in words. */
  strays: string[];
}

export const NOTHING: Credited = { goods: 0n, charges: 0n, units: 0, documents: 0 };

const KINDS = ['credit memo', 'inventory adjustment'];
const SCALE = 2;

/** Minor units of a decimal with at most two places. Throws RangeError for anything else. */
function minorOf(decimal: string): bigint {
  const found = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(decimal);
  if (found === null) throw new RangeError(`the books hold the amount "${decimal}", not a decimal of two places`);
  const value = BigInt((found[2] ?? '') + (found[3] ?? '').padEnd(SCALE, '0'));
  return found[1] === '-' ? -value : value;
}

/** Return number by external reference, as our postings know it. */
async function owners(db: Db): Promise<Map<string, string>> {
  const { rows } = await sql<{ ref: string; key: string }>`
    select external_ref as ref, split_part(workflow_id, ':', 3) as key from posting`.execute(db);
  return new Map(rows.map(({ ref, key }) => [ref, key]));
}

/** Adds up everything that stands in the books, reversals with their own sign; refused documents count for nothing. */
export async function creditedBy(db: Db, documents: readonly BookDocument[]): Promise<BookedCredits> {
  const ownerOf = await owners(db);
  const byReturn = new Map<string, Credited>();
  const strays: string[] = [];
  for (const document of documents) {
    if (!KINDS.includes(document.kind) || document.status === 'REJECTED') continue;
    const owner = ownerOf.get(document.externalRef ?? '');
    if (owner === undefined) {
      strays.push(
        `${document.kind} ${document.number ?? ''} is nobody's (reference ${document.externalRef ?? 'none'})`,
      );
      continue;
    }
    if (document.status !== 'POSTED') strays.push(`${document.kind} ${document.number ?? ''} is ${document.status}`);
    const known = byReturn.get(owner) ?? NOTHING;
    const sum = (amounts: (string | null)[]): bigint =>
      amounts.reduce((total, text) => total + minorOf(text ?? '0'), 0n);
    const isMemo = document.kind === 'credit memo';
    byReturn.set(owner, {
      goods: known.goods + (isMemo ? sum(document.lines.map((line) => line.amount)) : 0n),
      charges: known.charges + (isMemo ? sum(document.charges.map((charge) => charge.amount)) : 0n),
      units: known.units + (isMemo ? 0 : document.lines.reduce((units, line) => units + Number(line.quantity), 0)),
      documents: known.documents + 1,
    });
  }
  return { byReturn, strays };
}
