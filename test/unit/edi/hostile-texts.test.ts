/** Small files that are not what they should be: encodings, separators, texts with the word ISA in them. */
import { describe, expect, test } from '@jest/globals';
import { readSync, rewrite } from '../../../edi/index.js';
import { firstOf, isa, readAll, transaction, wrapped } from './wrapped.js';

const BEG = 'BEG*00*NE*4X7QK2LM**20260301~';
const order = (text = 'PLAIN'): string => wrapped([transaction('850', `${BEG}N9*L1*1~MSG*${text}~PO1*1*1*EA~`)]);
const rulesOf = (text: string): string[] => readAll(text).flatMap(({ faults }) => faults.map(({ rule }) => rule));
const wide = (text: string, order: 'le' | 'be'): string => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return (order === 'le' ? bytes : bytes.swap16()).toString('latin1');
};
const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
const messageOf = (text: string): string => {
  const document = firstOf(text).document as { notes?: { messages: { text?: string }[] }[] } | null;
  return JSON.stringify(document);
};

describe('a text that is no X12', () => {
  test('an ISA whose elements blanks separate is told as that', () => {
    expect(rulesOf('ISA 00          00          ZZ AMAZON')).toEqual(['element-separator']);
  });

  test.each([
    ['a letter about the word', 'Please send the ISA segment. ISA is the header, ISA, GS and ST come first (ISA).'],
    ['a word that ends in ISA', 'Paid by VISA*4000 and again by VISA*4001, thank you'],
    ['a word that begins with ISA', 'ISABELLA and ISAAC'],
    ['ISA at the very end', 'so much for the ISA'],
    ['ISA and a full stop at the very end', 'so much for the ISA.\n'],
    ['an image', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'],
    ['a comma list', 'ISA, GS, ST\n'],
  ])('%s is told as such, once', (_what, text) => {
    expect(rulesOf(text)).toEqual(['not-x12']);
    expect(rewrite(readAll(text)).toString()).toBe(Buffer.from(text, 'latin1').toString());
  });

  test.each([
    ['little-endian, with a mark', wide(order(), 'le')],
    ['big-endian, with a mark', wide(order(), 'be')],
    ['without a mark', wide(order(), 'le').slice(2)],
  ])('UTF-16, %s: what to do about it', (_what, text) => {
    const [fault] = readAll(text).flatMap(({ faults }) => faults);
    expect([fault?.rule, fault?.message]).toEqual([
      'not-x12',
      'every character has two bytes (UTF-16): in X12 each has one, so save it as UTF-8',
    ]);
  });

  test('what stands around interchanges is told once for each gap, at its first word', () => {
    const items = readAll(`${' '.repeat(70_000)}${'x'.repeat(70_000)}${order()}\n${'y'.repeat(200_000)}`);
    const told = items.flatMap(({ faults }) => faults).map(({ rule, offset }) => [rule, offset]);
    expect(told).toEqual([
      ['text-outside', 70_000],
      ['text-outside', 140_000 + order().length + 1],
    ]);
  });
});

describe('a header', () => {
  test.each([
    ['all separators equal', isa().replace('>~', '**'), ['component-separator', 'segment-terminator']],
    ['component separator as terminator', isa().replace('>~', '~~'), ['segment-terminator']],
    ['cut off within', isa().slice(0, 60), ['header-broken']],
    ['cut off after its fourth byte', 'ISA*', ['header-broken']],
  ])('%s', (_what, text, rules) => {
    expect(rulesOf(text)).toEqual(expect.arrayContaining(rules));
    expect(readAll(text).some(({ kind }) => kind === 'interchange')).toBe(false);
  });

  test('a separator in one of its fields is told there, and nothing of the interchange is used', () => {
    const items = readAll(order().replace('AMAZON         *ZZ', 'AMA*ZON        *ZZ'));
    expect(items.every(({ kind }) => kind === 'outside')).toBe(true);
    expect(items.flatMap(({ faults }) => faults)).toMatchObject([
      {
        rule: 'header-broken',
        element: 6,
        offset: 35,
        message: 'the element separator "*" stands within ISA06: what follows cannot be told apart',
      },
    ]);
  });

  test('a second broken header is told too, and the good file behind it is read', () => {
    const broken = isa().replace('>~', '**');
    const rules = rulesOf(`${broken}${'x'.repeat(300)}${broken}${'x'.repeat(300)}${order()}`);
    expect(rules.filter((rule) => rule === 'segment-terminator')).toHaveLength(2);
    expect(firstOf(`${broken}${order()}`).document).not.toBeNull();
  });
});

describe('letters', () => {
  test('UTF-8 and Windows-1252 are read as what they are; a byte-order mark is told, and no letter', () => {
    expect(messageOf(order(utf8('Café Ærø')))).toContain('Café Ærø');
    expect(messageOf(order('Caf\xe9'))).toContain('Café');
    expect(messageOf(order('\xef\xbb\xbfX'))).toContain('\ufeffX');
    expect(rulesOf(`\xef\xbb\xbf${order()}`)).toEqual(['byte-order-mark']);
  });

  test('NUL bytes are told where they stand, and kept', () => {
    const { faults, document } = firstOf(order('A\0B'));
    expect(faults.map(({ rule, segmentId }) => [rule, segmentId])).toEqual([['character', 'MSG']]);
    expect(document).not.toBeNull();
    expect(rulesOf(order().replace('N9*', '\0\0\0N9*'))).toContain('segment-not-known');
    expect(rulesOf(`${'\0'.repeat(512)}${order()}`)).toEqual(['text-outside']);
  });

  test('every byte in every place: nothing is thrown, and every byte is kept', () => {
    const file = Buffer.from(order(), 'latin1');
    for (let at = 0; at < file.length; at++)
      for (const byte of [0, 10, 13, 32, 42, 62, 126, 127, 195, 255]) {
        const bytes = Buffer.from(file);
        bytes[at] = byte;
        const items = [...readSync(bytes)];
        if (!Buffer.from(rewrite(items)).equals(bytes)) throw new Error(`byte ${byte} at ${at} is not kept`);
      }
  });
});
