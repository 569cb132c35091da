/** What the single-bearer check finds becomes a case with an owner; what was recorded and not told is told. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { externalRefOf } from '../../activities/posting/reference.js';
import { retellFlags } from '../../activities/posting/retell.js';
import { insertRevision } from '../../store/posting-moves.js';
import { clearFlagOf, raiseFlag } from '../../store/postings.js';
import { adjustment } from './posting-support/asks.js';
import { createRig, TENANT, type Rig } from './posting-support/rig.js';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig({ cycles: false });
  rig.cycles.run();
});
afterEach(() => rig.close());

const day = new Date().toISOString().slice(0, 10);
const check = () => rig.settle.singleBearer({ day });
const referenceOf = (n: number): string => `return-to-stock:archean:LOST-${n}/restock`;
const told = (): string[] => rig.raised.map(({ code, subject, workflowId }) => [code, subject, workflowId].join(' '));

/** A document in the books under a reference of our making. */
async function inTheBooks(reference: string): Promise<string> {
  const externalRef = externalRefOf(reference, 1);
  const content = { operation: 'create' as const, undoes: null, document: adjustment([3]) };
  const reply = await rig.deps.erp.prepare(content, externalRef)();
  if (reply.outcome !== 'accepted') throw new Error(reply.outcome);
  return reply.number;
}

/** A posting that we believe posted as `number`. */
async function believed(n: number, number: string): Promise<void> {
  const document = adjustment([3]);
  await insertRevision(rig.db, {
    externalRef: externalRefOf(referenceOf(n), 1),
    ...{ reference: referenceOf(n), revision: 1, tenant: TENANT, workflowId: `return-to-stock:archean:LOST-${n}` },
    ...{ step: 'restock', kind: 'stock-adjustment', operation: 'create', askedDigest: 'x' },
    content: { operation: 'create', undoes: null, document },
    ...{ lanes: [], businessDate: document.businessDate, seq: n, links: [], state: 'posted', lineCount: 1, number },
  });
  await sql`update posting set sent_at = clock_timestamp() where reference = ${referenceOf(n)}`.execute(rig.db);
}

describe('a document that was posted and is not in the books', () => {
  test('is X-01 for its return, once, and again when it was closed and is still not there', async () => {
    await believed(1, 'IA-NOWHERE');
    const { missing } = await check();
    expect(missing).toMatchObject([{ reference: referenceOf(1), number: 'IA-NOWHERE' }]);
    await check();
    const subject = `${externalRefOf(referenceOf(1), 1)}/not in the books`;
    expect(told()).toEqual([`X-01 ${subject} return-to-stock:archean:LOST-1`]);
    expect(rig.raised[0]).toMatchObject({ title: expect.stringMatching(/^Document IA-NOWHERE of .* was posted, and/) });
    await clearFlagOf(rig.db, { code: 'X-01', subject, as: 'settled' });
    await check();
    expect(rig.raised).toHaveLength(2);
  });

  test('is not missing when only the listing does not show it', async () => {
    const number = await inTheBooks(referenceOf(2));
    await believed(2, number);
    rig.fault({ operation: 'transactions', kind: 'lookup-lag', probability: 1 });
    expect((await check()).missing).toEqual([]);
    expect(rig.raised).toEqual([]);
  });

  test('more than twenty of them are one case', async () => {
    for (let n = 100; n < 121; n += 1) await believed(n, `IA-NOWHERE-${n}`);
    rig.calls.clear();
    expect((await check()).missing).toHaveLength(21);
    expect(rig.raised).toMatchObject([{ code: 'X-01', title: expect.stringMatching(/^21 documents posted on/) }]);
    expect(rig.calls.of('blue-cherry').filter(({ operation }) => operation === 'read-transaction')).toEqual([]);
  });
});

describe('a document that bears a reference of ours and nobody here made', () => {
  test('is X-62, once; while it stands a closing as reversed brings it back, one as standing does not', async () => {
    const number = await inTheBooks('nobody/restock');
    await check();
    await check();
    const externalRef = externalRefOf('nobody/restock', 1);
    const subject = `${externalRef}/${number}`;
    expect(told()).toEqual([`X-62 ${subject} erp:${externalRef}:${number}`]);
    await clearFlagOf(rig.db, { code: 'X-62', subject, as: 'reversed-by-hand' });
    await check();
    expect(rig.raised).toHaveLength(2);
    await clearFlagOf(rig.db, { code: 'X-62', subject, as: 'stands' });
    await check();
    expect(rig.raised).toHaveLength(2);
  });
});

describe('a flag that was recorded and not told', () => {
  test('is told by the round, once, with what it said', async () => {
    await believed(3, 'IA-3');
    const externalRef = externalRefOf(referenceOf(3), 1);
    // The process died between recording and telling.
    await raiseFlag(rig.db, { externalRef, code: 'X-62', subject: 'IA-4', title: 'IA-4 too', expected: 'IA-3' });
    expect(await retellFlags(rig.deps, 60_000)).toBe(0);
    expect(await retellFlags(rig.deps, 0)).toBe(1);
    expect(await retellFlags(rig.deps, 0)).toBe(0);
    expect(rig.raised).toEqual([
      {
        ...{ workflowId: 'return-to-stock:archean:LOST-3', reference: referenceOf(3), code: 'X-62' },
        ...{ subject: `${externalRef}/IA-4`, title: 'IA-4 too', expected: 'IA-3', actual: '' },
      },
    ]);
  });

  test('of no posting is told under the name it would have had', async () => {
    const number = await inTheBooks('nobody/restock');
    await check();
    await sql`update posting_flag set told_at = null`.execute(rig.db);
    await retellFlags(rig.deps, 0);
    expect(rig.raised).toHaveLength(2);
    expect(rig.raised[1]).toEqual(rig.raised[0]);
    expect(rig.raised[1]?.actual).toBe(number);
  });

  test('is left untold while the desk cannot be reached', async () => {
    await believed(5, 'IA-5');
    const externalRef = externalRefOf(referenceOf(5), 1);
    await raiseFlag(rig.db, { externalRef, code: 'X-01', title: 'edited' });
    const deaf = { ...rig.deps, raise: () => Promise.reject(new Error('no store')) };
    await expect(retellFlags(deaf, 0)).rejects.toThrow('no store');
    expect(await retellFlags(rig.deps, 0)).toBe(1);
  });
});
