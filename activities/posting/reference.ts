/** Names of postings: what the ERP is told, and the digest a repeated request is compared by. */
import { createHash } from 'node:crypto';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * The external reference of a revision: `SV` and 26 base-32 characters of SHA-256(`reference#revision`). It holds no
 * clock, no run and no attempt, so any retry of any process names the same (design.md 5).
 */
export function externalRefOf(reference: string, revision: number): string {
  const digest = createHash('sha256').update(`${reference}#${revision}`).digest();
  let bits = 0n;
  for (const byte of digest.subarray(0, 17)) bits = (bits << 8n) | BigInt(byte);
  // 17 bytes are 136 bits; 26 characters take the first 130.
  bits >>= 6n;
  let text = '';
  for (let i = 0; i < 26; i += 1) {
    text = (BASE32[Number(bits & 31n)] ?? '') + text;
    bits >>= 5n;
  }
  return `SV${text}`;
}

/** True for a reference of our making. */
export const isOurs = (externalRef: string): boolean => /^SV[A-Z2-7]{26}$/.test(externalRef);

/** SHA-256 of a value as JSON with sorted keys, hex. */
export const digestOf = (value: unknown): string => createHash('sha256').update(canonical(value)).digest('hex');

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  const entries = Object.entries(value as Record<string, unknown>)
    .filter(([, v]) => v !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`).join(',')}}`;
}
