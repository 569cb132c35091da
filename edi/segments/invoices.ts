import { amount, an, date, decimal, id, quantity, someCodes } from '../schema/elements.js';
import { at, once, only, perRelease } from '../schema/release.js';
import { segment } from '../schema/segment.js';
import { PURPOSES } from './beginnings.js';
import { pairNotes, PRICE_BASES, products, UNITS } from './lines.js';

/** Element 640: what kind of invoice. */
const INVOICE_TYPES = someCodes({
  CI: 'consolidated invoice',
  CN: 'credit invoice',
  CR: 'credit memo',
  DI: 'debit invoice',
  DR: 'debit memo',
  FB: 'final bill',
  PR: 'product invoice',
});

/** Beginning of an invoice. */
export const BIG = perRelease((release) =>
  segment(
    'BIG',
    'Beginning Segment for Invoice',
    {
      date: date('BIG01', 373),
      invoiceNumber: an('BIG02', 76, 1, 22),
      purchaseOrderDate: date('BIG03', 373).optional(),
      purchaseOrderNumber: an('BIG04', 324, 1, 22).optional(),
      releaseNumber: an('BIG05', 328, 1, 30).optional(),
      changeNumber: an('BIG06', 327, 1, 8).optional(),
      type: id('BIG07', 640, 2, 2, INVOICE_TYPES).optional(),
      purpose: id('BIG08', 353, 2, 2, PURPOSES).optional(),
      action: id('BIG09', 306, 1, 2).optional(),
      furtherInvoiceNumber: an('BIG10', 76, 1, 22).optional(),
      ...only(release === '005010', { structure: id('BIG11', 1005, 4, 4).optional() }),
    },
    { most: at(release, 10, 11) },
  ),
);

/** A line of an invoice. */
export const IT1 = perRelease((release) =>
  segment(
    'IT1',
    'Baseline Item Data (Invoice)',
    {
      lineNumber: an('IT101', 350, 1, 20).optional(),
      invoiced: quantity(['IT102', 358, 1, at(release, 10, 15)], 'IT103', UNITS).optional(),
      unitPrice: amount('IT104', 212, 1, 17).optional(),
      priceBasis: id('IT105', 639, 2, 2, PRICE_BASES).optional(),
      products: products('IT106', 'IT107', 25),
    },
    {
      notes: ['P020304', ...pairNotes(6, 25)],
    },
  ),
);

/** What was shipped of a line, where it differs from what is invoiced. */
export const IT3 = once(() =>
  segment(
    'IT3',
    'Additional Item Data',
    {
      shipped: quantity(['IT301', 382, 1, 10], 'IT302', UNITS).optional(),
      status: id('IT303', 368, 2, 2).optional(),
      difference: decimal('IT304', 383, 1, 9).optional(),
      reason: id('IT305', 371, 2, 2).optional(),
    },
    { notes: ['P0102', 'R01030405'] },
  ),
);

/** What the invoice comes to; amounts have two implied decimals. */
export const TDS = once(() =>
  segment('TDS', 'Total Monetary Value Summary', {
    total: amount('TDS01', 610, 1, 15, 2),
    discountable: amount('TDS02', 610, 1, 15, 2).optional(),
    discounted: amount('TDS03', 610, 1, 15, 2).optional(),
    discount: amount('TDS04', 610, 1, 15, 2).optional(),
  }),
);

/** How the goods of an invoice went. */
export const CAD = perRelease((release) =>
  segment(
    'CAD',
    'Carrier Detail',
    {
      mode: id('CAD01', 91, 1, 2).optional(),
      initial: an('CAD02', 206, 1, 4).optional(),
      number: an('CAD03', 207, 1, at(release, 10, 15)).optional(),
      carrier: id('CAD04', 140, 2, 4).optional(),
      routing: an('CAD05', 387, 1, 35).optional(),
      status: id('CAD06', 368, 2, 2).optional(),
      qualifier: id('CAD07', 128, 2, 3).optional(),
      reference: an('CAD08', 127, 1, at(release, 30, 50)).optional(),
      service: id('CAD09', 284, 2, 2).optional(),
    },
    { notes: ['R0504', 'C0708'] },
  ),
);

/** What the shipments of an invoice hold. */
export const ISS = once(() =>
  segment(
    'ISS',
    'Invoice Shipment Summary',
    {
      units: quantity(['ISS01', 382, 1, 10], 'ISS02', UNITS).optional(),
      weight: quantity(['ISS03', 81, 1, 10], 'ISS04', UNITS).optional(),
      volume: quantity(['ISS05', 183, 1, 8], 'ISS06', UNITS).optional(),
      quantity: decimal('ISS07', 380, 1, 15).optional(),
      furtherWeight: decimal('ISS08', 81, 1, 10).optional(),
    },
    { notes: ['R010305', 'P0102', 'P0304', 'P0506'] },
  ),
);
