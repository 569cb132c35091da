import { allCodes, amount, an, date, decimal, id, implied, pairs, quantity, someCodes } from '../schema/elements.js';
import { at, once, perRelease } from '../schema/release.js';
import { segment } from '../schema/segment.js';

/** Element 355: units of measure. */
export const UNITS = someCodes({
  CA: 'case',
  CT: 'carton',
  DZ: 'dozen',
  EA: 'each',
  KG: 'kilogram',
  LB: 'pound',
  PC: 'piece',
  PE: 'pallet, empty',
  PK: 'package',
  PL: 'pallet',
  UN: 'unit',
});

/** Element 639: what a price is for. */
export const PRICE_BASES = someCodes({
  PE: 'price per each',
  RE: 'retail price per each',
  CA: 'catalogue price',
  NT: 'net price',
  UM: 'price per unit of measure',
  WE: 'wholesale price per each',
  FX: 'fixed price',
});

/** Element 235: what a product is named by. */
export const PRODUCT_QUALIFIERS = someCodes({
  BP: "buyer's part number (Amazon: ASIN)",
  CB: "buyer's catalogue number",
  EN: 'EAN, 13 digits',
  IB: 'ISBN',
  IN: "buyer's item number",
  IZ: "buyer's size code",
  LT: 'lot number',
  BO: "buyer's color",
  PO: 'purchase order number',
  SK: 'stock keeping unit',
  UA: 'UPC case code',
  UK: 'GTIN, 14 digits',
  UP: 'UPC, 12 digits',
  VA: "vendor's style number",
  VC: "vendor's catalogue number",
  VN: "vendor's item number",
  VP: "vendor's part number",
});

/** Notes that elements go in pairs, `P0910`, `P1112` and so on. */
export function pairNotes(first: number, last: number): string[] {
  const notes: string[] = [];
  for (let n = first; n < last; n += 2) notes.push(`P${String(n).padStart(2, '0')}${String(n + 1).padStart(2, '0')}`);
  return notes;
}

/** Pairs of qualifier and product number from `ref` on. */
const productPairs = (qualifierRef: string, valueRef: string, last: number) =>
  pairs([qualifierRef, 235], [valueRef, 234, 1, 48], last, PRODUCT_QUALIFIERS);

/** The same where a line may come without them. */
export const products = (qualifierRef: string, valueRef: string, last: number) =>
  productPairs(qualifierRef, valueRef, last).optional();

/** A line of an order, and of its acknowledgement. */
export const PO1 = perRelease((release) =>
  segment(
    'PO1',
    'Baseline Item Data',
    {
      lineNumber: an('PO101', 350, 1, 20).optional(),
      ordered: quantity(['PO102', 330, 1, at(release, 15, 15)], 'PO103', UNITS).optional(),
      unitPrice: amount('PO104', 212, 1, 17).optional(),
      priceBasis: id('PO105', 639, 2, 2, PRICE_BASES).optional(),
      products: products('PO106', 'PO107', 25),
    },
    {
      notes: [
        'C0302',
        'C0504',
        'P0607',
        'P0809',
        'P1011',
        'P1213',
        'P1415',
        'P1617',
        'P1819',
        'P2021',
        'P2223',
        'P2425',
      ],
    },
  ),
);

/** A product, where the line itself does not name it. */
export const LIN = once(() =>
  segment(
    'LIN',
    'Item Identification',
    { lineNumber: an('LIN01', 350, 1, 20).optional(), products: productPairs('LIN02', 'LIN03', 31) },
    { notes: pairNotes(4, 31) },
  ),
);

