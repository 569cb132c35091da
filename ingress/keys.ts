/** Who is at the desk door: a person by bearer key. Wrong keys from one address are limited. */
import type { FastifyRequest } from 'fastify';
import type { Db } from '../store/database.js';
import { personOfKey, type Person } from '../store/desk-people.js';
import { Refusal } from './deps.js';

const WINDOW_MS = 60_000;
const MOST_WRONG = 30;
const MOST_ADDRESSES = 10_000;
const LONGEST_KEY = 200;

/** Counts wrong keys per address in a minute. */
export class WrongKeys {
  private readonly counts = new Map<string, { n: number; until: number }>();

  /** Throws 429 when this address has shown too many wrong keys of late. */
  check(address: string, now = Date.now()): void {
    const seen = this.counts.get(address);
    if (seen === undefined) return;
    if (seen.until <= now) this.counts.delete(address);
    else if (seen.n >= MOST_WRONG)
      throw new Refusal(429, `Too many wrong keys from here. Try again in ${Math.ceil((seen.until - now) / 1000)} s.`);
  }

  note(address: string, now = Date.now()): void {
    // Forgetting all is better than growing without end; an attacker gains one window.
    if (this.counts.size >= MOST_ADDRESSES) this.counts.clear();
    const seen = this.counts.get(address);
    if (seen === undefined || seen.until <= now) this.counts.set(address, { n: 1, until: now + WINDOW_MS });
    else seen.n += 1;
  }
}

/** The person whose key the request bears. @throws Refusal 401 without or with a wrong key, 429 after too many. */
export async function personOf(db: Db, wrong: WrongKeys, request: FastifyRequest): Promise<Person> {
  wrong.check(request.ip);
  const key = /^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (key === undefined)
    throw new Refusal(
      401,
      'Send your personal key: "Authorization: Bearer <key>" (the command line takes it from SELVEDGE_KEY).',
    );
  const person = key.length > LONGEST_KEY ? undefined : await personOfKey(db, key);
  if (person !== undefined) return person;
  wrong.note(request.ip);
  throw new Refusal(401, 'This key belongs to nobody. Check SELVEDGE_KEY, or ask integration support for a new key.');
}
