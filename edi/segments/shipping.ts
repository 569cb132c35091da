import { an, compoundUnit, id, quantity, implied, decimal, someCodes } from '../schema/elements.js';
import { at, once, only, perRelease } from '../schema/release.js';
import { segment } from '../schema/segment.js';
import { UNITS } from './lines.js';

/** Cartons or pallets, and what they weigh. */
export const TD1 = once(() =>
  segment(
    'TD1',
    'Carrier Details (Quantity and Weight)',
    {
      packaging: an('TD101', 103, 3, 5).optional(),
      count: implied('TD102', 80, 0, 1, 7).optional(),
      commodityQualifier: id('TD103', 23, 1, 1).optional(),
      commodity: an('TD104', 22, 1, 30).optional(),
      description: an('TD105', 79, 1, 50).optional(),
      weightQualifier: id('TD106', 187, 1, 2).optional(),
      weight: quantity(['TD107', 81, 1, 10], 'TD108', UNITS).optional(),
      volume: quantity(['TD109', 183, 1, 8], 'TD110', UNITS).optional(),
    },
    { notes: ['C0102', 'C0304', 'C0607', 'P0708', 'P0910'] },
  ),
);

/** Trailer or container, and its seal. */
export const TD3 = perRelease((release) =>
  segment(
    'TD3',
    'Carrier Details (Equipment)',
    {
      equipment: id('TD301', 40, 2, 2).optional(),
      initial: an('TD302', 206, 1, 4).optional(),
      number: an('TD303', 207, 1, at(release, 10, 15)).optional(),
      weightQualifier: id('TD304', 187, 1, 2).optional(),
      weight: quantity(['TD305', 81, 1, 10], 'TD306', UNITS).optional(),
      ownership: id('TD307', 102, 1, 1).optional(),
      sealStatus: id('TD308', 407, 2, 2).optional(),
      seal: an('TD309', 225, 2, 15).optional(),
      equipmentType: id('TD310', 24, 4, 4).optional(),
    },
    { notes: ['C0203', 'C0405', 'P0506'] },
  ),
);

/** The carrier and its route. */
export const TD5 = perRelease((release) =>
  segment(
    'TD5',
    'Carrier Details (Routing Sequence/Transit Time)',
    {
      sequence: id('TD501', 133, 1, 2).optional(),
      qualifier: id('TD502', 66, 1, 2, someCodes({ '2': 'SCAC', '92': 'assigned by the buyer' })).optional(),
      carrier: an('TD503', 67, 2, 80).optional(),
      mode: id('TD504', 91, 1, 2).optional(),
      routing: an('TD505', 387, 1, 35).optional(),
      orderStatus: id('TD506', 368, 2, 2).optional(),
      placeQualifier: id('TD507', 309, 1, 2).optional(),
      place: an('TD508', 310, 1, 30).optional(),
      transitDirection: id('TD509', 731, 2, 2).optional(),
      transitTimeUnit: id('TD510', 732, 2, 2).optional(),
      transitTime: decimal('TD511', 733, 1, 4).optional(),
      service: id('TD512', 284, 2, 2).optional(),
      furtherService: id('TD513', 284, 2, 2).optional(),
      thirdService: id('TD514', 284, 2, 2).optional(),
      country: id('TD515', 26, 2, 3).optional(),
    },
    { notes: ['R0204050612', 'C0203', 'C0708', 'C1011', 'C1312', 'C1413', 'C1512'], most: at(release, 15, 15) },
  ),
);

/** Marks and numbers on a package: the SSCC of a carton or pallet. */
export const MAN = once(() =>
  segment(
    'MAN',
    'Marks and Numbers',
    {
      qualifier: id(
        'MAN01',
        88,
        1,
        2,
        someCodes({
          GM: 'SSCC-18 and application identifier',
          CP: 'carrier package number',
          SM: "shipper's",
          AA: 'SSCC-18',
          UC: 'UPC shipping container code',
          W: 'pallet identification',
          ZZ: 'mutually defined',
        }),
      ),
      number: an('MAN02', 87, 1, 48),
      last: an('MAN03', 87, 1, 48).optional(),
      furtherQualifier: id('MAN04', 88, 1, 2).optional(),
      furtherNumber: an('MAN05', 87, 1, 48).optional(),
      furtherLast: an('MAN06', 87, 1, 48).optional(),
    },
    { notes: ['P0405', 'C0605'] },
  ),
);

/** How goods are to be packed and marked. */
export const PKG = once(() =>
  segment(
    'PKG',
    'Marking, Packaging, Loading',
    {
      kind: id('PKG01', 349, 1, 1).optional(),
      characteristic: id('PKG02', 753, 1, 5).optional(),
      agency: id('PKG03', 559, 2, 2).optional(),
      code: an('PKG04', 754, 1, 7).optional(),
      description: an('PKG05', 352, 1, 80).optional(),
      unitLoad: id('PKG06', 400, 2, 2).optional(),
    },
    { notes: ['R040506', 'C0403', 'C0501'] },
  ),
);

/** A measurement. */
export const MEA = perRelease((release) =>
  segment(
    'MEA',
    'Measurements',
    {
      reference: id('MEA01', 737, 2, 2).optional(),
      qualifier: id('MEA02', 738, 1, 3).optional(),
      value: decimal('MEA03', 739, 1, 20).optional(),
      unit: compoundUnit('MEA04').optional(),
      minimum: decimal('MEA05', 740, 1, 20).optional(),
      maximum: decimal('MEA06', 741, 1, 20).optional(),
      significance: id('MEA07', 935, 2, 2).optional(),
      attribute: id('MEA08', 936, 2, 2).optional(),
      surface: id('MEA09', 752, 2, 2).optional(),
      method: id('MEA10', 1373, 2, 4).optional(),
      ...only(release === '005010', {
        codeList: id('MEA11', 1270, 1, 3).optional(),
        code: an('MEA12', 1271, 1, 30).optional(),
      }),
    },
    {
      notes: [
        'R03050608',
        'E0803',
        'L07030506',
        ...at(release, ['C0504', 'C0604'], ['E0412', 'L050412', 'L060412', 'P1112']),
      ],
    },
  ),
);
