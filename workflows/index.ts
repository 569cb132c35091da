/** What the bundler starts from: one export line per workflow, nothing else. */
export { expectedReceipt, expectedReceiptReversal } from './expected-receipt/workflow.js';
export { intakeFeed } from './intake/workflow.js';
export { poReceipt, poReceiptReversal } from './po-receipt/workflow.js';
export { returnToStock, returnToStockReversal } from './return-to-stock/workflow.js';
export { standingRound } from './standing/workflow.js';
