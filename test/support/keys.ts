/** Keys for tests: the same name is always the same key. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Payload } from '@temporalio/common';
import { KeyRing } from '../../config/payload-keys.js';

const keyNamed = (id: string): Buffer => createHash('sha256').update(`key of a test: ${id}`).digest();

export const ringOf = (current: string, ...ids: string[]): KeyRing =>
  new KeyRing(current, new Map(ids.map((id) => [id, keyNamed(id)])));

/** Name of the key that a payload is encrypted with; null when it is in clear. */
export function isEncoded(payload: Payload): string | null {
  const { encoding, 'selvedge-key-id': id } = payload.metadata ?? {};
  return Buffer.from(encoding ?? []).toString() === 'binary/selvedge-aes256gcm'
    ? Buffer.from(id ?? []).toString()
    : null;
}

/** A file of keys that goes with the test process; written anew by `set`. `other` keys bear a name but are not that key. */
export function keysFile(): { path: string; set: (current: string, ids: readonly string[], other?: string[]) => void } {
  const dir = mkdtempSync(join(tmpdir(), 'selvedge-keys-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  const path = join(dir, 'keys.yaml');
  return {
    path,
    set: (current, ids, other = []) => {
      const lines = ids.map((id) => {
        const key = keyNamed(other.includes(id) ? `another ${id}` : id);
        return `  ${id}: ${key.toString('base64')}`;
      });
      writeFileSync(path, `current: ${current}\nkeys:\n${lines.join('\n')}\n`, { mode: 0o600 });
    },
  };
}
