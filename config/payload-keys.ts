/**
 * Keys that payloads are encrypted with before they leave this process: AES-256-GCM, a fresh 96-bit nonce each, the key's
 * id authenticated with the content. One key is current and encrypts; the others only decrypt.
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { ConfigError, shown, type Fault } from './faults.js';
import { isMap } from './read.js';

/** The environment variable that names the key file; without it nothing is encrypted. */
export const KEYS_FILE = 'SELVEDGE_PAYLOAD_KEYS_FILE';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MOST_KEYS = 50;
const FILE_LIMIT_BYTES = 20_000;
const CIPHER = 'aes-256-gcm';
const KEY_ID = /^[a-z0-9][a-z0-9._-]{0,39}$/;

/** A payload whose key is not in the key file. Nothing is lost: it is read once the key is there. */
export class MissingKey extends Error {
  readonly keyId: string;
  constructor(keyId: string, known: readonly string[]) {
    const has = known.length === 0 ? 'no key at all' : known.join(', ');
    super(
      `a payload is encrypted with the key "${keyId.slice(0, 60)}", which this process does not have (it has ${has}). ` +
        `Put that key back into the file of ${KEYS_FILE} and start again; until then this waits.`,
    );
    this.name = 'MissingKey';
    this.keyId = keyId;
  }
}

/** A payload that was changed on its way, or whose key bears another's name. */
export class Unauthentic extends Error {
  constructor(keyId: string) {
    super(
      `a payload bears the key "${keyId.slice(0, 60)}" but does not open with it: another key has that name in the file ` +
        `of ${KEYS_FILE}, or the payload was changed`,
    );
    this.name = 'Unauthentic';
  }
}

export class KeyRing {
  /** Id of the key that encrypts. */
  readonly current: string;
  private readonly keys: ReadonlyMap<string, Buffer>;

  constructor(current: string, keys: ReadonlyMap<string, Buffer>) {
    if (!keys.has(current)) throw new Error(`the current key ${current} is not among the keys`);
    this.current = current;
    this.keys = keys;
  }

  get ids(): string[] {
    return [...this.keys.keys()];
  }

  /** Encrypts with the current key: nonce, content, tag. */
  encrypt(content: Uint8Array): { keyId: string; data: Uint8Array } {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.keyOf(this.current), nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(this.current));
    const body = Buffer.concat([cipher.update(content), cipher.final()]);
    return { keyId: this.current, data: Buffer.concat([nonce, body, cipher.getAuthTag()]) };
  }

  /** @throws MissingKey, or Unauthentic when the content does not open with the key of that name. */
  decrypt(keyId: string, data: Uint8Array): Uint8Array {
    const key = this.keyOf(keyId);
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new Unauthentic(keyId);
    const tagAt = bytes.length - TAG_BYTES;
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(keyId));
    decipher.setAuthTag(bytes.subarray(tagAt));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, tagAt)), decipher.final()]);
    } catch {
      throw new Unauthentic(keyId);
    }
  }

  /** What tells two keys of one name apart without giving either away: for comparing key files through the store. */
  checkOf(keyId: string): string {
    return this.derived(keyId, 'selvedge key check').toString('hex');
  }

  /** The mark of a text under every key, the current one first: proof that this installation made it. */
  marksOf(text: string, purpose: string): Buffer[] {
    const ids = [this.current, ...this.ids.filter((id) => id !== this.current)];
    return ids.map((id) => createHash('sha256').update(this.derived(id, purpose)).update(text).digest());
  }

  private derived(keyId: string, purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.keyOf(keyId), Buffer.alloc(0), purpose, KEY_BYTES));
  }

  private keyOf(keyId: string): Buffer {
    const key = this.keys.get(keyId);
    if (key === undefined) throw new MissingKey(keyId, this.ids);
    return key;
  }
}

/** True when a mark is one of these, compared in constant time. */
export const isMarked = (mark: Buffer, marks: readonly Buffer[]): boolean =>
  marks.filter((each) => each.length === mark.length && timingSafeEqual(each, mark)).length > 0;

