/** The verbs Blue Cherry offers to sagas, in domain terms. */
import type { CreditMemo, ReplacementOrder, StockAdjustment } from '../../domain/documents.js';
import type { Sold } from '../../domain/return/sold.js';
import type { PostingRequest, PostingResult, ReversalRequest } from '../posting/contract.js';

export interface BlueCherry {
  /**
   * The orders and invoices a return names, with the fiscal periods its date may fall in. An order not there, or not
   * yet invoiced, is left out of `orders`/`invoices`, so the saga can wait for it (T-39). Never rejects for absence.
   * `businessDate` leaves only its own period and the next open one: an ERP lists those of decades.
   */
  findSold(query: { orderNos: string[]; businessDate?: string }): Promise<Sold>;
  postCreditMemo(request: PostingRequest<CreditMemo>): Promise<PostingResult>;
  postStockAdjustment(request: PostingRequest<StockAdjustment>): Promise<PostingResult>;
  createReplacementOrder(request: PostingRequest<ReplacementOrder>): Promise<PostingResult>;
  reverseCreditMemo(request: ReversalRequest): Promise<PostingResult>;
  reverseStockAdjustment(request: ReversalRequest): Promise<PostingResult>;
  /** Cancels the replacement order of a reference. */
  cancelReplacementOrder(request: ReversalRequest): Promise<PostingResult>;
  /** Cancels an order that was never dispatched. Answers what the ERP says it is now. */
  cancelSalesOrder(request: {
    reference: string;
    orderNo: string;
  }): Promise<{ status: 'cancelled' | 'already-shipped' }>;
}
