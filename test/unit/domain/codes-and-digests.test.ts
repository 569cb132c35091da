import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonical, digestOf, externalRefOf, sha256 } from '../../../domain/digest.js';
import { codeIndex, laneOf, normaliseCode, resolveCode, styleColourOf } from '../../../domain/sku.js';

const [tee, hat] = ['10|TEE|BLK|||M', '10|HAT|RED|||OS'];

describe('article codes', () => {
  test('are compared without case, separators and blanks around, and with their leading zeros', () => {
    expect(['tee-blk-m', ' TEE/BLK.M ', 'tee_blk m'].map(normaliseCode)).toEqual(['TEEBLKM', 'TEEBLKM', 'TEEBLKM']);
    expect(normaliseCode('00123')).not.toBe(normaliseCode('123'));
  });

  test('normalised twice are the same, and any spelling of a code finds its item', () => {
    const spelling = fc.array(fc.constantFrom('-', '.', '/', '_', ' '), { minLength: 0, maxLength: 3 });
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z0-9]{1,12}$/), fc.array(spelling), fc.boolean(), (code, gaps, lower) => {
        const spelled = [...code].map((letter, i) => letter + (gaps[i] ?? []).join('')).join('');
        const written = lower ? spelled.toLowerCase() : spelled;
        expect(normaliseCode(normaliseCode(written))).toBe(normaliseCode(written));
        expect(resolveCode(written, { items: [{ code, item: tee }], aliases: [] })).toEqual({
          state: 'found',
          item: tee,
        });
      }),
    );
  });

  test('of two items that share a normalised code are ambiguous, unless one is spelled exactly', () => {
    const find = codeIndex({
      items: [
        { code: 'AB-1', item: tee },
        { code: 'A-B1', item: hat },
      ],
      aliases: [],
    });
    expect([find('AB-1'), find('A-B1')]).toEqual([
      { state: 'found', item: tee },
      { state: 'found', item: hat },
    ]);
    expect(find('ab1')).toEqual({ state: 'ambiguous', items: [hat, tee] });
  });

  test('of one item spelled in two ways are no collision', () => {
    const find = codeIndex({
      items: [
        { code: '85123A', item: tee },
        { code: '85123a', item: tee },
      ],
      aliases: [],
    });
    expect([find('85123A'), find('85123-a')]).toEqual([
      { state: 'found', item: tee },
      { state: 'found', item: tee },
    ]);
  });

  test('an alias settles an ambiguity; a code nobody knows is unknown', () => {
    const items = [
      { code: 'AB-1', item: tee },
      { code: 'A-B1', item: hat },
    ];
    const find = codeIndex({ items, aliases: [{ code: 'ab1', item: hat }] });
    expect([find('AB1'), find('zz'), find('--')]).toEqual([
      { state: 'found', item: hat },
      { state: 'unknown' },
      { state: 'unknown' },
    ]);
  });

  test('lanes are division, style and colour, warehouse; or the style alone where the site locks that', () => {
    expect([styleColourOf(tee), laneOf(tee, '01'), laneOf(tee, '01', 'style')]).toEqual([
      'TEE|BLK',
      '10|TEE|BLK|01',
      '10|TEE|01',
    ]);
  });
});

describe('digests', () => {
  test('are SHA-256 by its published vectors and as node computes it', () => {
    expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(sha256('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')).toBe(
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    );
    expect(sha256('a'.repeat(1_000_000))).toBe('cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) =>
        expect(sha256(text)).toBe(createHash('sha256').update(text, 'utf8').digest('hex')),
      ),
    );
  });

  test('of the same content are the same whatever order its keys were written in', () => {
    expect(canonical({ b: [1, { d: undefined, c: 'x' }], a: null })).toBe('{"a":null,"b":[1,{"c":"x"}]}');
    expect(digestOf({ a: 1, b: 2 })).toBe(digestOf({ b: 2, a: 1 }));
    expect(digestOf({ a: 1 })).not.toBe(digestOf({ a: '1' }));
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const again: unknown = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(canonical(value))).toEqual(again);
      }),
    );
  });

  test('refuse what JSON cannot say', () => {
    expect(() => canonical({ a: 1n })).toThrow('cannot write a bigint as JSON');
    expect(() => canonical([Number.NaN])).toThrow('cannot write NaN as JSON');
  });

  test('references are SV and 26 base-32 characters of the hash, other for each revision', () => {
    const digest = createHash('sha256').update('return-to-stock:archean:R1/restock#1').digest();
    const bits = [...digest].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    const expected = (bits.match(/.{5}/g) ?? [])
      .slice(0, 26)
      .map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[parseInt(five, 2)]);
    const reference = externalRefOf('return-to-stock:archean:R1/restock', 1);
    expect(reference).toBe(`SV${expected.join('')}`);
    expect(reference).toHaveLength(28);
    expect(externalRefOf('return-to-stock:archean:R1/restock', 2)).not.toBe(reference);
  });
});
