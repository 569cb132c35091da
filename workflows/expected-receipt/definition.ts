/** What both workflows of a purchase order have in common: its object and its clocks. It claims nothing. */
import { clear, raise } from '../cases.js';
import type { Run } from '../saga/run.js';
import type { OrderRaised } from './contract.js';

export const shared = {
  object: (input: OrderRaised) => ({ source: input.source, kind: 'purchase-order', key: input.poNo }),
  captured: {
    timer: 'T-08',
    onDue: (run: Run) =>
      raise(run, 'X-58', `The warehouse is not told yet of ${run.businessKey}`, 'an announcement in time', 'none yet'),
  },
  absent: {
    timer: 'T-39',
    everyMs: 60_000,
    onDue: (run: Run) =>
      raise(run, 'X-58', `${run.businessKey} has not come from the ERP`, 'an open purchase order', 'none'),
    onCome: (run: Run) => clear(run, 'X-58', 'The purchase order has come'),
  },
  giveBack: () => Promise.resolve(),
};
