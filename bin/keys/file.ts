/** Changing a key file: written whole, beside its place, and renamed into it; comments stay. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { parseDocument, type Document } from 'yaml';
import type { Fault } from '../../config/faults.js';
import { loadKeys, newKey, parseKeys, type KeyRing } from '../../config/payload-keys.js';
import { Refused } from '../output.js';

const HEAD =
  ' Keys that payloads are encrypted with. Keep it secret (mode 0600), keep a copy apart from the databases:\n without it nobody reads the histories. Made and changed by "selvedge keys".';

/** The file's keys and its text. @throws ConfigError when it is wrong. */
function read(file: string): { ring: KeyRing; document: Document } {
  const ring = loadKeys(file);
  if (ring === null) throw new Refused(`${file} holds no keys.`);
  return { ring, document: parseDocument(readFileSync(file, 'utf8')) };
}

function write(file: string, document: Document): void {
  const text = document.toString();
  const faults: Fault[] = [];
  if (parseKeys(text, file, faults) === null)
    throw new Refused(
      `Nothing was changed: ${faults.map(({ key, found, allowed }) => `${key}: ${found}; ${allowed}`).join('; ')}`,
    );
  const draft = `${file}.${process.pid}.new`;
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

function freeName(taken: readonly string[]): string {
  const day = `k-${new Date().toISOString().slice(0, 10)}`;
  if (!taken.includes(day)) return day;
  const next = [2, 3, 4, 5, 6, 7, 8, 9].map((n) => `${day}.${n}`).find((name) => !taken.includes(name));
  if (next === undefined) throw new Refused('Nine keys in one day are enough: give --id.');
  return next;
}

/** Puts a new key into the file, or makes the file with its first key. @throws Refused, ConfigError in words. */
export function addKey(file: string, wanted?: string): { id: string; current: boolean } {
  if (!existsSync(file)) {
    const id = wanted ?? freeName([]);
    const document = parseDocument(`current: ''\nkeys: {}\n`);
    document.commentBefore = HEAD;
    document.set('keys', document.createNode({ [id]: newKey() }));
    document.set('current', id);
    write(file, document);
    return { id, current: true };
  }
  const { ring, document } = read(file);
  const id = wanted ?? freeName(ring.ids);
  if (ring.ids.includes(id)) throw new Refused(`${file} has a key ${id} already.`);
  document.setIn(['keys', id], newKey());
  write(file, document);
  return { id, current: false };
}

/** Makes a key of the file the current one; answers which it was before. */
export function useKey(file: string, id: string): string {
  const { ring, document } = read(file);
  if (!ring.ids.includes(id)) throw new Refused(`${file} has no key "${id}"; it has ${ring.ids.join(', ')}.`);
  if (ring.current === id) throw new Refused(`${id} is the current key already.`);
  document.set('current', id);
  write(file, document);
  return ring.current;
}
