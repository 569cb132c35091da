import { at, only, type Release } from '../schema/release.js';
import { loop, many, maybe, transactionSet, type DocumentOf } from '../schema/set.js';
import { BIG, CAD, ISS, IT1, IT3, TDS } from '../segments/invoices.js';
import { kept } from '../segments/kept.js';
import { PID, PO4 } from '../segments/lines.js';
import { accounting, address, industryCodes, vessel } from '../segments/loops.js';
import { N1, PER } from '../segments/parties.js';
import * as plain from '../segments/plain.js';
import { QTY, SLN } from '../segments/quantities.js';
import { DTM, MSG, N9, NTE, REF } from '../segments/references.js';
import { MEA, PKG } from '../segments/shipping.js';
import { CTP, CUR, FOB, ITD, SAC, TXI } from '../segments/terms.js';
import { AMT, CTT } from '../segments/totals.js';

const party = (release: Release) =>
  loop({
    party: N1(release),
    ...address(release),
    references: many(REF(release), 12),
    contacts: many(PER(release), 3),
    demographics: maybe(kept('DMG', release)),
  });

/** Taxes of one place: ten until 004010, any number after. */
const taxes = (release: Release) => many(TXI(), at(release, 10, Infinity));

/** An allowance or a charge with its taxes; in 005010 a tax of it may have a date. */
const charge = (release: Release) =>
  loop({
    charge: SAC(release),
    taxes: many(
      loop({ tax: TXI(), ...only(release === '005010', { date: maybe(DTM(release)) }) }),
      at(release, 10, Infinity),
    ),
  });

/** The same for the whole invoice, where in 005010 dates of the charge may stand too. */
const wholeCharge = (release: Release) =>
  loop({
    charge: SAC(release),
    ...only(release === '005010', { dates: many(DTM(release)) }),
    taxes: many(
      loop({ tax: TXI(), ...only(release === '005010', { date: maybe(DTM(release)) }) }),
      at(release, 10, Infinity),
    ),
  });

/** A component of a line. */
const component = (release: Release) =>
  loop({
    component: SLN(),
    date: maybe(DTM(release)),
    references: many(REF(release)),
    descriptions: many(PID(), 1000),
    charges: many(SAC(release), at(release, 25, Infinity)),
    commodities: many(plain.TC2(), 2),
    taxes: taxes(release),
  });

/** A line of the invoice. */
const line = (release: Release) =>
  loop({
    item: IT1(release),
    conditions: maybe(kept('CRC', release)),
    quantities: many(QTY(), 5),
    currency: maybe(CUR()),
    shipped: many(IT3(), 5),
    taxes: taxes(release),
    prices: many(CTP(), 25),
    periodAmounts: many(plain.PAM(), 10),
    measurements: many(MEA(release), 40),
    descriptions: many(loop({ description: PID(), measurements: many(MEA(release), 10) }), 1000),
    paperwork: many(plain.PWK(), 25),
    packages: many(PKG(), 25),
    packing: maybe(PO4(release)),
    terms: many(ITD(), 2),
    references: many(REF(release)),
    questions: many(kept('YNQ', release), 10),
    contacts: many(PER(release), 5),
    destinations: many(plain.SDQ(), 500),
    dates: many(DTM(release), 10),
    carriers: many(CAD(release)),
    tariffs: many(kept('L7', release)),
    service: maybe(kept('SR', release)),
    charges: many(charge(release), at(release, 25, Infinity)),
    components: many(component(release), 1000),
    parties: many(party(release), 200),
    industryCodes: many(industryCodes(100), 10),
    vessels: many(vessel(release)),
    accounting: many(accounting()),
  });

/** Invoice. */
export const invoice = (release: Release) =>
  transactionSet(
    { set: '810', release, group: 'IN', name: 'Invoice' },
    {
      beginning: BIG(release),
      remarks: many(NTE(), 100),
      currency: maybe(CUR()),
      references: many(REF(release), 12),
      questions: many(kept('YNQ', release), 10),
      contacts: many(PER(release), 3),
      parties: many(party(release), 200),
      terms: many(ITD()),
      dates: many(DTM(release), 10),
      freight: maybe(FOB()),
      descriptions: many(PID(), 200),
      measurements: many(MEA(release), 40),
      paperwork: many(plain.PWK(), 25),
      packages: many(PKG(), 25),
      tariff: maybe(kept('L7', release)),
      balances: many(kept('BAL', release)),
      installments: maybe(plain.INC(release)),
      periodAmounts: many(plain.PAM()),
      ...only(release === '005010', { conditions: maybe(kept('CRC', release)) }),
      industryCodes: many(industryCodes(100), 10),
      note: maybe(loop({ note: N9(release), lines: many(MSG(), 10, 1) })),
      vessels: many(vessel(release)),
      accounting: many(accounting()),
      lines: many(line(release), 200_000),
      total: TDS(),
      taxes: taxes(release),
      carrier: maybe(CAD(release)),
      amounts: many(AMT()),
      charges: many(wholeCharge(release), at(release, 25, Infinity)),
      shipments: many(loop({ shipment: ISS(), description: maybe(PID()) })),
      totals: maybe(CTT()),
    },
  );

/** An invoice (810), as it is read and written. */
export type Invoice = DocumentOf<typeof invoice>;
