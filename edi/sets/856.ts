import { only, type Release } from '../schema/release.js';
import { loop, many, maybe, transactionSet, tree, type DocumentOf } from '../schema/set.js';
import { BSN } from '../segments/beginnings.js';
import { CLD, HL, PRF, SN1, TD4 } from '../segments/hierarchy.js';
import { kept } from '../segments/kept.js';
import { LIN, PID, PO4 } from '../segments/lines.js';
import { address, industryCodes, vessel } from '../segments/loops.js';
import { N1, PER } from '../segments/parties.js';
import * as plain from '../segments/plain.js';
import { SLN } from '../segments/quantities.js';
import { DTM, REF } from '../segments/references.js';
import { MAN, MEA, PKG, TD1, TD3, TD5 } from '../segments/shipping.js';
import { CUR, FOB, SAC } from '../segments/terms.js';
import { CTT } from '../segments/totals.js';

/** Dangerous goods. */
const hazard = (release: Release) =>
  loop({
    hazard: kept('LH1', release),
    classes: many(kept('LH2', release), 4),
    shippingNames: many(kept('LH3', release), 12),
    texts: many(kept('LFH', release), 20),
    environment: many(kept('LEP', release)),
    canadian: many(kept('LH4', release), release === '004010' ? 1 : 4),
    transborder: many(kept('LHT', release), 3),
    references: many(kept('LHR', release), 10),
    contacts: many(PER(release), 5),
    emptyEquipment: maybe(kept('LHE', release)),
  });

const party = (release: Release) =>
  loop({
    party: N1(release),
    ...address(release),
    references: many(REF(release), 12),
    contacts: many(PER(release), 3),
    freight: maybe(FOB()),
  });

/** A level: a shipment, an order, a pallet, a carton or an item, as its code says. */
const level = (release: Release) =>
  tree({
    hierarchy: HL(),
    item: maybe(LIN()),
    shipped: maybe(SN1()),
    components: many(SLN(), 1000),
    order: maybe(PRF()),
    packing: maybe(PO4(release)),
    descriptions: many(PID(), 200),
    measurements: many(MEA(release), 40),
    paperwork: many(plain.PWK(), 25),
    packages: many(PKG(), 25),
    quantities: many(TD1(), 20),
    carriers: many(TD5(release), 12),
    equipment: many(
      loop({
        equipment: TD3(release),
        ...only(release === '005010', { dimensions: maybe(kept('AT9', release)) }),
      }),
      12,
    ),
    handling: many(TD4(), 5),
    trailer: maybe(kept('TSD', release)),
    references: many(REF(release)),
    contacts: many(PER(release), 3),
    hazards: many(hazard(release), 100),
    loads: many(loop({ load: CLD(), references: many(REF(release), 200), period: maybe(kept('DTP', release)) }), 200),
    marks: many(MAN()),
    dates: many(DTM(release), 10),
    freight: maybe(FOB()),
    pallet: maybe(kept('PAL', release)),
    parties: many(party(release), 200),
    destinations: many(plain.SDQ(), 50),
    excess: maybe(kept('ETD', release)),
    currency: maybe(CUR()),
    charges: many(loop({ charge: SAC(release), currency: maybe(CUR()) })),
    furnished: maybe(kept('GF', release)),
    questions: many(kept('YNQ', release), 10),
    industryCodes: many(industryCodes(100), 10),
    vessels: many(vessel(release)),
  });

/** Ship notice. */
export const shipNotice = (release: Release) =>
  transactionSet(
    { set: '856', release, group: 'SH', name: 'Ship Notice/Manifest' },
    {
      beginning: BSN(release),
      dates: many(DTM(release), 10),
      levels: many(level(release), 200_000, 1),
      totals: maybe(CTT()),
    },
  );

/** A ship notice (856), its levels as a tree. */
export type ShipNotice = DocumentOf<typeof shipNotice>;
/** A level of a ship notice: what stands in it, and the levels below. */
export type ShipLevel = ShipNotice['levels'][number];
