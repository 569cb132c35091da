import { only, type Release } from '../schema/release.js';
import { loop, many, maybe } from '../schema/set.js';
import { LIN, PID, PO4 } from './lines.js';
import { noteOpening, textLines } from './loops.js';
import { N1, N2, N3, N4, PER } from './parties.js';
import { ADV, DIS, IN2, INC, IT8, NX2, PAM, PO3, PWK, SDQ, SI, TAX, TD4 } from './plain.js';
import { QTY, SCH, SLN } from './quantities.js';
import { DTM, MTX, REF } from './references.js';
import { MEA, PKG, TD1, TD3, TD5 } from './shipping.js';
import { CSH, CTP, CUR, FOB, ITD, SAC } from './terms.js';

/** How goods travel, as it stands in a header, beside a party and in a schedule. */
export const transport = (release: Release, quantities = 2, carriers = 12) => ({
  quantities: many(TD1(), quantities),
  carriers: many(TD5(release), carriers),
  equipment: many(TD3(release), 12),
  handling: many(TD4(), 5),
});

/** Who a party is, where, and its references: the same in header, line and subline. */
export const namedParty = (release: Release, places = 1, contacts = 3) => ({
  party: N1(release),
  names: many(N2(), 2),
  ...only(release === '005010', { nameParts: many(IN2(release)) }),
  address: many(N3(), 2),
  places: many(N4(release), places),
  locations: many(NX2(release)),
  references: many(REF(release), 12),
  contacts: many(PER(release), contacts),
  services: many(SI()),
});

/** When and how a party of a line gets its share. */
export const delivery = (release: Release) => ({
  dates: many(DTM(release), 1),
  freight: maybe(FOB()),
  schedules: many(SCH(), 200),
  ...transport(release),
});

/** An allowance or charge of the header, in a currency of its own. */
export const charge = (release: Release) => loop({ charge: SAC(release), currency: maybe(CUR()) });

/** An allowance or charge of a line, which may carry a price. */
export const pricedCharge = (release: Release) =>
  loop({ charge: SAC(release), currency: maybe(CUR()), price: maybe(CTP()) });

/** A description and what was measured of it. */
export const description = (release: Release) => loop({ description: PID(), measurements: many(MEA(release), 10) });

/** Packing and what was measured of it. */
export const packing = (release: Release) => loop({ packing: PKG(), measurements: many(MEA(release)) });

/** A schedule of a line: when how much, and by what way. */
export const schedule = (release: Release) =>
  loop({ schedule: SCH(), ...transport(release), references: many(REF(release)) });

/** A quantity, and services to it. */
export const counted = () => loop({ quantity: QTY(), services: many(SI()) });

/** Advertising that goes with an order. */
export const advertising = (release: Release) =>
  loop({ advertising: ADV(), dates: many(DTM(release)), texts: many(MTX(release)) });

/** How an order, and its acknowledgement, begin after their first segment. */
export const opening = (release: Release) => ({
  currency: maybe(CUR()),
  references: many(REF(release)),
  contacts: many(PER(release), 3),
  taxReferences: many(TAX()),
  freight: many(FOB()),
  prices: many(CTP()),
  periodAmounts: many(PAM(), 10),
});

/** Discounts and dates of the header. */
export const dates = (release: Release) => ({
  discounts: many(DIS(), 20),
  installments: maybe(INC(release)),
  dates: many(DTM(release), 10),
});

/** What the header says of all lines. */
export const goods = (release: Release) => ({
  products: many(LIN(), 5),
  services: many(SI()),
  descriptions: many(PID(), 200),
  measurements: many(MEA(release), 40),
  paperwork: many(PWK(), 25),
});

/** What a line says of its item. */
export const itemDetails = (release: Release) => ({
  periodAmounts: many(PAM(), 10),
  measurements: many(MEA(release), 40),
  descriptions: many(description(release), 1000),
  paperwork: many(PWK(), 25),
  packing: many(PO4(release)),
  references: many(REF(release)),
  contacts: many(PER(release), 3),
});

/** Terms of a line. */
export const itemTerms = (release: Release) => ({
  conditions: maybe(IT8()),
  requirements: many(CSH(release)),
  terms: many(ITD(), 2),
  discounts: many(DIS(), 20),
  installments: maybe(INC(release)),
  taxReferences: many(TAX()),
  freight: many(FOB()),
  destinations: many(SDQ(), 500),
});

/** A part of a line: of a kit or an assortment. */
export const sublineItem = (release: Release, details: number) => ({
  subline: SLN(),
  ...textLines(release),
  services: many(SI()),
  descriptions: many(PID(), 1000),
  details: many(PO3(), details),
  ...only(release === '005010', { measurements: many(MEA(release)) }),
});

/** Notes of a part of a line. */
export const sublineNote = (release: Release) => loop({ ...noteOpening(release), ...textLines(release) });
