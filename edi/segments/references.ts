import { allCodes, an, date, id, someCodes, time } from '../schema/elements.js';
import { at, once, only, perRelease } from '../schema/release.js';
import { segment } from '../schema/segment.js';

/** Element 128: what a reference number is. */
const REFERENCE_QUALIFIERS = someCodes({
  '0L': 'referenced by',
  '11': 'account number',
  '12': 'billing account',
  BM: 'bill of lading number',
  BX: "buyer's shipment mark number",
  CN: 'carrier reference number (PRO)',
  CO: 'customer order number',
  CR: 'customer reference number',
  CT: 'contract number',
  DP: 'department number',
  IA: 'internal vendor number',
  IV: "seller's invoice number",
  LO: 'load planning number',
  LT: 'lot number',
  MR: 'merchandise type code',
  OI: 'original invoice number',
  PD: 'promotion or deal number',
  PK: 'packing list number',
  PO: 'purchase order number',
  SI: "shipper's identifying number",
  SN: 'seal number',
  VN: 'vendor order number',
  VR: 'vendor identification number',
  ZZ: 'mutually defined',
});

/** A reference number. */
export const REF = perRelease((release) =>
  segment(
    'REF',
    'Reference Identification',
    {
      qualifier: id('REF01', 128, 2, 3, REFERENCE_QUALIFIERS),
      value: an('REF02', 127, 1, at(release, 30, 50)).optional(),
      description: an('REF03', 352, 1, 80).optional(),
      further: an('REF04', 0, 1, 150).optional(),
    },
    { notes: ['R0203'] },
  ),
);

/** Element 374: what a date or time is. */
const DATE_QUALIFIERS = someCodes({
  '001': 'cancel after',
  '002': 'delivery requested',
  '003': 'invoice date',
  '004': 'purchase order date',
  '007': 'effective',
  '009': 'process',
  '010': 'requested ship',
  '011': 'shipped',
  '017': 'estimated delivery',
  '035': 'delivered',
  '036': 'expiration',
  '037': 'ship not before',
  '038': 'ship no later',
  '050': 'received',
  '063': 'do not deliver after',
  '064': 'do not deliver before',
  '067': 'current schedule delivery',
  '068': 'current schedule ship',
  '074': 'requested for delivery (prior to and including)',
  '097': 'transaction creation',
  '118': 'requested pick-up',
  '371': 'estimated arrival',
});

/** A date, a time or a period. */
export const DTM = perRelease((release) =>
  segment(
    'DTM',
    'Date/Time Reference',
    {
      qualifier: id('DTM01', 374, 3, 3, DATE_QUALIFIERS),
      date: date('DTM02', 373).optional(),
      time: time('DTM03', 337).optional(),
      zone: id('DTM04', 623, 2, 2).optional(),
      periodFormat: id('DTM05', 1250, 2, 3).optional(),
      period: an('DTM06', 1251, 1, 35).optional(),
    },
    { notes: ['R020305', 'C0403', 'P0506'], most: at(release, 6, 6) },
  ),
);

/** A note by reference, that messages follow. */
export const N9 = perRelease((release) =>
  segment(
    'N9',
    'Reference Identification',
    {
      qualifier: id('N901', 128, 2, 3, REFERENCE_QUALIFIERS),
      value: an('N902', 127, 1, at(release, 30, 50)).optional(),
      description: an('N903', 369, 1, 45).optional(),
      date: date('N904', 373).optional(),
      time: time('N905', 337).optional(),
      zone: id('N906', 623, 2, 2).optional(),
      further: an('N907', 0, 1, 150).optional(),
    },
    { notes: ['R0203', 'C0605'] },
  ),
);

/** A line of free text. */
export const MSG = once(() =>
  segment(
    'MSG',
    'Message Text',
    {
      text: an('MSG01', 933, 1, 264),
      carriage: id(
        'MSG02',
        934,
        2,
        2,
        allCodes({
          AA: 'advance the specified number of lines before print',
          AT: 'advance to new page before print',
          LC: 'line continuation',
          NP: 'next page before print',
          NS: 'advance to next line',
          SS: 'advance to new line before print',
          DS: 'advance two lines before print',
          TS: 'advance three lines before print',
        }),
      ).optional(),
      lines: an('MSG03', 1470, 1, 9).optional(),
    },
    { notes: ['C0302'] },
  ),
);

/** Text of any length; from release 005010 on it stands where MSG stood. */
export const MTX = perRelease((release) =>
  segment(
    'MTX',
    'Text',
    {
      reference: id('MTX01', 363, 3, 3).optional(),
      text: an('MTX02', 1551, 1, 4096).optional(),
      further: an('MTX03', 1551, 1, 4096).optional(),
      carriage: id('MTX04', 934, 2, 2).optional(),
      ...only(release === '005010', {
        lines: an('MTX05', 1470, 1, 9).optional(),
        language: id('MTX06', 819, 2, 3).optional(),
      }),
    },
    { notes: ['C0102', 'C0302', ...at(release, [], ['C0504'])] },
  ),
);

/** A note or special instruction. */
export const NTE = once(() =>
  segment('NTE', 'Note/Special Instruction', {
    qualifier: id('NTE01', 363, 3, 3).optional(),
    text: an('NTE02', 352, 1, 80),
  }),
);
