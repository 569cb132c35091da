/** Posting a queued document at the end of a cycle: validated a second time, then booked (facts/blue-cherry.md 3.5). */
import type { BlueCherryError, JournalLine } from '../../clients/blue-cherry/schema.js';
import { applyAdjustment, returnRefusal } from './adjustments.js';
import { closedReason, notReversible } from './checks.js';
import { applyCreditMemo, creditRefusal } from './credit-memos.js';
import { markPosted, markRejected } from './documents.js';
import { adjustmentJournal, creditMemoJournal, receiptJournal } from './journals.js';
import { ledgerLines } from './ledger-journals.js';
import type { State, Stored } from './model.js';
import { applyReceipt, receiptRefusal } from './po-receipts.js';
import { applyShipment } from './shipping.js';

/** Faults that a test put on the board for the moment of posting. */
function injected(state: State, stored: Stored): BlueCherryError | null {
  const fault = state.faults.take('blue-cherry', stored.operation, { body: stored.payload }, [
    'period-closed-at-posting',
    'reject-at-posting',
  ]);
  if (fault === null) return null;
  const period = stored.wire.postingDate.slice(0, 7);
  if (fault.kind === 'period-closed-at-posting')
    return { code: 'PERIOD_CLOSED', message: `fiscal period ${period} was closed before posting`, resource: period };
  const code = fault.code ?? 'CREDIT_EXCEEDS_INVOICED';
  return { code, message: `refused at posting: ${code}` };
}

/** Why the document cannot be posted, or null. */
function refusal(state: State, stored: Stored): BlueCherryError | null {
  const { wire } = stored;
  const closed = closedReason(state, wire.postingDate);
  if (closed !== null) return { code: 'PERIOD_CLOSED', message: closed, resource: wire.postingDate.slice(0, 7) };
  const original = state.documents.get(wire.reverses ?? '');
  const why = original === undefined ? null : notReversible(state, original, wire.transactionNo);
  return why ?? injected(state, stored) ?? byType(state, stored);
}

function byType(state: State, stored: Stored): BlueCherryError | null {
  if (stored.wire.type === 'CREDIT_MEMO') return creditRefusal(state, stored);
  if (stored.wire.type === 'PO_RECEIPT') return receiptRefusal(state, stored);
  if (stored.wire.type === 'ADJUSTMENT') return returnRefusal(state, stored);
  return null;
}

/** The journal of a document as it stands. */
export function journalOf(state: State, stored: Stored): JournalLine[] {
  switch (stored.wire.type) {
    case 'CREDIT_MEMO':
      return creditMemoJournal(state, stored);
    case 'ADJUSTMENT':
      return adjustmentJournal(state, stored);
    case 'PO_RECEIPT':
      return receiptJournal(state, stored);
    case 'GL_JOURNAL':
      return ledgerLines(stored);
    case 'SHIPMENT':
    case 'INVOICE':
      return stored.journal;
  }
}

function apply(state: State, stored: Stored): void {
  if (stored.wire.type === 'CREDIT_MEMO') applyCreditMemo(state, stored);
  if (stored.wire.type === 'ADJUSTMENT') applyAdjustment(state, stored);
  if (stored.wire.type === 'PO_RECEIPT') applyReceipt(state, stored);
}

/** Posts one queued document or rejects it, with the stamp all documents of its cycle bear. */
export function postOne(state: State, stored: Stored, stamp: { at: string; cycleNo: number | null }): void {
  const error = refusal(state, stored);
  if (error !== null) return markRejected(stored, stamp, error);
  if (stored.wire.type === 'SHIPMENT') return applyShipment(state, stored, stamp);
  apply(state, stored);
  markPosted(stored, stamp, journalOf(state, stored));
  const original = state.documents.get(stored.wire.reverses ?? '');
  if (original === undefined) return;
  original.wire.reversedBy = stored.wire.transactionNo;
  original.wire.modifiedAt = stamp.at;
}
