/** Documents that nobody means well with: written, or refused in words; never anything else, and never for long. */
import { describe, expect, test } from '@jest/globals';
import { countingFrom, readSync, write, WriteRefused, type Document } from '../../../edi/index.js';

const party = { qualifier: 'ZZ', id: 'SELVEDGE' };
const item = { lineNumber: '1', ordered: { value: '1', unit: 'EA' }, unitPrice: { value: '1' } };
const beginning = { purpose: '00', type: 'NE', purchaseOrderNumber: '1', date: '2026-03-01' };
const order = (lines: unknown, more: object = {}) => ({ set: '850', beginning, lines, ...more });
const notice = (levels: unknown) => ({
  set: '856',
  beginning: { purpose: '00', shipmentId: 'S1', date: '2026-03-01', time: '12:00' },
  levels,
});

interface Level {
  level: string;
  children: Level[];
}
const level = (...children: Level[]): Level => ({ level: 'I', children });

function written(document: unknown): Uint8Array {
  const release = (document as { set?: unknown } | null)?.set === '856' ? '005010' : '004010';
  const groups = [{ sender: 'SELVEDGE', receiver: 'AMAZON', release, documents: [document as Document] } as const];
  const envelope = { sender: party, receiver: party, date: '2026-03-01', time: '12:00', usage: 'P', groups } as const;
  return write(envelope, countingFrom(1));
}

/** Why it is refused. */
function whyNot(document: unknown): string {
  try {
    written(document);
  } catch (error) {
    if (error instanceof WriteRefused) return error.message;
    throw error;
  }
  return 'written';
}

const boom = (): never => {
  throw new Error('boom');
};

describe('size', () => {
  test.each([
    ['a million lines', () => order(new Array(1_000_000).fill({ item })), /1000000 of them; 100000 are allowed/],
    ['a list that is as long as lists can be', () => order(new Array(4_000_000_000)), /4000000000 of them/],
    [
      '300,000 unknown segments',
      () => order([{ item }], { unknown: new Array(300_000).fill({ segment: 3, id: 'ZZZ', elements: ['1'] }) }),
      /at most 200000 segments/,
    ],
    [
      'a segment of 100,000 bytes',
      () => order([{ item }], { unknown: [{ segment: 3, id: 'ZZZ', elements: ['A'.repeat(100_000)] }] }),
      /longer than 65536 bytes/,
    ],
    [
      'a text of 10 MB',
      () => order([{ item: { ...item, lineNumber: 'x'.repeat(10_000_000) } }]),
      /1 to 20 are allowed/,
    ],
    [
      'a number of a million digits',
      () => order([{ item: { ...item, ordered: { value: '9'.repeat(1_000_000), unit: 'EA' } } }]),
      /1 to 15 are allowed/,
    ],
  ])('%s', (_what, make, why) => {
    expect(whyNot(make())).toMatch(why);
  });

  test('what is written is no larger than what a reader with the same limits takes', () => {
    const lines = Array.from({ length: 99_000 }, (_, n) => ({ item: { ...item, lineNumber: String(n + 1) } }));
    const items = [...readSync(written(order(lines)))];
    const [transaction] = items.filter(({ kind }) => kind === 'transaction');
    expect(items.flatMap(({ faults }) => faults)).toEqual([]);
    expect(transaction?.kind === 'transaction' ? transaction.document : null).not.toBeNull();
  });
});

describe('trees', () => {
  function chain(depth: number): Level {
    let top = level();
    for (let n = 1; n < depth; n++) top = level(top);
    return top;
  }
  function shared(depth: number): Level {
    let top = level();
    for (let n = 1; n < depth; n++) top = level(top, top);
    return top;
  }
  function round(): Level {
    const top = level();
    top.children.push(top, top);
    return top;
  }

  test.each([
    ['100,000 levels below each other', chain(100_000)],
    ['a level that is its own child, twice', round()],
    ['32 levels, each twice below the next: four thousand million', shared(32)],
  ])('%s', (_what, top) => {
    expect(whyNot(notice([top]))).toMatch(/^HL: levels are a tree of at most 20000, at most 32 deep/);
  });

  test('32 levels are written', () => {
    const [, , transaction] = [...readSync(written(notice([chain(32)])))];
    expect(transaction?.kind === 'transaction' && transaction.document).toBeTruthy();
  });
});

describe('objects that misbehave', () => {
  test.each([
    [
      'a getter that throws',
      order([Object.defineProperty({}, 'item', { get: boom, enumerable: true })]),
      /cannot be looked at: boom/,
    ],
    ['a proxy that throws', order(new Proxy([{ item }], { get: boom })), /cannot be looked at: boom/],
    [
      'a proxy that hides its keys',
      order([{ item: new Proxy(item, { ownKeys: boom }) }]),
      /^lines\[0\]\.item \(850\) cannot be looked at: boom/,
    ],
    ['a text that is none', order([{ item: { ...item, lineNumber: { toString: boom } } }]), /text is expected/],
    ['a symbol', order([{ item: { ...item, lineNumber: Symbol('x') } }]), /text is expected/],
    ['a number', order([{ item: { ...item, ordered: { value: 5, unit: 'EA' } } }]), /text is expected/],
    ['nothing', null, /a document is expected, with its set/],
    ['a text', '850', /a document is expected, with its set/],
    ['a set that every object has', { set: 'constructor' }, /a group holds documents/],
    ['lines that are a text', order('abc'), /expected array/],
    ['a line that is nothing', order([null]), /expected object/],
    ['half a letter', order([{ item: { ...item, lineNumber: '\ud800' } }]), /U\+D800/],
  ])('%s', (_what, document, why) => {
    expect(whyNot(document)).toMatch(why);
  });

  test('a value is read once: what was checked is what is written', () => {
    let asked = 0;
    const line = { ...item };
    Object.defineProperty(line, 'lineNumber', {
      enumerable: true,
      get: () => (asked++ === 0 ? '1' : '1~SE*9*9~'),
    });
    const why = whyNot(order([{ item: line }]));
    if (why === 'written') expect(asked).toBe(1);
    else expect(why).toContain('PO101');
  });

  test('what the caller itself breaks is its own error', () => {
    const envelope = {
      sender: party,
      receiver: party,
      date: '2026-03-01',
      time: '12:00',
      usage: 'P',
      groups: [{ sender: 'SELVEDGE', receiver: 'AMAZON', release: '004010', documents: [{ set: '850' } as never] }],
    } as const;
    expect(() => write(envelope, { interchange: boom, group: boom })).toThrow('boom');
  });
});
