/** How posting tells a saga no, not yet, or not now (domain/failures.ts, style.md part 5). */
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { FAILURES, type ExceptionCode, type FailureType } from '../../domain/failures.js';
import { erpRefused } from '../../domain/words-of-others.js';
import type { PostingFailure } from '../../store/postings.js';
import type { RejectionDetails } from './contract.js';

/** No wait of an activity is longer than this; what it waits for may come earlier than the clock says. */
export const LONGEST_WAIT_MS = 60_000;
const SHORTEST_WAIT_MS = 20;

const bounded = (ms: number): number => Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, Math.ceil(ms)));

type Family<F extends string> = {
  [K in FailureType]: (typeof FAILURES)[K]['family'] extends F ? K : never;
}[FailureType];

/** Waiting for something that comes by itself: retried after `ms`, no alarm. */
export const waiting = (type: Family<'waiting'>, message: string, ms: number): ApplicationFailure =>
  ApplicationFailure.create({
    type,
    message,
    nextRetryDelay: bounded(ms),
    category: ApplicationFailureCategory.BENIGN,
  });

/** No answer, or "not now": retried after `ms`. */
export const trouble = (type: Family<'trouble'>, message: string, ms: number): ApplicationFailure =>
  ApplicationFailure.create({ type, message, nextRetryDelay: bounded(ms) });

/** The counterpart's own no, for the owner of its exception code. */
export function rejection(failure: PostingFailure): ApplicationFailure {
  const details = failure as RejectionDetails;
  return ApplicationFailure.create({
    type: details.type,
    message: details.message,
    nonRetryable: true,
    details: [details],
  });
}

/** Details of a rejection; the exception is the one its type opens. */
export function rejected(
  type: Family<'rejection'>,
  message: string,
  more: Omit<PostingFailure, 'type' | 'code' | 'message'> = {},
): PostingFailure {
  const row: { readonly family: string; readonly code?: ExceptionCode } = FAILURES[type];
  return { type, code: row.code ?? 'X-06', message, ...more };
}

/** The failure type of an ERP's code; first fit counts. */
const BY_CODE: readonly (readonly [RegExp, Family<'rejection'>])[] = [
  [/^PERIOD_CLOSED$/, 'PeriodClosed'],
  [/^(WAREHOUSE|DIVISION)_/, 'UnmappedLocation'],
  [/^SKU_/, 'UnknownSku'],
  [/^TOTAL_MISMATCH$/, 'TotalsDiffer'],
  [/^CREDIT_EXCEEDS_INVOICED$/, 'CreditExceedsInvoiced'],
  [/^GL_ACCOUNT_UNKNOWN$/, 'UnknownAccount'],
  [/^ALREADY_REVERSED$/, 'AlreadyReversed'],
  [/^INVOICED$/, 'Invoiced'],
  [/^(PO_CLOSED|PO_UNKNOWN)$/, 'PurchaseOrderClosed'],
  [/^QTY_EXCEEDS_OPEN$/, 'ExceedsOpen'],
  [/^PO_LINE_UNKNOWN$/, 'NotOnPurchaseOrder'],
];

/** Sorts the ERP's own refusal, at acceptance or at posting. */
export function refusalOf(
  code: string,
  message: string,
  more: Omit<PostingFailure, 'type' | 'code' | 'message'> = {},
): PostingFailure {
  const type = BY_CODE.find(([pattern]) => pattern.test(code))?.[1] ?? 'Refused';
  return rejected(type, erpRefused(code, message), more);
}
