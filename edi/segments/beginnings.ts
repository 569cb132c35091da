import { an, date, id, someCodes, time } from '../schema/elements.js';
import { at, perRelease } from '../schema/release.js';
import { segment } from '../schema/segment.js';

/** Element 353: why a set is sent. */
export const PURPOSES = someCodes({
  '00': 'original',
  '01': 'cancellation',
  '02': 'add',
  '03': 'delete',
  '04': 'change',
  '05': 'replace',
  '06': 'confirmation',
  '07': 'duplicate',
  '18': 'reissue',
  '22': 'information copy',
});

/** Element 92: kind of order. */
const ORDER_TYPES = someCodes({
  NE: 'new order',
  NP: 'new product introduction',
  RO: 'rush order',
  CN: 'consigned order',
  DS: 'dropship',
  SA: 'stand-alone order',
  BK: 'blanket order',
  RL: 'release',
  OS: 'special order',
});

/** Element 587: what an acknowledgement says. */
const ACKNOWLEDGEMENT_TYPES = someCodes({
  AC: 'acknowledge with detail and change',
  AD: 'acknowledge with detail, no change',
  AE: 'acknowledge with exception detail only',
  AH: 'acknowledge, hold status',
  AK: 'acknowledge, no detail or change',
  AP: 'acknowledge, product replenishment',
  AT: 'accepted',
  NA: 'no acknowledgement needed',
  RD: 'reject with detail',
  RF: 'reject with exception detail only',
  RJ: 'rejected, no detail',
});

/** Beginning of a purchase order. */
export const BEG = perRelease((release) =>
  segment(
    'BEG',
    'Beginning Segment for Purchase Order',
    {
      purpose: id('BEG01', 353, 2, 2, PURPOSES),
      type: id('BEG02', 92, 2, 2, ORDER_TYPES),
      purchaseOrderNumber: an('BEG03', 324, 1, 22),
      releaseNumber: an('BEG04', 328, 1, 30).optional(),
      date: date('BEG05', 373),
      contractNumber: an('BEG06', 367, 1, 30).optional(),
      acknowledgement: id('BEG07', 587, 2, 2, ACKNOWLEDGEMENT_TYPES).optional(),
      invoicing: id('BEG08', 1019, 3, 3).optional(),
      contractType: id('BEG09', 1166, 2, 2).optional(),
      category: id('BEG10', 1232, 2, 2).optional(),
      security: id('BEG11', 786, 2, 2).optional(),
      transaction: id('BEG12', 640, 2, 2).optional(),
    },
    { most: at(release, 12, 12) },
  ),
);

/** Beginning of an order's acknowledgement. */
export const BAK = perRelease((release) =>
  segment('BAK', 'Beginning Segment for Purchase Order Acknowledgment', {
    purpose: id('BAK01', 353, 2, 2, PURPOSES),
    type: id('BAK02', 587, 2, 2, ACKNOWLEDGEMENT_TYPES),
    purchaseOrderNumber: an('BAK03', 324, 1, 22),
    purchaseOrderDate: date('BAK04', 373),
    releaseNumber: an('BAK05', 328, 1, 30).optional(),
    requestReference: an('BAK06', 326, 1, 45).optional(),
    contractNumber: an('BAK07', 367, 1, 30).optional(),
    sellersOrderNumber: an('BAK08', 127, 1, at(release, 30, 50)).optional(),
    date: date('BAK09', 373).optional(),
    transaction: id('BAK10', 640, 2, 2).optional(),
  }),
);

/** Element 755: what a report is about. */
const REPORTS = someCodes({
  DD: 'distributor inventory report',
  IP: 'planned inventory',
  MB: "manufacturer's or distributor's inventory report",
  MM: 'manufacturer inventory report',
  SI: "seller's inventory report",
});

/** Beginning of a stock advice. */
export const BIA = perRelease((release) =>
  segment('BIA', 'Beginning Segment for Inventory Inquiry/Advice', {
    purpose: id('BIA01', 353, 2, 2, PURPOSES),
    report: id('BIA02', 755, 2, 2, REPORTS),
    reference: an('BIA03', 127, 1, at(release, 30, 50)),
    date: date('BIA04', 373),
    time: time('BIA05', 337).optional(),
    action: id('BIA06', 306, 1, 2).optional(),
  }),
);

/** Hierarchical structure of an 856, element 1005. */
const STRUCTURES = someCodes({
  '0001': 'shipment, order, packaging, item',
  '0002': 'shipment, order, item, packaging',
  '0003': 'shipment, packaging, order, item',
  '0004': 'shipment, order, item',
});

/** Beginning of a ship notice. */
export const BSN = perRelease((release) =>
  segment(
    'BSN',
    'Beginning Segment for Ship Notice',
    {
      purpose: id('BSN01', 353, 2, 2, PURPOSES),
      shipmentId: an('BSN02', 396, 2, 30),
      date: date('BSN03', 373),
      time: time('BSN04', 337),
      structure: id('BSN05', 1005, 4, 4, STRUCTURES).optional(),
      transaction: id('BSN06', 640, 2, 2).optional(),
      status: id('BSN07', 641, 3, 3).optional(),
    },
    { notes: ['C0706'], most: at(release, 7, 7) },
  ),
);
