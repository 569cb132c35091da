import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { digestOf, externalRefOf } from '../../activities/posting/reference.js';
import { postOnce } from '../../activities/posting/post-once.js';
import { takenLanes } from '../../store/lanes.js';
import { openFlags, postingByRef } from '../../store/postings.js';
import { documentsOf, retried, settling, stockAsk, TODAY } from './posting-support/asks.js';
import { createRig, TENANT, type Rig } from './posting-support/rig.js';

/**
 * The window of design.md 5: between the check of fence and deadline and the first byte a machine can stand still, and
 * no client can exclude it. What comes of it must be found and told.
 */
let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(() => rig.close());

const request = stockAsk(1, [1, 2]);
const ref = externalRefOf(request.reference, 1);

/** An attempt that stands still after its check; `resume` lets the bytes go. Its process dies before it can record. */
function stoppedInTheWindow() {
  let resume: () => void = () => undefined;
  let reached: () => void = () => undefined;
  const stopped = new Promise<void>((done) => (resume = done));
  const there = new Promise<void>((done) => (reached = done));
  const { erp } = rig.deps;
  const prepare: typeof erp.prepare = (content, externalRef) => {
    const send = erp.prepare(content, externalRef);
    return async () => {
      reached();
      await stopped;
      await send();
      throw new Error('killed before it recorded anything');
    };
  };
  const attempt = postOnce(
    { ...rig.deps, erp: { ...erp, prepare } },
    {
      reference: request.reference,
      content: { operation: 'create', undoes: null, document: request.document },
      digest: digestOf(request.document),
      seq: request.seq,
      links: request.links,
    },
  );
  const ended = attempt.catch((error: Error) => error.message);
  return { there, resume, ended };
}

describe('an attempt stopped inside the stated window', () => {
  test('doubles the document, which the single-bearer check finds and raises as X-62 once', async () => {
    const zombie = stoppedInTheWindow();
    await zombie.there;
    // Long enough for the stopped send to be proved absent; the next attempt posts.
    const settle = settling(rig);
    const result = await retried(() => rig.blueCherry.postStockAdjustment(request), 60_000);
    await settle.stop();
    expect(result.state).toBe('posted');
    expect(documentsOf(rig, request.reference)).toHaveLength(1);

    zombie.resume();
    expect(await zombie.ended).toBe('killed before it recorded anything');
    const held = documentsOf(rig, request.reference);
    expect(held).toHaveLength(2);
    expect(await openFlags(rig.db, TENANT)).toEqual([]);

    const second = held.find((one) => one.number !== result.documents[0]?.number);
    const report = await rig.settle.singleBearer({ day: TODAY });
    expect(report.doubled).toMatchObject([{ externalRef: ref, reference: request.reference }]);
    expect([...(report.doubled[0]?.numbers ?? [])].sort()).toEqual(held.map((one) => one.number).sort());
    expect(await openFlags(rig.db, TENANT)).toMatchObject([{ code: 'X-62', reference: request.reference }]);
    expect(rig.raised).toMatchObject([{ code: 'X-62', actual: second?.number }]);

    await rig.settle.singleBearer({ day: TODAY });
    expect(rig.raised).toHaveLength(1);
  });

  test('keeps its own posting as it was: the first document stays, no lane is taken', async () => {
    const zombie = stoppedInTheWindow();
    await zombie.there;
    const settle = settling(rig);
    const result = await retried(() => rig.blueCherry.postStockAdjustment(request), 60_000);
    zombie.resume();
    await zombie.ended;
    await settle.stop();
    expect(await postingByRef(rig.db, ref)).toMatchObject({ state: 'posted', number: result.documents[0]?.number });
    expect(await takenLanes(rig.db, TENANT)).toEqual([]);
  });
});