/** A description. */
export const PID = once(() =>
  segment(
    'PID',
    'Product/Item Description',
    {
      kind: id('PID01', 349, 1, 1, allCodes({ F: 'free-form', S: 'structured', X: 'semi-structured' })),
      characteristic: id('PID02', 750, 2, 3).optional(),
      agency: id('PID03', 559, 2, 2).optional(),
      code: an('PID04', 751, 1, 12).optional(),
      description: an('PID05', 352, 1, 80).optional(),
      layer: id('PID06', 752, 2, 2).optional(),
      subqualifier: an('PID07', 822, 1, 15).optional(),
      response: id('PID08', 1073, 1, 1).optional(),
      language: id('PID09', 819, 2, 3).optional(),
    },
    { notes: ['C0403', 'R0405', 'C0703', 'C0804', 'C0905'] },
  ),
);

/** How an item is packed. */
export const PO4 = perRelease((release) =>
  segment(
    'PO4',
    'Item Physical Details',
    {
      pack: implied('PO401', 356, 0, 1, 6).optional(),
      size: quantity(['PO402', 357, 1, 8], 'PO403', UNITS).optional(),
      packaging: an('PO404', 103, 3, 5).optional(),
      weightQualifier: id('PO405', 187, 1, 2).optional(),
      grossWeight: quantity(['PO406', 384, 1, 9], 'PO407', UNITS).optional(),
      grossVolume: quantity(['PO408', 385, 1, 9], 'PO409', UNITS).optional(),
      length: decimal('PO410', 82, 1, 8).optional(),
      width: decimal('PO411', 189, 1, 8).optional(),
      height: decimal('PO412', 65, 1, 8).optional(),
      dimensionUnit: id('PO413', 355, 2, 2, UNITS).optional(),
      innerPack: implied('PO414', 810, 0, 1, 6).optional(),
      layerPosition: id('PO415', 752, 2, 2).optional(),
      assigned: an('PO416', 350, 1, 20).optional(),
      assignedTo: an('PO417', 350, 1, 20).optional(),
      packs: implied('PO418', 1470, 0, 1, 9).optional(),
    },
    { notes: ['P0203', 'C0506', 'P0607', 'P0809', 'C1013', 'C1113', 'C1213', 'C1716'], most: at(release, 18, 18) },
  ),
);

/** Element 668: what is said of a line. */
export const LINE_STATUS = someCodes({
  AC: 'item accepted and shipped',
  AR: 'item accepted and released for shipment',
  BP: 'item accepted, partial shipment, balance backordered',
  DR: 'item accepted, date rescheduled',
  IA: 'item accepted',
  IB: 'item backordered',
  IC: 'item accepted, changes made',
  ID: 'item deleted',
  IH: 'item on hold',
  IP: 'item accepted, price changed',
  IQ: 'item accepted, quantity changed',
  IR: 'item rejected',
  IS: 'item accepted, substitution made',
  R1: 'item rejected, not a contract item',
  R2: 'item rejected, invalid item product number',
  R3: 'item rejected, invalid unit of issue',
  R4: 'item rejected, contract item not available',
  SP: 'item accepted, schedule date pending',
});

/** What is acknowledged of a line. */
export const ACK = perRelease((release) =>
  segment(
    'ACK',
    'Line Item Acknowledgment',
    {
      status: id('ACK01', 668, 2, 2, LINE_STATUS),
      quantity: quantity(['ACK02', 380, 1, 15], 'ACK03', UNITS).optional(),
      dateQualifier: id('ACK04', 374, 3, 3).optional(),
      date: date('ACK05', 373).optional(),
      requestReference: an('ACK06', 326, 1, 45).optional(),
      products: products('ACK07', 'ACK08', 26),
      agency: id('ACK27', 559, 2, 2).optional(),
      source: id('ACK28', 822, 1, 15).optional(),
      industryCode: id('ACK29', 1271, 1, 30).optional(),
    },
    {
      notes: [
        'P0203',
        'C0405',
        'P0708',
        'P0910',
        'P1112',
        'P1314',
        'P1516',
        'P1718',
        'P1920',
        'P2122',
        'P2324',
        'P2526',
      ],
      most: at(release, 29, 29),
    },
  ),
);
