import { amount, decimal, id, implied, quantity } from '../schema/elements.js';
import { once } from '../schema/release.js';
import { segment } from '../schema/segment.js';
import { UNITS } from './lines.js';

/** Totals of the set: how many lines, and the sum of what they say. The writer computes both. */
export const CTT = once(() =>
  segment(
    'CTT',
    'Transaction Totals',
    {
      lines: implied('CTT01', 354, 0, 1, 6),
      hashTotal: decimal('CTT02', 347, 1, 10).optional(),
      weight: quantity(['CTT03', 81, 1, 10], 'CTT04', UNITS).optional(),
      volume: quantity(['CTT05', 183, 1, 8], 'CTT06', UNITS).optional(),
      description: id('CTT07', 352, 1, 80).optional(),
    },
    { notes: ['P0304', 'P0506'] },
  ),
);

/** A sum of money by its kind. */
export const AMT = once(() =>
  segment('AMT', 'Monetary Amount', {
    qualifier: id('AMT01', 522, 1, 3),
    amount: amount('AMT02', 782, 1, 18),
    indicator: id('AMT03', 478, 1, 1).optional(),
  }),
);
