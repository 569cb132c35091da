/**
 * Digests that are the same wherever they are made: in a workflow (no node:crypto there), an activity, a browser.
 * `canonical` fixes the bytes, `sha256` is FIPS 180-4 in plain arithmetic.
 */

/**
 * JSON with keys sorted at every depth and `undefined` left out. Throws TypeError for what JSON cannot say exactly:
 * a bigint, a function, a number that is not finite.
 */
export function canonical(value: unknown): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`cannot write ${value} as JSON`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map((each: unknown) => (each === undefined ? 'null' : canonical(each))).join(',')}]`;
  }
  if (typeof value !== 'object') throw new TypeError(`cannot write a ${typeof value} as JSON`);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(',')}}`;
}

/** UTF-8 bytes of a text; a lone surrogate becomes U+FFFD, as everywhere. */
function utf8(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const found = character.codePointAt(0) ?? 0xfffd;
    const point = found >= 0xd800 && found <= 0xdfff ? 0xfffd : found;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 63));
    else if (point < 0x10000) {
      bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
    } else {
      bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63));
      bytes.push(0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
    }
  }
  return bytes;
}

/** The first 32 bits of the fractional part of a root of each of the first primes: exact in doubles to 32 bits. */
function rootsOfPrimes(count: number, power: number): number[] {
  const roots: number[] = [];
  for (let candidate = 2; roots.length < count; candidate += 1) {
    let prime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor += 1) prime &&= candidate % divisor !== 0;
    if (prime) roots.push(((candidate ** power % 1) * 2 ** 32) | 0);
  }
  return roots;
}

const ROUND = rootsOfPrimes(64, 1 / 3);
const START = rootsOfPrimes(8, 1 / 2);

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by));
const at = (words: ArrayLike<number>, index: number): number => words[index] ?? 0;

function schedule(block: Uint8Array, offset: number): Int32Array {
  const w = new Int32Array(64);
  for (let i = 0; i < 16; i += 1) {
    const j = offset + i * 4;
    w[i] = (at(block, j) << 24) | (at(block, j + 1) << 16) | (at(block, j + 2) << 8) | at(block, j + 3);
  }
  for (let i = 16; i < 64; i += 1) {
    const [x, y] = [at(w, i - 15), at(w, i - 2)];
    const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
    const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
    w[i] = (at(w, i - 16) + s0 + at(w, i - 7) + s1) | 0;
  }
  return w;
}

function compress(state: readonly number[], w: Int32Array): number[] {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < 64; i += 1) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + at(ROUND, i) + at(w, i)) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  return [a, b, c, d, e, f, g, h].map((word, index) => (word + at(state, index)) | 0);
}

/** SHA-256 of a text's UTF-8 bytes, as 32 bytes. */
export function sha256Bytes(text: string): Uint8Array {
  const message = utf8(text);
  const length = Math.ceil((message.length + 9) / 64) * 64;
  const padded = new Uint8Array(length);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(length - 8, Math.floor(message.length / 2 ** 29));
  view.setUint32(length - 4, (message.length << 3) >>> 0);
  let state: number[] = START;
  for (let offset = 0; offset < length; offset += 64) state = compress(state, schedule(padded, offset));
  const digest = new Uint8Array(32);
  const out = new DataView(digest.buffer);
  for (const [index, word] of state.entries()) out.setInt32(index * 4, word);
  return digest;
}

/** SHA-256 of a text, 64 hexadecimal digits. */
export const sha256 = (text: string): string =>
  [...sha256Bytes(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Digest of a value's canonical JSON: what a person is shown is bound by it (R-090). */
export const digestOf = (value: unknown): string => sha256(canonical(value));

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The ERP reference of a posting: `SV` and 26 base-32 characters of SHA-256(`reference#revision`) (design.md 5). */
export function externalRefOf(reference: string, revision: number): string {
  const bits = [...sha256Bytes(`${reference}#${revision}`)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters = Array.from({ length: 26 }, (_, index) =>
    BASE32.charAt(Number.parseInt(bits.slice(index * 5, index * 5 + 5), 2)),
  );
  return `SV${letters.join('')}`;
}
