import { only, type Release } from '../schema/release.js';
import { loop, many, maybe, transactionSet, type DocumentOf } from '../schema/set.js';
import { IT1 } from '../segments/invoices.js';
import { kept } from '../segments/kept.js';
import { accounting, address } from '../segments/loops.js';
import { N1, PER } from '../segments/parties.js';
import { QTY, SLN } from '../segments/quantities.js';
import { DTM, NTE, REF } from '../segments/references.js';
import { ADX, BPR, ENT, NM1, RMR, TRN } from '../segments/remittances.js';
import { CUR, SAC, TXI } from '../segments/terms.js';
import { otherPayments } from './other-payments.js';

const party = (release: Release) =>
  loop({
    party: N1(release),
    ...address(release, Infinity),
    references: many(REF(release)),
    contacts: many(PER(release)),
    delivery: maybe(kept('RDM', release)),
    date: maybe(DTM(release)),
  });

const person = (release: Release) =>
  loop({
    person: NM1(release),
    ...address(release, Infinity),
    references: many(REF(release)),
    contacts: many(PER(release)),
  });

const dated = (release: Release, max = Infinity) => loop({ reference: REF(release), dates: many(DTM(release), max) });

const charge = (release: Release) => loop({ charge: SAC(release), taxes: many(TXI()) });

const component = (release: Release) =>
  loop({ component: SLN(), references: many(dated(release)), charges: many(charge(release)) });

/** An item of an invoice that a line or an adjustment is about. */
const item = (release: Release) =>
  loop({
    item: IT1(release),
    ...only(release === '005010', { rate: maybe(kept('RPA', release)), quantity: maybe(QTY()) }),
    references: many(dated(release, 1)),
    charges: many(
      loop({
        charge: SAC(release),
        taxes: many(TXI()),
        ...only(release === '005010', { dates: many(DTM(release), 10) }),
      }),
    ),
    components: many(component(release)),
  });

/** An adjustment that belongs to a remittance line. */
const lineAdjustment = (release: Release) =>
  loop({
    adjustment: ADX(release),
    remarks: many(NTE()),
    contacts: many(PER(release)),
    references: many(dated(release)),
    items: many(item(release)),
  });

/** An adjustment of the entity as a whole. */
const entityAdjustment = (release: Release) =>
  loop({
    adjustment: ADX(release),
    remarks: many(NTE()),
    contacts: many(PER(release)),
    date: maybe(DTM(release)),
    references: many(dated(release)),
    items: many(item(release)),
    ...only(release === '005010', { accounting: many(accounting()) }),
  });

/** A line of the remittance. */
const line = (release: Release) =>
  loop({
    line: RMR(release),
    remarks: many(NTE()),
    references: many(REF(release)),
    dates: many(DTM(release)),
    ...only(release === '005010', { vehicle: maybe(kept('VEH', release)) }),
    items: many(item(release)),
    adjustments: many(lineAdjustment(release)),
    ...only(release === '005010', { accounting: many(accounting()) }),
  });

/** An entity, what was adjusted for it, and the lines it is paid for. */
const entity = (release: Release) =>
  loop({
    entity: ENT(release),
    ...only(release === '005010', { accounting: many(accounting()) }),
    people: many(person(release)),
    adjustments: many(entityAdjustment(release)),
    lines: many(line(release)),
  });

/** Payment order or remittance advice. */
export const remittance = (release: Release) =>
  transactionSet(
    { set: '820', release, group: 'RA', name: 'Payment Order/Remittance Advice' },
    {
      payment: BPR(),
      remarks: many(NTE()),
      trace: maybe(TRN(release)),
      currency: maybe(CUR()),
      references: many(REF(release)),
      dates: many(DTM(release)),
      parties: many(party(release)),
      entities: many(entity(release)),
      ...otherPayments(release),
    },
  );

/** A remittance advice (820), as it is read and written. */
export type Remittance = DocumentOf<typeof remittance>;
