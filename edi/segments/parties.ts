import { an, id, list, pairs, someCodes } from '../schema/elements.js';
import { at, once, only, perRelease } from '../schema/release.js';
import { segment } from '../schema/segment.js';
import { pairNotes } from './lines.js';

/** Element 98: who a party is. */
const PARTIES = someCodes({
  BT: 'bill-to party',
  BY: 'buying party',
  CN: 'consignee',
  MI: 'planning schedule issuer',
  PE: 'payee',
  PR: 'payer',
  RE: 'party to receive commercial invoice remittance',
  RI: 'remit-to party',
  SE: 'selling party',
  SF: 'ship-from party',
  SO: 'sold-to party',
  ST: 'ship-to party',
  SU: 'supplier',
  VN: 'vendor',
  Z7: 'mark-for party',
});

/** Element 66: whose code a party is named by. */
const ID_QUALIFIERS = someCodes({
  '1': 'D-U-N-S number',
  '9': 'D-U-N-S plus four',
  '15': 'standard address number (SAN)',
  '24': 'employer identification number',
  '91': 'assigned by the seller',
  '92': 'assigned by the buyer',
  UL: 'global location number (GLN)',
  XV: 'CMS plan ID',
  ZZ: 'mutually defined',
});

/** A party. */
export const N1 = perRelease((release) =>
  segment(
    'N1',
    'Name',
    {
      role: id('N101', 98, 2, 3, PARTIES),
      name: an('N102', 93, 1, 60).optional(),
      qualifier: id('N103', 66, 1, 2, ID_QUALIFIERS).optional(),
      code: an('N104', 67, 2, 80).optional(),
      relationship: id('N105', 706, 2, 2).optional(),
      relatedRole: id('N106', 98, 2, 3, PARTIES).optional(),
    },
    { notes: ['R0203', 'P0304'], most: at(release, 6, 6) },
  ),
);

/** More lines of a name. */
export const N2 = once(() => segment('N2', 'Additional Name Information', { names: list('N201', 93, 1, 60, 2) }));

/** Lines of an address. */
export const N3 = once(() => segment('N3', 'Address Information', { lines: list('N301', 166, 1, 55, 2) }));

/** Place of an address. */
export const N4 = perRelease((release) =>
  segment(
    'N4',
    'Geographic Location',
    {
      city: an('N401', 19, 2, 30).optional(),
      state: id('N402', 156, 2, 2).optional(),
      postalCode: id('N403', 116, 3, 15).optional(),
      country: id('N404', 26, 2, 3).optional(),
      locationQualifier: id('N405', 309, 1, 2).optional(),
      location: an('N406', 310, 1, 30).optional(),
      ...only(release === '005010', { subdivision: id('N407', 1715, 1, 3).optional() }),
    },
    { notes: at(release, ['C0605'], ['E0207', 'C0605', 'C0704']) },
  ),
);

/** Who to ask, and by what means. */
export const PER = perRelease((release) =>
  segment(
    'PER',
    'Administrative Communications Contact',
    {
      role: id('PER01', 366, 2, 2),
      name: an('PER02', 93, 1, 60).optional(),
      means: pairs(
        ['PER03', 365],
        ['PER04', 364, 1, at(release, 80, 256)],
        8,
        someCodes({ TE: 'telephone', FX: 'fax', EM: 'electronic mail' }),
      ).optional(),
      inquiryReference: an('PER09', 443, 1, 20).optional(),
    },
    { notes: pairNotes(3, 8) },
  ),
);