/** A new key as the key file holds it. */
export const newKey = (): string => randomBytes(KEY_BYTES).toString('base64');

/**
 * The keys of a file, or null when none is named. `path`: else that of the environment.
 * @throws ConfigError with every fault of the file; never with a key in it.
 */
export function loadKeys(path: string | undefined = process.env[KEYS_FILE]): KeyRing | null {
  if (path === undefined || path === '') return null;
  const faults: Fault[] = [];
  const ring = parseKeys(textOf(path, faults), path, faults);
  if (ring === null || faults.length > 0) throw new ConfigError(faults);
  return ring;
}

function textOf(path: string, faults: Fault[]): string {
  const fault = (found: string, allowed: string): string => {
    faults.push({ where: KEYS_FILE, key: path, found, allowed });
    return '';
  };
  try {
    const about = statSync(path);
    if (!about.isFile()) return fault('no file', 'a file with keys is allowed');
    const mode = (about.mode & 0o777).toString(8).padStart(4, '0');
    if ((about.mode & 0o077) !== 0)
      return fault(`mode ${mode}, which lets others read the keys`, `0600 is allowed: chmod 600 ${path}`);
    if (about.size > FILE_LIMIT_BYTES) return fault(`${about.size} bytes`, `at most ${FILE_LIMIT_BYTES} are allowed`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return fault(`no readable file (${code})`, 'it must be there; "selvedge keys add" makes one');
  }
}

/** Null for what is no YAML, or refers to itself. */
function valueOf(text: string): unknown {
  const document = parseDocument(text, { uniqueKeys: true });
  if (document.errors.length > 0) return null;
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    return null;
  }
}

/** The keys of a file's text; null with its faults collected. A fault never holds what might be a key. */
export function parseKeys(text: string, path: string, faults: Fault[]): KeyRing | null {
  const before = faults.length;
  const fault = (key: string, found: string, allowed: string): void =>
    void faults.push({ where: path, key, found, allowed });
  if (before > 0) return null;
  const value = valueOf(text);
  if (!isMap(value) || !isMap(value['keys'])) {
    fault('', 'no map of keys', '"current: <id>" and "keys:" with one "<id>: <base64>" each is allowed');
    return null;
  }
  const { current, keys, ...more } = value;
  for (const key of Object.keys(more)) fault(key.slice(0, 40), 'an unknown key', 'current and keys are allowed');
  const read = keysOf(keys, fault);
  if (typeof current !== 'string' || !(current in keys))
    fault(
      'current',
      typeof current === 'string' ? `${shown(current)}, which is no key here` : 'none',
      `exactly one of ${Object.keys(keys).slice(0, 10).join(', ') || 'the keys'} is allowed`,
    );
  return faults.length > before ? null : new KeyRing(String(current), read);
}

function keysOf(
  keys: Record<string, unknown>,
  fault: (key: string, found: string, allowed: string) => void,
): Map<string, Buffer> {
  const read = new Map<string, Buffer>();
  const ids = Object.entries(keys);
  if (ids.length === 0 || ids.length > MOST_KEYS) fault('keys', `${ids.length} keys`, `1 to ${MOST_KEYS} are allowed`);
  for (const [id, text] of ids.slice(0, MOST_KEYS)) {
    const at = `keys.${id.slice(0, 40)}`;
    if (!KEY_ID.test(id)) fault(at, 'a name of other signs', 'up to 40 of a-z, 0-9, ".", "_" and "-" are allowed');
    const key = typeof text === 'string' && /^[A-Za-z0-9+/]{43}=$/.test(text) ? Buffer.from(text, 'base64') : null;
    if (key === null) fault(at, 'no key', `${KEY_BYTES} random bytes in base64 (44 signs) are allowed`);
    else if (key.every((byte) => byte === key[0])) fault(at, 'a key that is not random', 'openssl rand -base64 32');
    else if ([...read.values()].some((other) => other.equals(key)))
      fault(at, 'the same key as another', 'each key once is allowed');
    else read.set(id, key);
  }
  return read;
}
