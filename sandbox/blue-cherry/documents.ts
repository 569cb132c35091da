/** Documents of the books: stored under their number and reference, changed only here. */
import type { BlueCherryError, JournalLine, Transaction } from '../../clients/blue-cherry/schema.js';
import { nextNumber } from './model.js';
import type { State, Stored } from './model.js';

const SERIES: Record<Transaction['type'], string> = {
  CREDIT_MEMO: 'CM',
  ADJUSTMENT: 'IA',
  PO_RECEIPT: 'RC',
  SHIPMENT: 'SH',
  GL_JOURNAL: 'GJ',
  INVOICE: 'IN',
};

type Given = Partial<Omit<Transaction, 'type' | 'externalRef' | 'division' | 'postingDate'>> &
  Pick<Transaction, 'type' | 'externalRef' | 'division' | 'postingDate'>;

/** A QUEUED transaction of now; what is not given is empty. */
export function newTransaction(state: State, given: Given): Transaction {
  const now = state.clock.instant();
  return {
    transactionNo: nextNumber(state, SERIES[given.type]),
    status: 'QUEUED',
    batchId: null,
    postedAt: null,
    createdAt: now,
    modifiedAt: now,
    modifiedBy: 'API',
    orderNo: null,
    invoiceNo: null,
    poNo: null,
    warehouse: null,
    customer: null,
    reasonCode: null,
    currency: null,
    total: null,
    taxTotal: null,
    lines: [],
    charges: [],
    reverses: null,
    reversedBy: null,
    errors: [],
    ...given,
  };
}

/** Puts a document into the books. A write whose fault says so stays unseen by searches for a cycle (facts 3.6). */
export function store(
  state: State,
  wire: Transaction,
  operation: string,
  payload: Record<string, unknown>,
  more: Partial<Pick<Stored, 'charges' | 'qualities' | 'landed'>> = {},
): Stored {
  const stored: Stored = {
    wire,
    operation,
    payload,
    storedInCycle: state.cycleNo,
    hidden: operation === 'by-hand' ? false : lagging(state, operation, payload),
    journal: [],
    charges: more.charges ?? [],
    qualities: more.qualities ?? new Map<number, 'FIRST' | 'IRREGULAR'>(),
    landed: more.landed ?? [],
  };
  state.documents.set(wire.transactionNo, stored);
  if (wire.externalRef !== '') {
    const bearers = state.documentsOfReference.get(wire.externalRef) ?? [];
    bearers.push(stored);
    state.documentsOfReference.set(wire.externalRef, bearers);
  }
  return stored;
}

/** Whether this write is to be hidden from searches for a cycle. */
export const lagging = (state: State, operation: string, payload: unknown): boolean =>
  state.faults.take('blue-cherry', operation, { body: payload }, ['lookup-lag'], ['lookup-lag']) !== null;

/** Marks a document POSTED in a cycle with the journal it made. */
export function markPosted(
  stored: Stored,
  stamp: { at: string; cycleNo: number | null },
  journal: JournalLine[],
): void {
  Object.assign(stored.wire, {
    status: 'POSTED',
    batchId: stamp.cycleNo,
    postedAt: stamp.at,
    modifiedAt: stamp.at,
  });
  stored.journal = journal;
}

/** Marks a document REJECTED in a cycle. */
export function markRejected(
  stored: Stored,
  stamp: { at: string; cycleNo: number | null },
  error: BlueCherryError,
): void {
  Object.assign(stored.wire, {
    status: 'REJECTED',
    batchId: stamp.cycleNo,
    modifiedAt: stamp.at,
    errors: [error],
  });
}

/** A document as the interface shows it: its journal once POSTED, unless the site leaves journals out. */
export function shownDocument(state: State, stored: Stored): Transaction {
  if (stored.wire.status !== 'POSTED' || !state.profile.journalReadable) return stored.wire;
  return { ...stored.wire, journal: stored.journal };
}
