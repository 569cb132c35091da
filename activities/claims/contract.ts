/** Claims on quantities and limits (design.md 4): who of several returns gets the units, what a customer was credited. */
import type { Money } from '../../domain/money.js';
import type { Policy } from '../../domain/policy.js';
import type { ReturnAnswer } from '../../domain/return/answers.js';
import type { ReturnDocument } from '../../domain/return/document.js';
import type { ReturnFacts } from '../../domain/return/facts.js';
import type { GoodsIn } from '../../domain/receipt/document.js';
import type { ReceiptAnswer } from '../../domain/receipt/answers.js';
import type { ReceiptFacts } from '../../domain/receipt/facts.js';
import type { PurchaseOrder } from '../../domain/receipt/purchase-order.js';
import type { Sold } from '../../domain/return/sold.js';

export interface Claims {
  /**
   * Looks up the mappings, claims the quantities in source order (a grant once written never changes) and adds the
   * credit to the customer's day. Asked again with other answers it keeps its grants and corrects the day's sum.
   */
  claimReturn(input: {
    document: ReturnDocument;
    sold: Sold;
    answers: ReturnAnswer[];
    policy: Policy;
    workflowId: string;
  }): Promise<ReturnFacts>;
  /**
   * Looks up the mappings and claims the open units of the order's lines, earlier deliveries first. Asked again
   * with other answers it keeps what it was granted, takes what the order has come to take, and leaves what is refused.
   * Without an order nothing is claimed.
   */
  claimReceipt(input: {
    document: GoodsIn;
    order: PurchaseOrder | null;
    answers: ReceiptAnswer[];
    /** The company's, for the business dates of other deliveries. */
    zone: string;
  }): Promise<ReceiptFacts>;
  /** Notes units of an order that a person said never arrive; said again it changes nothing. */
  giveUp(input: {
    document: GoodsIn;
    poNo: string;
    lines: { poLine: number; units: number }[];
    by: string;
    why: string;
  }): Promise<void>;
  /** What of an order never arrives, over all its deliveries. */
  givenUp(input: { poNo: string }): Promise<{ givenUp: { poLine: number; units: number }[] }>;
  /**
   * Gives a delivery's units back: declined, reversed, corrected. `gaveUp` are the orders of which it had said that units
   * never arrive: asked again it answers the same.
   */
  giveBackReceipt(input: { source: string; goodsInNo: string; why: string }): Promise<{ gaveUp: string[] }>;
  /** The ERP's reason for one of a source's on a day, null when it is unmapped, and who made the row. */
  reasonFor(input: {
    source: string;
    reason: string;
    businessDate: string;
  }): Promise<{ reason: string | null; mappedBy: string[] }>;
  /** Gives quantities and the day's sum back: declined, withdrawn, reversed. */
  giveBack(input: { source: string; returnNo: string; why: string }): Promise<{ given: Money | null }>;
}
