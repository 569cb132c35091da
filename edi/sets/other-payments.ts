import { only, type Release } from '../schema/release.js';
import { loop, many, maybe } from '../schema/set.js';
import { kept } from '../segments/kept.js';
import { PID } from '../segments/lines.js';
import { N1 } from '../segments/parties.js';
import * as plain from '../segments/plain.js';
import { QTY } from '../segments/quantities.js';
import { DTM, N9, REF } from '../segments/references.js';
import { ADX, NM1, TRN } from '../segments/remittances.js';
import { TXI } from '../segments/terms.js';
import { AMT } from '../segments/totals.js';

/** Pensions and their investments. */
const pension = (release: Release) =>
  loop({
    pension: kept('PEN', release),
    amounts: many(AMT()),
    periods: many(kept('DTP', release)),
    investments: many(loop({ investment: kept('INV', release), periods: many(kept('DTP', release)) })),
  });

/** Contributions of people to a plan. */
const contributor = (release: Release) =>
  loop({
    person: NM1(release),
    references: many(REF(release)),
    maintenance: maybe(plain.G53()),
    incomes: many(loop({ income: kept('AIN', release), quantities: many(QTY()), periods: many(kept('DTP', release)) })),
    pensions: many(pension(release)),
  });

/** Deductions from pay, by employer. */
const payroll = (release: Release) =>
  loop({
    note: N9(release),
    ...only(release === '005010', { references: many(REF(release)) }),
    amounts: many(loop({ amount: AMT(), references: many(REF(release)) })),
    parties: many(
      loop({
        party: N1(release),
        references: many(REF(release)),
        employments: many(
          loop({
            employment: kept('EMS', release),
            attendance: many(kept('ATN', release)),
            incomes: many(kept('AIN', release)),
            deductions: many(kept('PYD', release)),
          }),
        ),
      }),
    ),
  });

/** What a product brought at a place. */
const product = (release: Release) =>
  loop({
    product: PID(),
    date: maybe(DTM(release)),
    shares: many(
      loop({
        share: plain.PCT(),
        quantity: maybe(QTY()),
        amounts: many(loop({ amount: AMT(), adjustments: many(ADX(release)) })),
      }),
    ),
  });

/** Royalties. */
const royalty = (release: Release) =>
  loop({
    royalty: kept('RYL', release),
    owners: many(
      loop({
        person: NM1(release),
        places: many(loop({ place: kept('LOC', release), products: many(product(release)) })),
        settlement: maybe(loop({ settlement: kept('ASM', release), adjustment: maybe(ADX(release)) })),
      }),
    ),
  });

/** What else an 820 may pay beside open items: taxes, deductions, pensions, payroll, royalties. */
export const otherPayments = (release: Release) => ({
  taxPayments: many(
    loop({
      taxPayment: kept('TXP', release),
      taxes: many(TXI()),
      ...only(release === '005010', { references: many(REF(release)), dates: many(DTM(release)) }),
    }),
  ),
  deductions: many(kept('DED', release)),
  plans: many(
    loop({
      plan: kept('LX', release),
      references: many(REF(release)),
      traces: many(TRN(release)),
      contributors: many(contributor(release)),
    }),
  ),
  payroll: maybe(payroll(release)),
  royalties: many(royalty(release)),
});
