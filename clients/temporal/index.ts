/** The typed client of Selvedge: start a saga, decide a question, read progress. Exported as `selvedge/client`. */
export { dataConverter, failureConverterPath, payloadCodec } from './codec.js';
export { connectTemporal, type TemporalAddress, type TemporalClient } from './connection.js';
export { countOf, SAGAS, sagasByAttention, workflowsWithin } from './counts.js';
export { failureWords } from './failure-words.js';
export {
  decide,
  DecisionRefused,
  nudgeFeed,
  sendDecision,
  signalCauseSolved,
  type DecisionMessage,
} from './decisions.js';
export {
  describe,
  handleOf,
  handOnMovement,
  handOnVersion,
  progressOf,
  restartSaga,
  SAGA_QUEUE,
  startSaga,
  type SagaHandle,
} from './sagas.js';
export { startReceipt } from './receipts.js';
export { startReturn } from './returns.js';
export { toldSagas } from './histories.js';
export { ensureStanding, nudgeStanding } from './standing.js';
export type { Progress } from '../../workflows/messages.js';
export type { GoodsReceived, ReceiptResult } from '../../workflows/po-receipt/contract.js';
export type { ReturnReceived, ReturnResult } from '../../workflows/return-to-stock/contract.js';
