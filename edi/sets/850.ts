import { only, type Release } from '../schema/release.js';
import { loop, many, maybe, transactionSet, type DocumentOf } from '../schema/set.js';
import type { Sheet } from '../schema/sheet.js';
import type { Source } from '../schema/source.js';
import { BEG } from '../segments/beginnings.js';
import { LIN, PO1, PO4 } from '../segments/lines.js';
import { industryCodes, note, noteOpening, noteText, textLines } from '../segments/loops.js';
import * as parts from '../segments/order-loops.js';
import { N1, N2, N3, N4 } from '../segments/parties.js';
import * as plain from '../segments/plain.js';
import { LDT, QTY } from '../segments/quantities.js';
import { DTM, REF } from '../segments/references.js';
import { MAN, MEA, PKG } from '../segments/shipping.js';
import { CSH, CTP, CUR, FOB, ITD, TXI } from '../segments/terms.js';
import { AMT, CTT } from '../segments/totals.js';
import { checkBounds } from './bounds.js';
import { checkTotals, completeTotals, ordered } from './totals.js';

/** A part of a line: of a kit or an assortment. */
const subline = (release: Release) =>
  loop({
    ...parts.sublineItem(release, 104),
    commodities: many(plain.TC2()),
    advertising: many(plain.ADV()),
    dates: many(DTM(release), 10),
    prices: many(CTP(), 25),
    periodAmounts: many(plain.PAM(), 10),
    packing: maybe(PO4(release)),
    taxes: many(plain.TAX(), 3),
    notes: many(parts.sublineNote(release)),
    charges: many(parts.pricedCharge(release), 25),
    amounts: many(parts.counted()),
    parties: many(loop(parts.namedParty(release)), 10),
  });

/** Lead times of a line, between LS and LE. */
const leadTimes = (release: Release) =>
  loop({
    start: plain.LS(),
    leadTimes: many(
      loop({
        leadTime: LDT(),
        quantities: many(QTY()),
        ...textLines(release, 1),
        references: many(REF(release), 3),
        industryCodes: many(industryCodes()),
      }),
      Infinity,
      1,
    ),
    end: plain.LE(),
  });

/** A party of a line, and when what is to be there. */
const partyOfLine = (release: Release) => {
  const { locations, references, contacts, services, ...named } = parts.namedParty(release);
  return loop({
    ...named,
    amounts: many(QTY()),
    locations,
    references,
    contacts,
    services,
    ...parts.delivery(release),
    packages: many(PKG(), 200),
    leadTimes: many(
      loop({
        leadTime: LDT(),
        marks: many(MAN(), 10),
        quantities: many(QTY(), 5),
        ...textLines(release, 1),
        references: many(REF(release), 3),
      }),
    ),
  });
};

/** A line of the order. */
const line = (release: Release) =>
  loop({
    item: PO1(release),
    product: many(LIN()),
    services: many(plain.SI()),
    currency: maybe(CUR()),
    contract: maybe(plain.CN1()),
    details: many(plain.PO3(), 25),
    prices: many(loop({ price: CTP(), currency: maybe(CUR()) })),
    ...parts.itemDetails(release),
    charges: many(parts.pricedCharge(release), 25),
    ...parts.itemTerms(release),
    furtherData: many(plain.IT3(), 5),
    dates: many(DTM(release), 10),
    commodities: many(plain.TC2()),
    ...parts.transport(release, 1),
    percents: many(plain.PCT()),
    marks: many(MAN(), 10),
    ...textLines(release),
    specifications: many(plain.SPI()),
    taxes: many(TXI()),
    restrictions: many(plain.CTB(release)),
    amounts: many(parts.counted()),
    schedules: many(parts.schedule(release), 200),
    packages: many(parts.packing(release), 200),
    leadTimes: maybe(leadTimes(release)),
    notes: many(lineNote(release), 1000),
    parties: many(partyOfLine(release), 200),
    sublines: many(subline(release), 1000),
    sums: many(
      loop({
        sum: AMT(),
        references: many(REF(release), release === '004010' ? 1 : Infinity),
        percents: many(plain.PCT()),
      }),
    ),
    industryCodes: many(industryCodes()),
  });

/** Text of a line by reference, with measurements. */
const lineNote = (release: Release) =>
  loop({ ...noteOpening(release), measurements: many(MEA(release), 40), ...noteText(release) });

/** What a specification says of parties and contracts. */
const specification = (release: Release) =>
  loop({
    specification: plain.SPI(),
    references: many(REF(release), 5),
    dates: many(DTM(release), 5),
    ...textLines(release, 50),
    parties: many(
      loop({
        party: N1(release),
        names: many(N2(), 2),
        address: many(N3(), 2),
        place: maybe(N4(release)),
        references: many(REF(release), 20),
        contact: maybe(plain.G61()),
        ...textLines(release, 50),
      }),
      20,
    ),
    contracts: many(
      loop({
        contract: plain.CB1(),
        references: many(REF(release), 20),
        dates: many(DTM(release), 5),
        leadTimes: many(LDT(), 1),
        ...textLines(release, 50),
      }),
    ),
  });

/** A sum of the order, and the accounts it goes to. */
const sum = (release: Release) =>
  loop({
    sum: AMT(),
    references: many(REF(release)),
    dates: many(DTM(release), 1),
    percents: many(plain.PCT()),
    accounts: many(loop({ account: plain.FA1(), data: many(plain.FA2(), Infinity, 1) })),
  });

/** A party of the order. */
const partyOfOrder = (release: Release) =>
  loop({
    ...parts.namedParty(release, Infinity, Infinity),
    freight: maybe(FOB()),
    ...parts.transport(release),
    packages: many(PKG(), 200),
  });

/** Purchase order. */
export const purchaseOrder = (release: Release) =>
  transactionSet(
    { set: '850', release, group: 'PO', name: 'Purchase Order' },
    {
      beginning: BEG(release),
      ...parts.opening(release),
      requirements: many(CSH(release), 5),
      commodities: many(plain.TC2()),
      charges: many(parts.charge(release), 25),
      terms: many(ITD()),
      ...parts.dates(release),
      ...only(release === '004010', { leadTimes: many(LDT(), 12) }),
      ...parts.goods(release),
      packages: many(PKG(), 200),
      ...parts.transport(release, 2, release === '004010' ? 12 : Infinity),
      marks: many(MAN(), 10),
      percents: many(plain.PCT()),
      restrictions: many(plain.CTB(release), 5),
      taxes: many(TXI()),
      ...only(release === '005010', {
        delays: many(
          loop({ leadTime: LDT(), quantities: many(QTY()), ...textLines(release), references: many(REF(release)) }),
        ),
      }),
      sums: many(sum(release)),
      notes: many(note(release), 1000),
      parties: many(partyOfOrder(release), 200),
      industryCodes: many(industryCodes()),
      specifications: many(specification(release)),
      advertising: many(parts.advertising(release)),
      lines: many(line(release), 100_000, 1),
      totals: maybe(loop({ totals: CTT(), amounts: many(AMT(), 1) })),
    },
  );

export type PurchaseOrder = DocumentOf<typeof purchaseOrder>;

/** LE names what LS does; CTT counts the lines and sums the ordered quantities (facts/amazon-vendor.md 1.3). */
export function checkPurchaseOrder(order: PurchaseOrder, source: Source): void {
  checkBounds(source);
  checkTotals(source, order.totals, ...ordered(order));
}

/** An order with its totals, to be written. */
export const completePurchaseOrder = (order: PurchaseOrder, sheet: Sheet): object => ({
  ...order,
  totals: completeTotals(sheet, order.totals, ...ordered(order)),
});
