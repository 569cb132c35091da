import { describe, expect, test } from '@jest/globals';
import { rebuild, referencesIn } from '../../activities/recover/references.js';
import { askedDigestOf } from '../../activities/posting/content.js';
import { externalRefOf } from '../../activities/posting/reference.js';
import type { StockAdjustment } from '../../domain/documents.js';
import type { ToldCall } from '../../domain/told.js';

const W = 'return-to-stock:archean:RMA-1';
const REF = `${W}/restock`;
const documentOf = (units: number[]): StockAdjustment =>
  ({
    kind: 'stock-adjustment',
    businessDate: '2026-03-31',
    memo: 'RMA-1',
    division: 'WOM',
    warehouse: '01',
    reasonCode: 'RETURN',
    lines: units.map((quantity, n) => ({ item: `WOM|${n}|NVY|||08`, quantity, unitCost: '1.00' })),
  }) satisfies StockAdjustment;

let clock = 0;
const at = (): string => new Date(Date.UTC(2026, 2, 31, 9, 0, clock++)).toISOString();
const call = (verb: string, input: object, how: Partial<ToldCall> = { outcome: 'pending' }): ToldCall => {
  const askedAt = at();
  return {
    ...{ workflowId: W, verb, input: { reference: REF, ...input }, askedAt, result: undefined, failure: undefined },
    ...{ outcome: 'done', ...how },
    endedAt: how.outcome === 'pending' ? null : at(),
  };
};
const post = (document: StockAdjustment, how?: Partial<ToldCall>): ToldCall =>
  call('blueCherry.postStockAdjustment', { document, seq: 7, links: [] }, how);
const posted = (revision: number, number: string, reference = REF): Partial<ToldCall> => ({
  result: {
    state: 'posted',
    documents: [
      {
        revision,
        number,
        externalRef: externalRefOf(reference, revision),
        journal: 'verified',
        businessDate: '',
        adopted: false,
      },
    ],
  },
});
const refused = (type: string, more: object = {}): Partial<ToldCall> => ({
  outcome: 'failed',
  failure: { type, code: 'X-24', message: 'no', reference: REF, revision: 1, ...more },
});
const told = (...calls: ToldCall[]): string[] =>
  [...rebuild([], calls).values()].flatMap(({ reference, revisions }) =>
    revisions.map(
      ({ state, number, content }, n) =>
        `${reference.replace(`${W}/`, '')} ${n + 1} ${state} ${number ?? '-'} ${content?.document.lines.length ?? 'none'}`,
    ),
  );

describe('what histories tell of postings', () => {
  test('asked and not heard of since: nobody knows; its reference is the one it was sent under', () => {
    const document = documentOf([1]);
    const all = rebuild([], [post(document)]);
    expect(all.get(REF)).toMatchObject({ askedDigest: askedDigestOf(document), seq: 7 });
    expect(all.get(REF)?.revisions[0]).toMatchObject({ externalRef: externalRefOf(REF, 1), state: 'unknown' });
  });

  test('posted, refused, forbidden', () => {
    expect(told(post(documentOf([1]), posted(1, '700')))).toEqual(['restock 1 posted 700 1']);
    expect(told(post(documentOf([1]), refused('PeriodClosed')))).toEqual(['restock 1 rejected - 1']);
    expect(told(call('postings.forbid', { why: 'w' }, { result: { state: 'forbidden' } }))).toEqual([
      'restock 1 forbidden - none',
    ]);
    expect(told(post(documentOf([1])), call('postings.forbid', {}, { result: { state: 'sent' } }))).toEqual([
      'restock 1 unknown - 1',
    ]);
  });

  test('trouble and refusals that are not the ERP’s say nothing of it', () => {
    for (const type of ['Unreachable', 'LookAlike', 'ReferenceReused', 'OutcomeUnknown', 'JournalDiffers'])
      expect(told(post(documentOf([1]), refused(type)))).toEqual(['restock 1 unknown - 1']);
  });

  test('refused, decided, sent as a second revision, posted', () => {
    const first = post(documentOf([1]), refused('PeriodClosed'));
    const decided = call(
      'postings.decide',
      { revision: 1, choice: 'correct', by: 'fin-1', document: documentOf([1, 1]) },
      { result: { done: true, revision: 2, state: 'intended' } },
    );
    expect(told(first, decided)).toEqual(['restock 1 superseded - 1', 'restock 2 unknown - 2']);
    expect(told(first, decided, post(documentOf([1]), posted(2, '701')))).toEqual([
      'restock 1 superseded - 1',
      'restock 2 posted 701 2',
    ]);
  });

  test('a decision that changed nothing changes nothing', () => {
    const decided = call(
      'postings.decide',
      { revision: 1, choice: 'forbid', by: 'f' },
      { result: { done: false, why: '' } },
    );
    expect(told(post(documentOf([1]), refused('PeriodClosed')), decided)).toEqual(['restock 1 rejected - 1']);
  });

  test('taken without some lines: these wait, refused, as a revision of their own', () => {
    const lines = [{ line: 2, code: 'SKU_UNKNOWN', message: '' }];
    const first = post(documentOf([1, 2, 3]), refused('LinesRefused', { revision: 2, lines }));
    expect(told(first)).toEqual(['restock 1 unknown - 3', 'restock 2 rejected - 1']);
  });

  test('adopted: entered by hand, under no reference of ours', () => {
    const adopted = call(
      'postings.decide',
      { revision: 1, choice: 'adopt', by: 'fin-1', number: '9000' },
      { result: { done: true, revision: 2, state: 'posted' } },
    );
    const all = rebuild([], [post(documentOf([1]), refused('PeriodClosed')), adopted]);
    expect(all.get(REF)?.revisions[1]).toMatchObject({ state: 'posted', adopted: true, number: '9000' });
  });

  test('reversed, and a reversal on its way: the contra has a reference of its own', () => {
    const first = post(documentOf([2]), posted(1, '700'));
    const reversal = { businessDate: '2026-04-01', reason: 'withdrawn' };
    const undo = `${REF}/undo-1`;
    expect(told(first, call('blueCherry.reverseStockAdjustment', reversal))).toEqual([
      'restock 1 posted 700 1',
      'restock/undo-1 1 unknown - 1',
    ]);
    const done = { result: { ...(posted(1, '702', undo).result as object), state: 'reversed' } };
    const all = rebuild([], [first, call('blueCherry.reverseStockAdjustment', reversal, done)]);
    expect(all.get(REF)?.revisions[0]?.state).toBe('reversed');
    expect(all.get(undo)?.revisions[0]).toMatchObject({ state: 'posted', number: '702' });
    expect(all.get(undo)?.revisions[0]?.content).toMatchObject({ operation: 'reverse', undoes: '700' });
  });

  test('in whatever order calls are handed in; references of undos are not asked for apart', () => {
    const first = post(documentOf([1]), refused('PeriodClosed'));
    const again = post(documentOf([1]), posted(1, '703'));
    expect(told(again, first)).toEqual(told(first, again));
    expect(referencesIn([first, again, call('desk.raise', {})])).toEqual([REF]);
  });
});
