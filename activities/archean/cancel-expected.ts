/** Takes back what was announced of a purchase order. Natural to repeat: one that is cancelled answers so. */
import type { Archean } from './contract.js';
import type { ArcheanDeps } from './deps.js';
import { toldOf } from './goods-in.js';
import { asTrouble } from './trouble.js';

export const cancelExpectedWith =
  (deps: ArcheanDeps): Archean['cancelExpected'] =>
  async ({ poNo, goodsInNo }) => {
    const reply = await asTrouble(() => deps.client.cancelGoodsIn(goodsInNo));
    return toldOf(reply, `The cancellation of ${goodsInNo} for ${poNo}`, goodsInNo);
  };
