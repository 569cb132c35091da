/** Starting a return: what services build on. */
import type { Client } from '@temporalio/client';
import { ReturnReceived, returnProcess, type ReturnResult } from '../../workflows/return-to-stock/contract.js';
import { startSaga, type SagaHandle } from './sagas.js';

/**
 * Starts the saga of a return, or joins the one that runs or has run: the credit memo and the restock are posted once.
 * @throws ZodError when the input is no return; @throws Error when Temporal cannot be reached.
 */
export const startReturn = async (client: Client, input: ReturnReceived): Promise<SagaHandle<ReturnResult>> =>
  startSaga(client, returnProcess, ReturnReceived.parse(input).returnNo);
