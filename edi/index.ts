/** X12 for programs that move money: reading, writing, acknowledging. See README.md. */
export { read, readSync, type Bytes, type ReadOptions } from './read.js';
export type { GroupHeader, InterchangeHeader, Item, Transaction } from './items.js';
export { RULES, worst, type Fault, type Rule, type Severity } from './faults.js';
export { AMAZON, PROFILES, STANDARD, type Deviation, type Profile } from './profile.js';
export { LIMITS, type Limits } from './limits.js';
export { schemaFor, type Document } from './sets/index.js';
export type { Invoice } from './sets/810.js';
export type { Remittance } from './sets/820.js';
export type { ShipLevel, ShipNotice } from './sets/856.js';
export { balanceOf, CONVENTIONS, type Balance, type Convention } from './sets/balance.js';
export { WriteRefused, type Outgoing, type OutgoingGroup, type Party } from './outgoing.js';
export { countingFrom, write, writeChunks, type ControlNumbers, type WriteOptions } from './write.js';
export { rewrite } from './rewrite.js';
export { outlineOf, verdictOf, type Outline, type OutlineSegment, type Verdict } from './outline.js';
export type { OutlineElement } from './outline-elements.js';
export { faultText, outlineLines, visible, type OutlineLine } from './outline-text.js';
export type { FunctionalAcknowledgement } from './sets/997.js';
export type { InterchangeAcknowledgement } from './sets/ta1.js';
export {
  acknowledging,
  type Acknowledgement,
  type AcknowledgingOptions,
  type GroupAnswer,
  type InterchangeAnswer,
} from './acknowledge.js';
export {
  matchAcknowledgement,
  type Contradiction,
  type MatchedAcknowledgement,
  type Outcome,
  type SentGroup,
  type SentTransaction,
  type TransactionOutcome,
} from './match.js';
export { replyTo } from './reply.js';
