/** Clocks T-01 to T-20 of requirements.md 11.3: stock, orders, receipts. */
export interface Timer {
  /** `Starts when …`, a clause. */
  start: string;
  warn: string;
  due: string;
  /** `business` counts working hours, `warehouse` the warehouse's, `calendar` days, `wall` every minute. */
  calendar: 'wall' | 'business' | 'warehouse' | 'calendar';
  /** Exceptions it raises; or what it does instead. */
  breach: string;
  /** What a breach means, as a sentence for people. */
  sentence: string;
}

/** One row of the table, in its own order of columns. */
export const timer = (
  start: string,
  warn: string,
  due: string,
  calendar: Timer['calendar'],
  breach: string,
  sentence: string,
): Timer => ({ start, warn, due, calendar, breach, sentence });

export const TIMERS_OF_FLOWS = {
  'T-01': timer(
    'a movement was captured',
    'end of the first batch cycle after it',
    'end of the second batch cycle',
    'wall',
    'X-01 X-26',
    "The movement is not in the ERP's ledger",
  ),
  'T-02': timer(
    'stock was last synchronised',
    'one cadence',
    'two cadences',
    'wall',
    'X-34 X-26',
    'Stock figures are stale',
  ),
  'T-03': timer(
    'a batch cycle was planned',
    '15 min before its cut-off',
    'its cut-off',
    'wall',
    'X-05',
    'The document missed its batch cycle',
  ),
  'T-04': timer(
    'the return was captured',
    '1 h',
    '4 h to the credit memo, approval time apart',
    'business',
    'X-37',
    'The return is not credited in the ERP',
  ),
  'T-05': timer(
    'the first half of the return was posted',
    '30 min',
    '60 min for the other half',
    'wall',
    'X-10',
    'Only one half of the return is posted',
  ),
  'T-06': timer(
    'the order was captured',
    '10 min',
    '15 min to the sales order',
    'wall',
    'X-30 X-15',
    'The order is not in the ERP',
  ),
  'T-07': timer('the order was held', '1 h', '4 h', 'business', 'escalate', 'The order is still held'),
  'T-08': timer(
    'the receipt was captured',
    'end of the second batch cycle',
    'end of the third batch cycle',
    'wall',
    'X-01',
    "The receipt is not in the ERP's ledger",
  ),
  'T-09': timer(
    'the final receipt was posted',
    '12 h',
    '24 h to the close of the purchase order',
    'wall',
    'X-19',
    'The purchase order is received in full and still open',
  ),
  'T-10': timer(
    'a reconciliation was due',
    'never',
    'daily, and after each cycle',
    'wall',
    'X-58',
    'The reconciliation did not run',
  ),
  'T-11': timer(
    'the variance was opened',
    '1 business day',
    '3 business days, and before close',
    'business',
    'escalate',
    'The variance is still unexplained',
  ),
  'T-12': timer(
    'the order was sent to the warehouse system',
    '10 min',
    '20 min to its acceptance',
    'wall',
    'X-20',
    'The warehouse system has not accepted the order',
  ),
  'T-13': timer(
    'the order was accepted',
    'three quarters of the promise',
    'the ship promise less handling time',
    'warehouse',
    'X-21',
    'The order is not picked in time',
  ),
  'T-14': timer('the dispatch was captured', '30 min', '60 min to post', 'wall', 'X-22', 'The dispatch is not posted'),
  'T-15': timer(
    "the period's end came near",
    '4 h before cut-off',
    'cut-off',
    'wall',
    'X-22 X-24',
    'The period ends with dispatches not posted',
  ),
  'T-16': timer(
    'the return to stock was captured',
    '30 min',
    '60 min to post',
    'wall',
    'X-27',
    'The return to stock is not posted',
  ),
  'T-17': timer(
    'the article was created in the ERP',
    '30 min',
    '60 min to be everywhere',
    'wall',
    'X-02',
    'The article is not known everywhere',
  ),
  'T-18': timer(
    'the day was cut off',
    '30 min after cut-off',
    '2 h after cut-off, all orders in',
    'wall',
    'X-39',
    'Orders of the day are missing',
  ),
  'T-19': timer(
    'the availability changed',
    'one cadence of its class',
    'two cadences',
    'wall',
    'X-34',
    'A channel shows a stale availability',
  ),
  'T-20': timer('the shipment was posted', '1 h', '2 h', 'wall', 'X-35', 'The shop does not show the shipment'),
} as const satisfies Record<string, Timer>;
