import { allCodes, an, date, decimal, id, implied, quantity, someCodes } from '../schema/elements.js';
import { once } from '../schema/release.js';
import { segment } from '../schema/segment.js';
import { LINE_STATUS, UNITS } from './lines.js';

/** Element 735: what a level is. */
const LEVELS = someCodes({
  S: 'shipment',
  O: 'order',
  T: 'shipping tare (pallet)',
  P: 'pack (carton)',
  I: 'item',
  E: 'transport equipment',
  F: 'component',
  K: 'kit',
});

/** A level of a tree: its number, the number of the level above, what it is, and whether levels follow below it. */
export const HL = once(() =>
  segment('HL', 'Hierarchical Level', {
    id: an('HL01', 628, 1, 12),
    parentId: an('HL02', 734, 1, 12).optional(),
    level: id('HL03', 735, 1, 2, LEVELS),
    hasChildren: id('HL04', 736, 1, 1, allCodes({ '0': 'no level below', '1': 'levels below' })).optional(),
  }),
);

/** What was shipped of an item. */
export const SN1 = once(() =>
  segment(
    'SN1',
    'Item Detail (Shipment)',
    {
      lineNumber: an('SN101', 350, 1, 20).optional(),
      shipped: quantity(['SN102', 382, 1, 10], 'SN103', UNITS),
      shippedToDate: decimal('SN104', 646, 1, 15).optional(),
      ordered: quantity(['SN105', 330, 1, 15], 'SN106', UNITS).optional(),
      returnable: id('SN107', 728, 1, 2).optional(),
      status: id('SN108', 668, 2, 2, LINE_STATUS).optional(),
    },
    { notes: ['P0506'] },
  ),
);

/** The order that goods are shipped for. */
export const PRF = once(() =>
  segment('PRF', 'Purchase Order Reference', {
    purchaseOrderNumber: an('PRF01', 324, 1, 22),
    releaseNumber: an('PRF02', 328, 1, 30).optional(),
    changeNumber: an('PRF03', 327, 1, 8).optional(),
    date: date('PRF04', 373).optional(),
    assigned: an('PRF05', 350, 1, 20).optional(),
    contractNumber: an('PRF06', 367, 1, 30).optional(),
    type: id('PRF07', 92, 2, 2).optional(),
  }),
);

/** Special handling, and what is hazardous. */
export const TD4 = once(() =>
  segment(
    'TD4',
    'Carrier Details (Special Handling, or Hazardous Materials, or Both)',
    {
      handling: id('TD401', 152, 2, 3).optional(),
      hazardQualifier: id('TD402', 208, 1, 1).optional(),
      hazard: an('TD403', 209, 1, 4).optional(),
      description: an('TD404', 352, 1, 80).optional(),
      safetySheet: id('TD405', 1073, 1, 1).optional(),
    },
    { notes: ['R010204', 'C0203'] },
  ),
);

/** Loads of the same make: how many, and how much in each. */
export const CLD = once(() =>
  segment(
    'CLD',
    'Load Detail',
    {
      loads: implied('CLD01', 622, 0, 1, 5),
      units: decimal('CLD02', 382, 1, 10),
      packaging: an('CLD03', 103, 3, 5).optional(),
      size: quantity(['CLD04', 357, 1, 8], 'CLD05', UNITS).optional(),
    },
    { notes: ['C0504'] },
  ),
);
