import type { Fault } from './faults.js';
import type { Document } from './sets/index.js';
import type { InterchangeAcknowledgement } from './sets/ta1.js';
import type { ReleaseRead } from './schema/release.js';
import type { Separators } from './syntax/separators.js';
import type { Spelling } from './syntax/spelling.js';

/** What an ISA says (X12.5); identifiers without the blanks that fill them up. */
export interface InterchangeHeader {
  readonly senderQualifier: string /* ISA05 */;
  readonly sender: string /* ISA06 */;
  readonly receiverQualifier: string /* ISA07 */;
  readonly receiver: string /* ISA08 */;
  /** `2026-03-31`; empty if ISA09 is no day */
  readonly date: string /* ISA09 */;
  /** `09:30`; empty if ISA10 is no time */
  readonly time: string /* ISA10 */;
  readonly version: string /* ISA12 */;
  readonly controlNumber: string /* ISA13 */;
  readonly acknowledgementRequested: boolean /* ISA14 */;
  readonly usage: string /* ISA15: P production, T test, I information */;
  readonly separators: Separators;
}

/** What a GS says. */
export interface GroupHeader {
  readonly functionalId: string /* GS01 */;
  readonly sender: string /* GS02 */;
  readonly receiver: string /* GS03 */;
  readonly date: string /* GS04 */;
  readonly time: string /* GS05 */;
  readonly controlNumber: string /* GS06 */;
  readonly agency: string /* GS07 */;
  readonly release: ReleaseRead /* GS08 */;
}

/** A transaction: what it is, its document if it can be used, what is wrong with it, its bytes. */
export interface Transaction {
  readonly kind: 'transaction';
  readonly set: string /* ST01 */;
  readonly controlNumber: string /* ST02 */;
  readonly interchange: InterchangeHeader;
  /** null when it stands outside any group */
  readonly group: GroupHeader | null;
  /** null when the set is not known to this library, or when a fatal fault leaves nothing to rely on */
  readonly document: Document | null;
  readonly faults: readonly Fault[];
  readonly spelling: Spelling;
}

/** How a group or interchange ended. Its own faults are the ones that concern it whole. */
interface End {
  readonly faults: readonly Fault[];
  /** null when the trailer is missing */
  readonly spelling: Spelling | null;
}

/**
 * What a reader hands out, in the order of the file; every byte belongs to one item. A transaction is handed out as
 * soon as it ended: whether its group and interchange are whole is only known at their end.
 */
export type Item =
  | {
      readonly kind: 'interchange';
      readonly interchange: InterchangeHeader;
      readonly faults: readonly Fault[];
      readonly spelling: Spelling;
    }
  | {
      readonly kind: 'group';
      readonly interchange: InterchangeHeader;
      readonly group: GroupHeader;
      readonly faults: readonly Fault[];
      readonly spelling: Spelling;
    }
  | Transaction
  | ({
      readonly kind: 'group-end';
      readonly interchange: InterchangeHeader;
      readonly group: GroupHeader;
      readonly transactions: number;
    } & End)
  | ({ readonly kind: 'interchange-end'; readonly interchange: InterchangeHeader; readonly groups: number } & End)
  /** segments that stand where none may: between groups, or between transactions; a TA1 too, which may stand there */
  | {
      readonly kind: 'between';
      readonly interchange: InterchangeHeader;
      /** what a TA1 says; null for any other segment, and for a TA1 that cannot be used */
      readonly acknowledgement: InterchangeAcknowledgement | null;
      readonly faults: readonly Fault[];
      readonly spelling: Spelling;
    }
  /** text outside any interchange */
  | { readonly kind: 'outside'; readonly text: string; readonly offset: number; readonly faults: readonly Fault[] };
