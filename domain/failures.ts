/**
 * The closed lists of what can go wrong: failure types, exception codes, owners. Nothing else invents one.
 * A test compares this file with docs/playbook and docs/reference.
 */
import { z } from 'zod';

export const Owner = z.enum([
  'finance',
  'warehouse',
  'operations',
  'ecommerce',
  'wholesale',
  'buying',
  'payables',
  'integration-support',
]);
export type Owner = z.infer<typeof Owner>;

export const Severity = z.enum(['critical', 'high', 'medium']);
export type Severity = z.infer<typeof Severity>;

/** Who can be told and, by config/people.yaml, be somebody: owners, their leads, and who is only informed. */
export const Role = z.enum([
  ...Owner.options,
  ...Owner.options.map((owner) => `${owner}-lead` as const),
  'merchandising',
  'cx',
]);
export type Role = z.infer<typeof Role>;

/** One exception of requirements.md 11.2: its sentence is what every screen shows. */
export interface Exception {
  readonly sentence: string;
  readonly severity: Severity;
  readonly owner: Owner;
  readonly deputy: Owner;
  /** Told when it is not taken up or not resolved in time. */
  readonly escalation: Role;
}

const exception = (sentence: string, severity: Severity, owner: Owner, deputy: Owner, escalation: Role): Exception => ({
  sentence,
  severity,
  owner,
  deputy,
  escalation,
});

/** The exceptions that the return process and the shared mechanisms raise (requirements.md 11.2). */
export const EXCEPTIONS = {
  'X-01': exception('Posted without a proven ledger entry', 'high', 'finance', 'operations', 'finance-lead'),
  'X-02': exception('Article code fits no item of the ERP', 'high', 'operations', 'ecommerce', 'merchandising'),
  'X-03': exception('Location has no warehouse and division', 'high', 'warehouse', 'operations', 'operations'),
  'X-04': exception(
    'ERP stayed locked or busy for too long',
    'high',
    'integration-support',
    'operations',
    'operations',
  ),
  'X-05': exception('Document missed its batch cycle', 'medium', 'operations', 'finance', 'finance'),
  'X-06': exception('Document was posted only in part', 'high', 'operations', 'finance', 'finance'),
  'X-08': exception('Two articles share one normalised code', 'high', 'operations', 'ecommerce', 'merchandising'),
  'X-09': exception('Return without an original order', 'medium', 'finance', 'operations', 'finance-lead'),
  'X-10': exception('Only one half of the return is posted', 'high', 'finance', 'warehouse', 'finance-lead'),
  'X-11': exception('More returned than was shipped and not yet returned', 'medium', 'warehouse', 'finance', 'finance'),
  'X-12': exception('Refund differs from what was sold', 'high', 'finance', 'operations', 'finance-lead'),
  'X-16': exception('Received more or less than expected', 'medium', 'warehouse', 'buying', 'finance'),
  'X-17': exception('Received article is not on the purchase order', 'medium', 'warehouse', 'buying', 'finance'),
  'X-18': exception('Receipt for an unknown or closed purchase order', 'high', 'finance', 'buying', 'operations'),
  'X-19': exception(
    'Received in full and the purchase order is still open',
    'medium',
    'finance',
    'buying',
    'finance-lead',
  ),
  'X-24': exception('The accounting period of the event is closed', 'high', 'finance', 'operations', 'finance-lead'),
  'X-37': exception('Return is late in the ERP', 'high', 'finance', 'ecommerce', 'ecommerce'),
  'X-43': exception(
    'A reversal was refused: the process is half undone',
    'critical',
    'finance',
    'integration-support',
    'finance-lead',
  ),
  'X-45': exception('Carton or prepack without its contents', 'critical', 'buying', 'operations', 'merchandising'),
  'X-58': exception(
    'A feed has been silent for longer than its rhythm',
    'high',
    'integration-support',
    'operations',
    'operations',
  ),
  'X-60': exception('An approval is overdue', 'high', 'finance', 'operations', 'finance-lead'),
  'X-61': exception('Goods are back in stock and no credit is decided', 'high', 'finance', 'ecommerce', 'ecommerce'),
  'X-62': exception(
    'More than one document carries one reference',
    'critical',
    'finance',
    'integration-support',
    'finance-lead',
  ),
  'X-63': exception('A row or message could not be read', 'medium', 'integration-support', 'operations', 'operations'),
  'X-64': exception(
    'Return before its order was dispatched: cancel instead?',
    'medium',
    'operations',
    'ecommerce',
    'cx',
  ),
} as const satisfies Record<string, Exception>;

export type ExceptionCode = keyof typeof EXCEPTIONS;
export const ExceptionCode = z.enum(Object.keys(EXCEPTIONS) as [ExceptionCode, ...ExceptionCode[]]);

/** What family a failure belongs to decides its fate (style.md part 5). */
export type FailureFamily = 'trouble' | 'rejection' | 'waiting';

interface Failure {
  readonly family: FailureFamily;
  /** For rejections: the exception it opens. */
  readonly code?: ExceptionCode;
}

/**
 * Failure types as thrown by activities (`ApplicationFailure.type`).
 * Trouble and waiting are retried and never reach a saga; a rejection is the counterpart's own no.
 */
export const FAILURES = {
  Unreachable: { family: 'trouble' },
  NoReply: { family: 'trouble' },
  Busy: { family: 'trouble' },
  RecordLocked: { family: 'trouble' },
  BatchWindow: { family: 'trouble' },
  Unauthorised: { family: 'trouble' },
  Malformed: { family: 'trouble' },
  Held: { family: 'waiting' },
  NotYet: { family: 'waiting' },
  NotYetKnown: { family: 'waiting' },
  NotPosted: { family: 'waiting' },
  UnmappedLocation: { family: 'rejection', code: 'X-03' },
  UnknownSku: { family: 'rejection', code: 'X-02' },
  AmbiguousSku: { family: 'rejection', code: 'X-08' },
  UnknownAccount: { family: 'rejection', code: 'X-12' },
  TotalsDiffer: { family: 'rejection', code: 'X-12' },
  PeriodClosed: { family: 'rejection', code: 'X-24' },
  CreditExceedsInvoiced: { family: 'rejection', code: 'X-11' },
  AlreadyReversed: { family: 'rejection', code: 'X-43' },
  Invoiced: { family: 'rejection', code: 'X-43' },
  PurchaseOrderClosed: { family: 'rejection', code: 'X-18' },
  ExceedsOpen: { family: 'rejection', code: 'X-16' },
  NotOnPurchaseOrder: { family: 'rejection', code: 'X-17' },
  LinesRefused: { family: 'rejection', code: 'X-06' },
  LookAlike: { family: 'rejection', code: 'X-62' },
  ReferenceReused: { family: 'rejection', code: 'X-62' },
  JournalDiffers: { family: 'rejection', code: 'X-01' },
  OutcomeUnknown: { family: 'rejection', code: 'X-62' },
  Refused: { family: 'rejection', code: 'X-06' },
  InvalidInput: { family: 'rejection', code: 'X-63' },
  Declined: { family: 'rejection' },
} as const satisfies Record<string, Failure>;

export type FailureType = keyof typeof FAILURES;

/** The sentence for a code, so that nobody reads a code alone. */
export const sentenceOf = (code: ExceptionCode): string => EXCEPTIONS[code].sentence;
