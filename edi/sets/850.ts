import type { Release } from '../schema/release.js';
import { plainSegment } from '../schema/segment.js';
import { loop, many, maybe, transactionSet, type DocumentOf } from '../schema/set.js';
import { BEG } from '../segments/beginnings.js';
import { ACK, LIN, PID, PO1, PO4 } from '../segments/lines.js';
import { note, party } from '../segments/loops.js';
import { DTM, NTE, REF } from '../segments/references.js';
import { PER } from '../segments/parties.js';
import { MAN, MEA, PKG, TD1, TD3, TD5 } from '../segments/shipping.js';
import { CSH, CTP, CUR, FOB, ITD, SAC, TXI } from '../segments/terms.js';
import { AMT, CTT } from '../segments/totals.js';
import type { Sheet } from '../schema/sheet.js';
import type { Source } from '../schema/source.js';
import { checkTotals, completeTotals } from './totals.js';

const charge = (release: Release) => loop({ charge: SAC(), currency: maybe(CUR(release)) });

/** A line of the order. */
const line = (release: Release) =>
  loop({
    item: PO1(release),
    product: many(LIN(), 1),
    currency: maybe(CUR(release)),
    prices: many(CTP()),
    measurements: many(MEA(), 40),
    descriptions: many(loop({ description: PID(), measurements: many(MEA(), 10) }), 1000),
    packing: many(PO4(release)),
    references: many(REF(release)),
    contacts: many(PER(release), 3),
    charges: many(charge(release), 25),
    requirements: maybe(CSH(release)),
    terms: many(ITD(), 2),
    dates: many(DTM(release), 10),
    taxes: many(TXI()),
    packages: many(PKG(), 200),
    quantities: many(TD1(), 1),
    carriers: many(TD5(release), 12),
    equipment: many(TD3(), 12),
    marks: many(MAN(), 10),
    acknowledgements: many(ACK(release), 104),
    schedule: many(loop({ schedule: plainSegment('SCH', 'Line Item Schedule', 12) }), 200),
    notes: many(note(release), 1000),
    parties: many(party(release), 200),
  });

/** Purchase order. */
export const purchaseOrder = (release: Release) =>
  transactionSet(
    { set: '850', release, group: 'PO', name: 'Purchase Order' },
    {
      beginning: BEG(release),
      currency: maybe(CUR(release)),
      references: many(REF(release)),
      contacts: many(PER(release), 3),
      freight: many(FOB()),
      prices: many(CTP()),
      requirements: many(CSH(release), 25),
      charges: many(charge(release), 25),
      terms: many(ITD()),
      dates: many(DTM(release), 10),
      descriptions: many(PID(), 200),
      measurements: many(MEA(), 40),
      packages: many(PKG(), 200),
      quantities: many(TD1(), 2),
      carriers: many(TD5(release), 12),
      equipment: many(TD3(), 12),
      marks: many(MAN(), 10),
      taxes: many(TXI()),
      remarks: many(NTE()),
      notes: many(note(release), 1000),
      parties: many(party(release), 200),
      lines: many(line(release), 100_000, 1),
      totals: maybe(loop({ totals: CTT(), amounts: many(AMT()) })),
    },
  );

export type PurchaseOrder = DocumentOf<typeof purchaseOrder>;

/** CTT counts the lines and sums the ordered quantities (facts/amazon-vendor.md 1.3). */
const counted = ({ lines }: PurchaseOrder) =>
  [lines.length, lines.map(({ item }) => item.ordered?.value ?? '0')] as const;

/** Checks the totals of an order that was read. */
export function checkPurchaseOrder(order: PurchaseOrder, source: Source): void {
  if (order.totals !== undefined) checkTotals(source, order.totals, ...counted(order));
}

/** An order with its totals, to be written. */
export const completePurchaseOrder = (order: PurchaseOrder, sheet: Sheet): object => ({
  ...order,
  totals: completeTotals(sheet, order.totals, ...counted(order)),
});
