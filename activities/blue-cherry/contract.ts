/** The verbs Blue Cherry offers to sagas, in domain terms. */
import type { FiscalPeriod } from '../../domain/business-date.js';
import type { CreditMemo, PoReceipt, ReplacementOrder, StockAdjustment } from '../../domain/documents.js';
import type { PurchaseOrder } from '../../domain/receipt/purchase-order.js';
import type { Sold } from '../../domain/return/sold.js';
import type { PostingRequest, PostingResult, ReversalRequest } from '../posting/contract.js';

/** What an order is after it was to be closed or opened; `unknown`: there is none; `refused`: the ERP's own no. */
export type ReceivingState = { state: PurchaseOrder['status'] | 'unknown' } | { state: 'refused'; why: string };

export interface BlueCherry {
  /**
   * The orders and invoices a return names, with the fiscal periods its date may fall in. An order not there, or not
   * yet invoiced, is left out of `orders`/`invoices`, so the saga can wait for it (T-39). Never rejects for absence.
   * `businessDate` leaves only its own period and the next open one: an ERP lists those of decades.
   */
  findSold(query: { orderNos: string[]; businessDate?: string }): Promise<Sold>;
  postCreditMemo(request: PostingRequest<CreditMemo>): Promise<PostingResult>;
  postStockAdjustment(request: PostingRequest<StockAdjustment>): Promise<PostingResult>;
  postReceipt(request: PostingRequest<PoReceipt>): Promise<PostingResult>;
  reverseReceipt(request: ReversalRequest): Promise<PostingResult>;
  /** A purchase order as it stands now, null when there is none; with the periods a day falls in. */
  findPurchaseOrder(query: {
    poNo: string;
    businessDate: string;
  }): Promise<{ order: PurchaseOrder | null; periods: FiscalPeriod[] }>;
  /** Units of items on hand in a warehouse, as the ERP's last cycle left them; one it does not show has none. */
  findOnHand(query: { warehouse: string; items: string[] }): Promise<{ item: string; units: number }[]>;
  /** Closes an order for receiving when nothing is to come on it but what was given up; answers what it is now. */
  closeForReceiving(request: { poNo: string; givenUp: { poLine: number; units: number }[] }): Promise<ReceivingState>;
  /** Opens an order again that was closed for receiving; answers what it is now. */
  reopenForReceiving(request: { poNo: string }): Promise<ReceivingState>;
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
