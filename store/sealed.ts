/**
 * Content at rest that nobody queries: rows that could not be read, and documents. They are kept as they came, so they may
 * hold whatever the other side sent, and are encrypted with the same keys as payloads where there are keys.
 */

/** What seals and opens; a ring of payload keys. */
export interface Sealing {
  encrypt(content: Uint8Array): { keyId: string; data: Uint8Array };
  decrypt(keyId: string, data: Uint8Array): Uint8Array;
}

const MARK = '$sealed';
/** Numbers of a row that its case is named by. */
const NUMBERS = ['returnNo', 'id', 'poNo', 'seq'] as const;
const LONGEST_NUMBER = 60;

interface SealedRow {
  [MARK]: { key: string; data: string };
}

const isSealed = (payload: unknown): payload is SealedRow =>
  typeof payload === 'object' && payload !== null && MARK in payload;

/** A raw row with everything but its numbers encrypted; as it came when there is no key. */
export function sealRow(payload: unknown, sealing: Sealing | null): unknown {
  if (sealing === null) return payload;
  const { keyId, data } = sealing.encrypt(Buffer.from(JSON.stringify(payload ?? null)));
  const row = (typeof payload === 'object' && payload !== null ? payload : {}) as Record<string, unknown>;
  const numbers = NUMBERS.filter((name) => {
    const value = row[name];
    return typeof value === 'number' || (typeof value === 'string' && value.length <= LONGEST_NUMBER);
  });
  return {
    ...Object.fromEntries(numbers.map((name) => [name, row[name]])),
    [MARK]: { key: keyId, data: Buffer.from(data).toString('base64') },
  };
}

/** A raw row as it came. @throws Error naming the key when it is sealed and that key is not at hand. */
export function openRow(payload: unknown, sealing: Sealing | null): unknown {
  if (!isSealed(payload)) return payload;
  const { key, data } = payload[MARK];
  if (sealing === null) throw new Error(`this row is sealed with the key "${key}", and no keys are at hand`);
  return JSON.parse(Buffer.from(sealing.decrypt(key, Buffer.from(data, 'base64'))).toString('utf8')) as unknown;
}

const HEAD = Buffer.from('selvedge-sealed ');

/** A document as it is kept on disk: a line with the key's name, then what is encrypted. */
export function sealBytes(content: Uint8Array, sealing: Sealing | null): Uint8Array {
  if (sealing === null) return content;
  const { keyId, data } = sealing.encrypt(content);
  return Buffer.concat([HEAD, Buffer.from(`${keyId}\n`), data]);
}

/** A document as it came. @throws Error naming the key when it is sealed and that key is not at hand. */
export function openBytes(kept: Uint8Array, sealing: Sealing | null): Uint8Array {
  const bytes = Buffer.from(kept.buffer, kept.byteOffset, kept.byteLength);
  if (!bytes.subarray(0, HEAD.length).equals(HEAD)) return kept;
  const end = bytes.indexOf('\n');
  const key = bytes.subarray(HEAD.length, end).toString('utf8');
  if (sealing === null) throw new Error(`this document is sealed with the key "${key}", and no keys are at hand`);
  return sealing.decrypt(key, bytes.subarray(end + 1));
}
