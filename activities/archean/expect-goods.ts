/** Announces a purchase order's goods, once per reference whatever happens to the reply. */
import { externalRefOf } from '../posting/reference.js';
import { announces, noteAnnounced } from '../../store/announcements.js';
import type { Archean } from './contract.js';
import type { ArcheanDeps } from './deps.js';
import { foundBy, toldOf, toWire } from './goods-in.js';
import { asTrouble, refusalOf } from './trouble.js';

/**
 * The reference is kept before the first send, so that whoever handles the order next knows what may be there. A reply can
 * be lost after the record was stored: what the reference was used for is looked up before every send.
 */
export const expectGoodsWith =
  (deps: ArcheanDeps): Archean['expectGoods'] =>
  async ({ reference, revision, poNo, location, lines }) => {
    const { db } = deps.store;
    const externalRef = externalRefOf(reference, revision);
    const workflowId = reference.split('/')[0] ?? reference;
    const what = `The announcement of ${poNo}`;
    await announces(db, { poNo, externalRef, workflowId });
    const before = await foundBy(deps, externalRef);
    if (before !== undefined && before.poNo !== poNo)
      throw refusalOf(what, 'REFERENCE_CONFLICT', `${externalRef} is the one of ${before.poNo || 'no order'}`);
    const told =
      before === undefined
        ? toldOf(
            await asTrouble(() => deps.client.expectGoodsIn({ externalRef, poNo, location, lines: toWire(lines) })),
            what,
            '',
          )
        : { state: 'done' as const, goodsInNo: before.id };
    await noteAnnounced(db, { externalRef, goodsInNo: told.goodsInNo, location });
    return told;
  };
