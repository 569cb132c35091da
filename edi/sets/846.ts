import type { Release } from '../schema/release.js';
import { loop, many, maybe, transactionSet, type DocumentOf } from '../schema/set.js';
import type { Sheet } from '../schema/sheet.js';
import type { Source } from '../schema/source.js';
import { BIA } from '../segments/beginnings.js';
import { LIN, PID } from '../segments/lines.js';
import { industryCodes } from '../segments/loops.js';
import { N1, N2, N3, N4, PER } from '../segments/parties.js';
import * as plain from '../segments/plain.js';
import { LDT, QTY, SCH, SLN } from '../segments/quantities.js';
import { DTM, REF } from '../segments/references.js';
import { MAN, MEA, PKG } from '../segments/shipping.js';
import { CTP, CUR, SAC } from '../segments/terms.js';
import { CTT } from '../segments/totals.js';
import { checkBounds } from './bounds.js';
import { checkTotals, completeTotals } from './totals.js';

/** A party of the advice or of one of its items. */
const stockParty = (release: Release) =>
  loop({
    party: N1(release),
    names: many(N2(), 2),
    address: many(N3(), 2),
    place: maybe(N4(release)),
    references: many(REF(release), 12),
    contacts: many(PER(release), 3),
  });

/** References of a quantity, between LS and LE. */
const quantityReferences = (release: Release) =>
  loop({
    start: plain.LS(),
    references: many(
      loop({
        reference: REF(release),
        dates: many(DTM(release)),
        parties: many(N1(release), 1),
        industryCodes: many(industryCodes(100), 10),
      }),
      Infinity,
      1,
    ),
    end: plain.LE(),
  });

/** How much there is of an item: on hand, available, on order. */
const amount = (release: Release) =>
  loop({
    quantity: QTY(),
    units: many(plain.UIT(), 12),
    measurements: many(MEA(release), 25),
    leadTimes: many(LDT(), 12),
    dates: many(DTM(release), 10),
    schedules: many(loop({ schedule: SCH(), measurements: many(MEA(release), 25) }), 25),
    industryCodes: many(industryCodes(100)),
    references: maybe(quantityReferences(release)),
  });

/** A part of an item. */
const subline = (release: Release) =>
  loop({
    subline: SLN(),
    descriptions: many(PID(), 200),
    measurements: many(MEA(release), 40),
    packages: many(PKG(), 25),
    marks: many(loop({ mark: MAN(), measurements: many(MEA(release), 40) }), 100),
  });

/** An item and its quantities. */
const item = (release: Release) =>
  loop({
    item: LIN(),
    descriptions: many(PID(), 200),
    measurements: many(MEA(release), 40),
    packages: many(PKG(), 25),
    dates: many(DTM(release), 10),
    prices: many(CTP(), 25),
    currency: maybe(CUR()),
    charges: many(SAC(release), 25),
    references: many(REF(release)),
    contacts: many(PER(release), 3),
    destinations: many(plain.SDQ(), 500),
    marks: many(MAN(), 1),
    units: many(plain.UIT(), 5),
    contract: maybe(plain.CS()),
    demands: many(plain.DD()),
    maintenance: maybe(plain.G53()),
    percents: many(plain.PCT()),
    leadTimes: many(LDT(), 12),
    industryCodes: many(industryCodes(100), 10),
    sublines: many(subline(release), 1000),
    amounts: many(amount(release), 99),
    parties: many(stockParty(release), 200),
  });

/** Inventory inquiry or advice. */
export const inventoryAdvice = (release: Release) =>
  transactionSet(
    { set: '846', release, group: 'IB', name: 'Inventory Inquiry/Advice' },
    {
      beginning: BIA(release),
      currency: maybe(CUR()),
      dates: many(DTM(release), 10),
      references: many(REF(release), 12),
      contacts: many(PER(release), 3),
      measurements: many(MEA(release), 20),
      parties: many(stockParty(release), 5),
      industryCodes: many(industryCodes(100), 10),
      items: many(item(release), 10_000, 1),
      totals: maybe(CTT()),
    },
  );

export type InventoryAdvice = DocumentOf<typeof inventoryAdvice>;

/** A document to be written may leave out an empty list. */
const counted = ({ items = [] }: InventoryAdvice): [lines: number, values: string[]] => [
  items.length,
  items.flatMap(({ amounts = [] }) => amounts.map(({ quantity }) => quantity.quantity?.value ?? '0')),
];

/** CTT counts the items (LIN) and sums all their quantities (QTY02). */
export function checkInventoryAdvice(advice: InventoryAdvice, source: Source): void {
  const { totals } = advice;
  checkBounds(source);
  checkTotals(source, totals === undefined ? undefined : { totals }, ...counted(advice));
}

/** An advice with its totals, to be written. */
export function completeInventoryAdvice(advice: InventoryAdvice, sheet: Sheet): object {
  const { totals } = advice;
  const stated = totals === undefined ? undefined : { totals };
  return { ...advice, ...completeTotals(sheet, stated, ...counted(advice)) };
}
