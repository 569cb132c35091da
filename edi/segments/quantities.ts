import { amount, an, compoundQuantity, date, id, quantity, someCodes, time } from '../schema/elements.js';
import { once } from '../schema/release.js';
import { segment } from '../schema/segment.js';
import { pairNotes, PRICE_BASES, products, UNITS } from './lines.js';

/** Element 673: what a quantity is. */
const QUANTITY_QUALIFIERS = someCodes({
  '01': 'discrete quantity',
  '17': 'quantity on hand',
  '33': 'quantity available for sale (stock quantity)',
  '63': 'on order quantity',
  '83': 'back order quantity',
  QP: 'quantity by position',
});

/** A quantity of a kind: as a number, or in words where it cannot be counted. */
export const QTY = once(() =>
  segment(
    'QTY',
    'Quantity',
    {
      qualifier: id('QTY01', 673, 2, 2, QUANTITY_QUALIFIERS),
      quantity: compoundQuantity(['QTY02', 380, 1, 15], 'QTY03', UNITS).optional(),
      inWords: an('QTY04', 61, 1, 30).optional(),
    },
    { notes: ['R0204', 'E0204'] },
  ),
);

/** How long it takes from one event to another. */
export const LDT = once(() =>
  segment('LDT', 'Lead Time', {
    kind: id('LDT01', 345, 2, 2),
    duration: quantity(
      ['LDT02', 380, 1, 15],
      'LDT03',
      someCodes({ DA: 'calendar days', DW: 'working days', MO: 'months', WK: 'weeks', YR: 'years' }),
      344,
    ),
    date: date('LDT04', 373).optional(),
  }),
);

/** When how much of a line is wanted, or will come. */
export const SCH = once(() =>
  segment(
    'SCH',
    'Line Item Schedule',
    {
      quantity: quantity(['SCH01', 380, 1, 15], 'SCH02', UNITS),
      role: id('SCH03', 98, 2, 3).optional(),
      name: an('SCH04', 93, 1, 60).optional(),
      dateQualifier: id('SCH05', 374, 3, 3),
      date: date('SCH06', 373),
      time: time('SCH07', 337).optional(),
      furtherQualifier: id('SCH08', 374, 3, 3).optional(),
      furtherDate: date('SCH09', 373).optional(),
      furtherTime: time('SCH10', 337).optional(),
      requestReference: an('SCH11', 326, 1, 45).optional(),
      assigned: an('SCH12', 350, 1, 20).optional(),
    },
    { notes: ['C0304', 'L080910', 'C0908', 'C1008'] },
  ),
);

/** Element 662: how a part belongs to its line. */
const RELATIONSHIPS = someCodes({
  A: 'added to the line',
  D: 'deleted from the line',
  I: 'included in the line',
  O: 'information only',
  S: 'substituted for the line',
});

/** A part of a line: what is in a kit or an assortment. */
export const SLN = once(() =>
  segment(
    'SLN',
    'Subline Item Detail',
    {
      lineNumber: an('SLN01', 350, 1, 20),
      level: an('SLN02', 350, 1, 20).optional(),
      relationship: id('SLN03', 662, 1, 1, RELATIONSHIPS),
      quantity: compoundQuantity(['SLN04', 380, 1, 15], 'SLN05', UNITS).optional(),
      unitPrice: amount('SLN06', 212, 1, 17).optional(),
      priceBasis: id('SLN07', 639, 2, 2, PRICE_BASES).optional(),
      priceRelationship: id('SLN08', 662, 1, 1, RELATIONSHIPS).optional(),
      products: products('SLN09', 'SLN10', 28),
    },
    { notes: ['P0405', 'C0706', 'C0806', ...pairNotes(9, 28)] },
  ),
);
