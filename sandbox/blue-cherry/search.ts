/** Searches and listings: pages of 200 in a stated order (facts/blue-cherry.md 3.4). */
import type { Transaction, TransactionPage } from '../../clients/blue-cherry/schema.js';
import { Refusal } from '../core/index.js';
import { shownDocument } from './documents.js';
import { cycleEndedSince } from './model.js';
import type { State, Stored } from './model.js';

export const PAGE = 200;
type Query = Record<string, string>;

/** Whether a search may show what was stored: not while it is hidden, or this search lags, and no cycle has ended. */
export const found = (state: State, stored: { hidden: boolean; storedInCycle: number }, lags: boolean): boolean =>
  (!stored.hidden && !lags) || cycleEndedSince(state, stored.storedInCycle);

/** Whether this search meets a lag of its own. */
export const searchLags = (state: State, operation: string, query: Query): boolean =>
  state.faults.take('blue-cherry', operation, { query }, ['lookup-lag']) !== null;

/** Cuts a page out of rows in order; the cursor is the position and key of the last one given. */
export function pageOf<T>(rows: readonly T[], cursor: string | undefined, keyOf: (row: T) => string) {
  const from = cursor === undefined ? '' : read(cursor);
  const start = from === '' ? 0 : firstAfter(rows, from, keyOf);
  const page = rows.slice(start, start + PAGE);
  const last = page.at(-1);
  const more = start + PAGE < rows.length && last !== undefined;
  return { page, ...(more ? { cursor: Buffer.from(keyOf(last)).toString('base64url') } : {}) };
}

function firstAfter<T>(rows: readonly T[], key: string, keyOf: (row: T) => string): number {
  const index = rows.findIndex((row) => keyOf(row) > key);
  return index === -1 ? rows.length : index;
}

function read(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  if (key === '') throw new Refusal(400, 'BAD_CURSOR', `"${cursor}" is no cursor of ours`);
  return key;
}

/** An instant given as `modifiedSince`, or 400. */
export function since(query: Query): string {
  const text = query['modifiedSince'] ?? '';
  if (text === '') return '';
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new Refusal(400, 'BAD_REQUEST', `modifiedSince "${text}" is no instant`);
  return new Date(time).toISOString();
}

/** Order of the listing: a cycle stamps many with one modifiedAt, so the number decides among them. */
const listingKey = (wire: Transaction): string => `${wire.modifiedAt}\n${wire.transactionNo}`;

/** GET /transactions: by reference, by order and type, or what changed since. */
export function searchTransactions(state: State, query: Query): TransactionPage {
  const lags = searchLags(state, 'transactions', query);
  const from = since(query);
  const candidates: Iterable<Stored> =
    query['externalRef'] === undefined
      ? state.documents.values()
      : (state.documentsOfReference.get(query['externalRef']) ?? []);
  const rows: Stored[] = [];
  for (const stored of candidates) {
    const { wire } = stored;
    if (wire.modifiedAt < from || !found(state, stored, lags)) continue;
    if (query['orderNo'] !== undefined && wire.orderNo !== query['orderNo']) continue;
    if (query['type'] !== undefined && wire.type !== query['type']) continue;
    rows.push(stored);
  }
  const keyed = rows.map((stored) => ({ key: listingKey(stored.wire), stored }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  const { page, cursor } = pageOf(keyed, query['cursor'], (row) => row.key);
  return {
    transactions: page.map((row) => shownDocument(state, row.stored)),
    ...(cursor === undefined ? {} : { cursor }),
  };
}
