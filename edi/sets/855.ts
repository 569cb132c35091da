import type { Release } from '../schema/release.js';
import { loop, many, maybe, transactionSet, type DocumentOf } from '../schema/set.js';
import type { Sheet } from '../schema/sheet.js';
import type { Source } from '../schema/source.js';
import { BAK } from '../segments/beginnings.js';
import { ACK, LIN, PO1, PO4 } from '../segments/lines.js';
import { note, textLines } from '../segments/loops.js';
import * as parts from '../segments/order-loops.js';
import * as plain from '../segments/plain.js';
import { LDT, QTY } from '../segments/quantities.js';
import { DTM } from '../segments/references.js';
import { MAN, PKG } from '../segments/shipping.js';
import { CSH, CTP, CUR, FOB, ITD, TXI } from '../segments/terms.js';
import { AMT, CTT } from '../segments/totals.js';
import { checkTotals, completeTotals, ordered } from './totals.js';

/** A party of a line, and what it is to get. */
const partyOfLine = (release: Release) =>
  loop({
    ...parts.namedParty(release),
    ...parts.delivery(release),
    amounts: many(QTY()),
    packages: many(PKG(), 25),
  });

/** A part of a line: of a kit or an assortment. */
const subline = (release: Release) =>
  loop({
    ...parts.sublineItem(release, 25),
    prices: many(CTP(), 25),
    periodAmounts: many(plain.PAM(), 10),
    acknowledgements: many(ACK(release), 104),
    charges: many(parts.charge(release), 10),
    dates: many(DTM(release), 10),
    packing: maybe(PO4(release)),
    taxes: many(plain.TAX(), 3),
    advertising: many(plain.ADV()),
    amounts: many(parts.counted()),
    notes: many(parts.sublineNote(release)),
    parties: many(loop(parts.namedParty(release)), 10),
  });

/** A line of the order, and what is said of it: an ACK with its date for each part of the quantity. */
const line = (release: Release) =>
  loop({
    item: PO1(release),
    product: many(LIN()),
    services: many(plain.SI()),
    currency: maybe(CUR()),
    details: many(plain.PO3(), 25),
    prices: many(CTP()),
    ...parts.itemDetails(release),
    charges: many(parts.charge(release), 25),
    ...parts.itemTerms(release),
    dates: many(DTM(release), 10),
    leadTimes: many(LDT(), 12),
    ...parts.transport(release, 1),
    acknowledgements: many(loop({ acknowledgement: ACK(release), dates: many(DTM(release), 1) }), 104),
    marks: many(MAN(), 10),
    sums: many(AMT(), 1),
    restrictions: many(plain.CTB(release)),
    taxes: many(TXI()),
    amounts: many(parts.counted()),
    packages: many(parts.packing(release), 200),
    schedules: many(parts.schedule(release), 200),
    notes: many(note(release), 1000),
    parties: many(partyOfLine(release), 200),
    sublines: many(subline(release), 1000),
  });

/** A party of the acknowledgement. */
const partyOfAcknowledgement = (release: Release) =>
  loop({
    ...parts.namedParty(release, 1, Infinity),
    freight: maybe(FOB()),
    ...parts.transport(release),
    packages: many(PKG(), 25),
    ...textLines(release),
  });

/** Purchase order acknowledgement. */
export const purchaseOrderAcknowledgement = (release: Release) =>
  transactionSet(
    { set: '855', release, group: 'PR', name: 'Purchase Order Acknowledgment' },
    {
      beginning: BAK(release),
      ...parts.opening(release),
      requirements: many(CSH(release), 1),
      charges: many(parts.charge(release), 25),
      terms: many(ITD(), 5),
      ...parts.dates(release),
      leadTimes: many(LDT(), 12),
      ...parts.goods(release),
      packages: many(PKG(), 25),
      ...parts.transport(release),
      marks: many(MAN(), 10),
      taxes: many(TXI()),
      restrictions: many(plain.CTB(release)),
      notes: many(note(release), 1000),
      parties: many(partyOfAcknowledgement(release), 200),
      advertising: many(parts.advertising(release)),
      lines: many(line(release), 100_000),
      totals: maybe(loop({ totals: CTT(), amounts: many(AMT(), 1) })),
    },
  );

export type PurchaseOrderAcknowledgement = DocumentOf<typeof purchaseOrderAcknowledgement>;

/** CTT counts the lines and sums their ordered quantities (PO102), not the acknowledged ones. */
export function checkPurchaseOrderAcknowledgement(answer: PurchaseOrderAcknowledgement, source: Source): void {
  checkTotals(source, answer.totals, ...ordered(answer));
}

/** An acknowledgement with its totals, to be written. */
export const completePurchaseOrderAcknowledgement = (answer: PurchaseOrderAcknowledgement, sheet: Sheet): object => ({
  ...answer,
  totals: completeTotals(sheet, answer.totals, ...ordered(answer)),
});
