/** Whole files that are written: control numbers, envelopes, how to write, and what is too large. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countingFrom, readSync, write, WriteRefused, type Outgoing, type WriteOptions } from '../../../edi/index.js';
import { CASES, SEED } from './cases.js';
import { sending, transactionsOf, written } from './sending.js';
import { segmentsIn } from './spoiled.js';

describe('control numbers', () => {
  const line = { item: { ordered: { value: '1', unit: 'EA' } } };
  const order = {
    set: '850',
    beginning: { purpose: '00', type: 'NE', purchaseOrderNumber: 'A', date: '2026-03-31' },
    lines: [line],
  };
  const outgoing = (groups: number, documents: number): Outgoing => {
    const [group] = sending('004010', Array<unknown>(documents).fill(order)).groups;
    return { ...sending('004010', []), groups: group === undefined ? [] : Array.from({ length: groups }, () => group) };
  };
  const anyNumber = fc.oneof(
    fc.integer({ min: 1, max: 999_999_999 }),
    fc.constantFrom<unknown>(
      0,
      -1,
      -0,
      1.5,
      NaN,
      Infinity,
      1e9,
      999_999_999,
      1e21,
      '7',
      null,
      undefined,
      7n,
      {},
      1,
      1,
      2,
    ),
  );

  test('are written as they come, or refused: what is no number, and what came before', () => {
    const numbers = fc.array(anyNumber, { minLength: 1, maxLength: 30 });
    let [came, refused] = [0, 0];
    fc.assert(
      fc.property(
        numbers,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 4 }),
        (given, groups, documents) => {
          let next = 0;
          const number = (): number => given[next++ % given.length] as number;
          let bytes: Uint8Array;
          try {
            bytes = write(outgoing(groups, documents), { interchange: number, group: number, transaction: number });
          } catch (error) {
            if (!(error instanceof WriteRefused)) throw error;
            return void (refused += 1);
          }
          came += 1;
          const items = [...readSync(bytes)];
          expect(items.flatMap(({ faults }) => faults)).toEqual([]);
          expect(transactionsOf(items)).toHaveLength(groups * documents);
          expect(segmentsIn(bytes, 126)).toHaveLength(2 + groups * (2 + 5 * documents));
        },
      ),
      { numRuns: CASES, seed: SEED },
    );
    expect(came).toBeGreaterThan(CASES / 20);
    expect(refused).toBeGreaterThan(CASES / 20);
  });

  test('that cannot be had are no fault of the document: what the port throws is thrown', () => {
    const lost = new Error('no numbers today');
    const port = {
      ...countingFrom(1),
      group: () => {
        throw lost;
      },
    };
    expect(() => write(outgoing(1, 1), port)).toThrow(lost);
  });

  test('count many sets and several groups', () => {
    const bytes = write(outgoing(3, 400), { ...countingFrom(5), transaction: undefined as never });
    const items = [...readSync(bytes)];
    expect(items.flatMap(({ faults }) => faults)).toEqual([]);
    expect(transactionsOf(items).map(({ controlNumber }) => controlNumber)).toEqual(
      [1, 2, 3].flatMap(() => Array.from({ length: 400 }, (_, n) => String(n + 1).padStart(4, '0'))),
    );
  });
});

describe('what is no outgoing interchange', () => {
  const good = sending('004010', [
    {
      set: '997',
      group: { functionalId: 'PO', controlNumber: '1' },
      result: { result: 'A', included: '1', received: '1', accepted: '1' },
    },
  ]);
  const [group] = good.groups;
  test.each<[string, unknown]>([
    ['a document that is null', { ...good, groups: [{ ...group, documents: [null] }] }],
    ['a document that is text', { ...good, groups: [{ ...group, documents: ['850'] }] }],
    ['a document without its set', { ...good, groups: [{ ...group, documents: [{}] }] }],
    ['a set that is not known', { ...good, groups: [{ ...group, documents: [{ set: 'constructor' }] }] }],
    ['sets of two kinds in a group', { ...good, groups: [{ ...group, documents: [{ set: '850' }, { set: '810' }] }] }],
    ['a group without documents', { ...good, groups: [{ ...group, documents: [] }] }],
    ['a group whose documents are no list', { ...good, groups: [{ ...group, documents: null }] }],
    ['a hole in the documents', { ...good, groups: [{ ...group, documents: Array(1) }] }],
    ['a group that is null', { ...good, groups: [null] }],
    ['no groups', { ...good, groups: undefined }],
    ['a release that is none', { ...good, groups: [{ ...group, release: '004060' }] }],
    ['a party that is null', { ...good, sender: null }],
    ['a party whose identifier is a number', { ...good, receiver: { qualifier: 'ZZ', id: 7 } }],
    ['a party with a qualifier of three', { ...good, receiver: { qualifier: 'ZZZ', id: '7' } }],
    ['an identifier with a separator', { ...good, receiver: { qualifier: 'ZZ', id: 'A*B' } }],
    ['an identifier with a blank behind', { ...good, receiver: { qualifier: 'ZZ', id: 'A ' } }],
    ['a group of a sender without name', { ...good, groups: [{ ...group, sender: undefined }] }],
    ['a group of a sender with a letter beyond ASCII', { ...good, groups: [{ ...group, sender: 'MÜLLER' }] }],
    ['a group of a sender that is blank', { ...good, groups: [{ ...group, sender: '   ' }] }],
    ['a day that is none', { ...good, date: '2026-02-30' }],
    ['a day of the year 2050', { ...good, date: '2050-01-01' }],
    ['a day that is a Date', { ...good, date: new Date(0) }],
    ['a time that is none', { ...good, time: '24:00' }],
    ['a usage that is none', { ...good, usage: 'X' }],
    ['TA1s that are no list', { ...good, interchangeAcknowledgements: {} }],
    ['a TA1 that is null', { ...good, interchangeAcknowledgements: [null] }],
  ])('is refused by name: %s', (_, outgoing) => {
    expect(() => write(outgoing as Outgoing, countingFrom(1))).toThrow(WriteRefused);
  });

  test.each<[string, unknown]>([
    ['a separator that is text', { separators: { element: '*' } }],
    ['a separator of two bytes', { separators: { element: 256 } }],
    ['a terminator that is the line end too', { separators: { segment: 10 }, lineEnd: '\n' }],
    ['a line end that is none', { lineEnd: '~' }],
    ['a character set that is none', { characters: 'all' }],
  ])('nor a way to write: %s', (_, options) => {
    expect(() => write(good, countingFrom(1), options as WriteOptions)).toThrow(WriteRefused);
  });
});

describe('documents of no end', () => {
  const notice = (levels: unknown) => ({
    set: '856',
    beginning: { purpose: '00', shipmentId: 'SHIP1', date: '2026-03-31', time: '09:30' },
    levels,
  });
  const deep = (levels: number): unknown =>
    Array.from({ length: levels }).reduce<unknown>(
      (below) => ({ level: 'P', children: below === null ? [] : [below] }),
      null,
    );

  test('are refused: a tree too deep, a tree that holds itself', () => {
    expect(written('004010', [notice([deep(32)])])).not.toBeNull();
    expect(written('004010', [notice([deep(33)])])).toBeNull();
    expect(written('004010', [notice([deep(20_000)])])).toBeNull();
    const round: { level: string; children: unknown[] } = { level: 'S', children: [] };
    round.children.push(round);
    expect(written('004010', [notice([round])])).toBeNull();
  });

  test('are refused: lists longer than the set has place for', () => {
    const order = {
      set: '850',
      beginning: { purpose: '00', type: 'NE', purchaseOrderNumber: 'A', date: '2026-03-31' },
    };
    const line = { item: { ordered: { value: '1', unit: 'EA' } } };
    expect(written('004010', [{ ...order, lines: Array<unknown>(100_000).fill(line) }])).not.toBeNull();
    expect(written('004010', [{ ...order, lines: Array<unknown>(100_001).fill(line) }])).toBeNull();
    expect(written('004010', [{ ...order, lines: Array(1_000_000) }])).toBeNull();
  });
});
