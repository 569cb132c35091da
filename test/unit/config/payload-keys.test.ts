import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addKey, useKey } from '../../../bin/keys/file.js';
import { ConfigError } from '../../../config/faults.js';
import { KeyRing, loadKeys, MissingKey, newKey, Unauthentic } from '../../../config/payload-keys.js';

let dir = '';
let file = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'selvedge-keys-'));
  file = join(dir, 'keys.yaml');
});
afterEach(() => rmSync(dir, { recursive: true }));
const written = (text: string, mode = 0o600): string => {
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
};
const faultsOf = (text: string, mode?: number): string => {
  try {
    loadKeys(written(text, mode));
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
};

describe('the file of keys', () => {
  const [one, two] = [newKey(), newKey()];

  test('holds keys of which one is current', () => {
    const ring = loadKeys(written(`current: k-2\nkeys:\n  k-1: ${one}\n  k-2: ${two}\n`));
    expect([ring?.current, ring?.ids]).toEqual(['k-2', ['k-1', 'k-2']]);
  });

  test('is not needed: without a name nothing is encrypted', () => {
    expect([loadKeys(''), loadKeys(undefined)]).toEqual([null, null]);
  });

  test.each([
    ['two current ones', `current: [a, b]\nkeys:\n  a: ${one}\n  b: ${two}\n`, 'exactly one of a, b is allowed'],
    ['none', `keys:\n  a: ${one}\n`, 'current: found none; exactly one of a is allowed'],
    ['one that is not there', `current: z\nkeys:\n  a: ${one}\n`, 'current: found "z", which is no key here'],
    ['a current one twice', `current: a\ncurrent: b\nkeys:\n  a: ${one}\n`, 'no map of keys'],
    ['a short key', `current: a\nkeys:\n  a: ${one.slice(0, 20)}\n`, 'keys.a: found no key; 32 random bytes in base64'],
    ['a key that is none', `current: a\nkeys:\n  a: ${Buffer.alloc(32).toString('base64')}\n`, 'not random'],
    [
      'one key under two names',
      `current: a\nkeys:\n  a: ${one}\n  b: ${one}\n`,
      'keys.b: found the same key as another',
    ],
    ['a strange name', `current: A B\nkeys:\n  A B: ${one}\n`, 'up to 40 of a-z, 0-9'],
    ['no keys', 'current: a\nkeys: {}\n', '0 keys; 1 to 50 are allowed'],
    ['something else', `current: a\nkeys:\n  a: ${one}\nold: x\n`, 'old: found an unknown key'],
    ['no YAML', '{{{', 'no map of keys'],
    ['an alias', `current: a\nkeys:\n  a: &x ${one}\n  b: *x\n`, 'no map of keys'],
  ])('with %s is refused', (_, text, words) => {
    expect(faultsOf(text)).toContain(words);
  });

  test('that others can read is refused with what to do, and no refusal holds a key', () => {
    expect(faultsOf(`current: a\nkeys:\n  a: ${one}\n`, 0o640)).toContain(`0600 is allowed: chmod 600 ${file}`);
    const said = faultsOf(`current: b\nkeys:\n  a: ${one}\n  c: ${one}\n  d: ${two.slice(1)}\n`);
    expect(said).toContain('3 faults');
    expect(said).not.toContain(one.slice(0, 12));
    expect(said).not.toContain(two.slice(1, 12));
  });

  test('that is not there, or a folder, is refused', () => {
    expect(() => loadKeys(join(dir, 'none'))).toThrow('no readable file (ENOENT)');
    expect(() => loadKeys(dir)).toThrow('found no file');
  });

  test('is made and changed by the commands: 0600, comments kept, the second key not yet current', () => {
    expect(addKey(file, 'k-1')).toEqual({ id: 'k-1', current: true });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    writeFileSync(file, `${readFileSync(file, 'utf8')}# kept in the safe\n`);
    expect(addKey(file, 'k-2')).toEqual({ id: 'k-2', current: false });
    expect(loadKeys(file)?.current).toBe('k-1');
    expect(useKey(file, 'k-2')).toBe('k-1');
    expect(loadKeys(file)?.current).toBe('k-2');
    expect(readFileSync(file, 'utf8')).toContain('kept in the safe');
    expect(() => addKey(file, 'k-2')).toThrow('has a key k-2 already');
    expect(() => addKey(file, 'no good')).toThrow('Nothing was changed');
    expect(() => useKey(file, 'k-9')).toThrow('has no key "k-9"; it has k-1, k-2');
    expect(loadKeys(file)?.ids).toEqual(['k-1', 'k-2']);
  });
});

describe('encrypting', () => {
  const bytes = (): Buffer => Buffer.from(newKey(), 'base64');
  const keys = new Map([
    ['a', bytes()],
    ['b', bytes()],
  ]);
  const ring = new KeyRing('b', keys);
  const content = Buffer.from('Zuleika Quine, 4 Marker Lane');

  test('opens again, also after the next key is current; no two look alike', () => {
    const old = new KeyRing('a', keys).encrypt(content);
    expect(old.keyId).toBe('a');
    expect(Buffer.from(ring.decrypt('a', old.data))).toEqual(content);
    const [first, second] = [ring.encrypt(content), ring.encrypt(content)];
    expect(first.keyId).toBe('b');
    expect(Buffer.from(first.data)).not.toEqual(Buffer.from(second.data));
    expect(Buffer.from(first.data).includes('Zuleika')).toBe(false);
  });

  test('a key that is gone is named, with those that are there', () => {
    const { data } = new KeyRing('a', keys).encrypt(content);
    const without = new KeyRing('b', new Map([['b', keys.get('b') ?? bytes()]]));
    expect(() => without.decrypt('a', data)).toThrow(MissingKey);
    expect(() => without.decrypt('a', data)).toThrow('the key "a", which this process does not have (it has b)');
  });

  test('what was changed, shortened, or bears another key’s name does not open', () => {
    const { data } = ring.encrypt(content);
    const flipped = Buffer.from(data);
    flipped[20] = (flipped[20] ?? 0) ^ 1;
    for (const bad of [flipped, data.subarray(0, 20), Buffer.alloc(0)])
      expect(() => ring.decrypt('b', bad)).toThrow(Unauthentic);
    expect(() => ring.decrypt('a', data)).toThrow(Unauthentic);
    const renamed = new KeyRing('c', new Map([['c', keys.get('b') ?? bytes()]]));
    expect(() => renamed.decrypt('c', data)).toThrow('another key has that name');
  });

  test('a check tells two keys of one name apart and is no key', () => {
    const other = new KeyRing('a', new Map([['a', bytes()]]));
    expect(ring.checkOf('a')).toMatch(/^[0-9a-f]{64}$/);
    expect(ring.checkOf('a')).not.toBe(other.checkOf('a'));
    expect(ring.checkOf('a')).not.toBe(keys.get('a')?.toString('hex'));
  });
});
