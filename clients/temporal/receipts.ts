/** Starting the receipt of a delivery: what services build on. */
import type { Client } from '@temporalio/client';
import { GoodsReceived, receiptProcess, type ReceiptResult } from '../../workflows/po-receipt/contract.js';
import { startSaga, type SagaHandle } from './sagas.js';

/**
 * Starts the saga of a delivery, or joins the one that runs or has run: it is received once.
 * @throws ZodError when the input is no delivery; @throws Error when Temporal cannot be reached.
 */
export const startReceipt = async (client: Client, input: GoodsReceived): Promise<SagaHandle<ReceiptResult>> =>
  startSaga(client, receiptProcess, GoodsReceived.parse(input).goodsInNo);
