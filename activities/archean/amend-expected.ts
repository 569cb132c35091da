/** Amends what was announced of a purchase order, once per reference whatever happens to the reply. */
import { externalRefOf } from '../posting/reference.js';
import type { Archean } from './contract.js';
import type { ArcheanDeps } from './deps.js';
import { foundBy, toldOf, toWire } from './goods-in.js';
import { asTrouble } from './trouble.js';

/** A reference that arrived has taken effect: it is not sent again, though the lines may be told otherwise by now. */
export const amendExpectedWith =
  (deps: ArcheanDeps): Archean['amendExpected'] =>
  async ({ reference, revision, poNo, goodsInNo, lines }) => {
    const externalRef = externalRefOf(reference, revision);
    if ((await foundBy(deps, externalRef)) !== undefined) return { state: 'done', goodsInNo };
    const reply = await asTrouble(() => deps.client.amendGoodsIn(goodsInNo, { externalRef, lines: toWire(lines) }));
    return toldOf(reply, `The amendment of ${goodsInNo} for ${poNo}`, goodsInNo);
  };
