/** Who may decide what about a delivery, at every door (A6, R-801, R-802, R-086): what is refused changes nothing. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { DecisionMessage } from '../../clients/temporal/index.js';
import { startRig, type Rig } from '../support/rig.js';
import { shownTo, through, type Door } from './deciding.js';
import {
  adjustedOf,
  deliver,
  line,
  order,
  orderState,
  receivedOn,
  untilPosting,
  WITHIN,
  type Delivered,
  type Ordered,
} from './receipts-support.js';
import { askedOf, configWith, sideBySide } from './support.js';

let rig: Rig;
const at = sideBySide(2 * WITHIN);

const digest = (key: string): string => createHash('sha256').update(key).digest('hex');
/** Two people of the warehouse without limits besides those of the development configuration. */
const config = (): string =>
  configWith({
    'people.yaml': (text) =>
      `${text.trimEnd()}\n${['wh-a', 'wh-b']
        .map(
          (id) =>
            `    - { id: ${id}, name: ${id}, roles: [warehouse], mail: ${id}@selvedge.test, keyDigest: ` +
            `'${digest(`dev-key-${id}`)}', limits: { currency: GBP, document: none, customerDay: none, day: none } }`,
        )
        .join('\n')}\n`,
  });

type Attempts = [string, Partial<DecisionMessage>, RegExp][];
const WRONG: Attempts = [
  [
    'a wrong role',
    { by: 'eco-1' },
    /eco-1 may not decide .*belongs to warehouse \(deputy buying\).*has the role ecommerce/,
  ],
  [
    'an unknown choice',
    { choice: 'damaged-by-nobody' },
    /"damaged-by-nobody" is no choice of .*Allowed: damaged-on-arrival, damaged-by-us/,
  ],
  ['a stale shown', { shown: '0'.repeat(64) }, /no longer shows what was decided on/],
  ['an asking not opened yet', { asking: 2 }, /has been asked 1 time.*decides asking 2/],
  ['a question not asked', { question: 'write-off' }, /"write-off" has not been asked/],
];
const AT: Record<Door, Attempts> = {
  desk: [
    ...WRONG,
    ['an unknown key', { by: 'nobody' }, /^401: This key belongs to nobody/],
    ['no shown', { shown: '' }, /must carry what was shown/],
    ['no why', { why: ' ' }, /must say why/],
    ['who received it', { by: 'wh-1' }, /wh-1 asked for .* and may not decide it: somebody else must \(R-802\)/],
  ],
  update: [
    ...WRONG,
    ['a claim where proof is needed', {}, /a typed name does not prove who decides.*selvedge decide C-/],
  ],
  signal: [...WRONG, ['nobody named', { by: '' }, /does not say who decides/]],
};

/** A delivery of ten received by wh-1, two of them damaged; the sound ones are posted. */
async function damaged(): Promise<Ordered & Delivered> {
  const po = await order(rig, 10);
  const made = await deliver(rig, {
    poNo: po.poNo,
    completedBy: 'wh-1',
    lines: [line(po.code, 10, { damagedUnits: 2 })],
  });
  await rig.started(made.workflowId);
  await askedOf(rig, made.workflowId, 'damaged');
  await untilPosting(rig, made.workflowId, 'receipt-v1', 'posted');
  return { ...po, ...made };
}

describe('a decision about a delivery', () => {
  beforeAll(async () => {
    rig = await startRig({
      reset: { scenario: 'trading-day', returns: 0, seed: 6, misbehave: 0 },
      feeds: ['archean.goods-in', 'archean.movements'],
      env: { SELVEDGE_CONFIG: config() },
    });
    at.start();
  }, 90_000);
  afterAll(() => rig.close(), 60_000);

  for (const [door, attempts] of Object.entries(AT) as [Door, Attempts][])
    at.test(
      `that is refused at the door ${door} receives nothing and says why, and the right one still counts`,
      async () => {
        const made = await damaged();
        const { workflowId, poNo, item } = made;
        const shown = await shownTo(rig, workflowId, 'damaged');
        const right = { ...shown, decision: { ...shown.decision, choice: 'damaged-by-us', by: 'wh-2' } };
        for (const [name, change, says] of attempts)
          expect([door, name, await through(rig, door, right, change)]).toEqual([
            door,
            name,
            expect.stringMatching(says),
          ]);
        expect([await receivedOn(rig, poNo), await adjustedOf(rig, item)]).toEqual([['PO receipt POSTED 8'], []]);
        expect((await rig.progress(workflowId)).questions.map((q) => q.question)).toEqual(['damaged']);
        expect(await through(rig, 'desk', right, {})).toBeNull();
        const late = /was already decided: "damaged-by-us" by wh-2/;
        expect(await through(rig, door, right, { by: 'wh-3', choice: 'damaged-on-arrival' })).toMatch(late);
        const off = await shownTo(rig, workflowId, 'write-off');
        // Who said that we damaged them asks for the write-off; so does who received them. Neither is of finance anyway.
        expect(await through(rig, 'desk', off, { by: 'wh-2' })).toMatch(/belongs to finance/);
        expect(await through(rig, 'desk', off, {})).toBeNull();
        expect(await rig.ended(workflowId)).toMatchObject({ units: 10, order: 'closed-for-receiving' });
        expect([(await receivedOn(rig, poNo)).sort(), await adjustedOf(rig, item)]).toEqual([
          ['PO receipt POSTED 2', 'PO receipt POSTED 8'],
          ['-2'],
        ]);
      },
    );

  at.test('about GBP 6,000.00 needs two people who choose the same, each within their limit', async () => {
    const { poNo, code } = await order(rig, 1_000);
    const { workflowId } = await deliver(rig, { poNo, lines: [line(code, 200, { expected: 1_000 })] });
    await rig.started(workflowId);
    const shown = await shownTo(rig, workflowId, 'short');
    const gone = (by: string, choice = 'never-arrived'): Promise<string | null> =>
      through(rig, 'desk', { ...shown, decision: { ...shown.decision, choice } }, { by });
    expect(await gone('wh-2')).toMatch(/wh-2 may decide up to GBP 1,?000.00 per document; this makes it GBP 6,?000.00/);
    expect(await gone('wh-a')).toBeNull();
    expect((await rig.progress(workflowId)).questions.map((q) => q.question)).toEqual(['short']);
    expect(await gone('wh-a')).toMatch(/wh-a/);
    await untilPosting(rig, workflowId, 'receipt-v1', 'posted');
    expect(await orderState(rig, poNo)).toBe('OPEN 800 of 1000 open');
    expect(await gone('wh-b')).toBeNull();
    expect(await rig.ended(workflowId)).toMatchObject({ units: 200, order: 'closed-for-receiving' });
    expect([await receivedOn(rig, poNo), await orderState(rig, poNo)]).toEqual([
      ['PO receipt POSTED 200'],
      'CLOSED_RECEIVING 800 of 1000 open',
    ]);
  });
});
