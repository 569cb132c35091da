/** One run of a seed to its rest, and what the store, the books and the desk hold then. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { z } from 'zod';
import { openCases } from '../../bin/day/evidence.js';
import type { Db } from '../../store/database.js';
import { booksOf, differences, ordersByDelivery, references, type Books, type Refused } from './books.js';
import type { Waiting } from './faults.js';
import type { Installation } from './installation.js';

const LOOK_EVERY_MS = 1_000;
/** What is wrongly posted or asked a moment later would be missed otherwise. */
const STEADY_MS = 4_000;
const SAY_EVERY_MS = 15_000;

export interface Load {
  seed: number;
  scenario: 'quiet-day' | 'trading-day';
  returns: number;
  /** Deliveries of purchase orders. */
  receipts: number;
  /** Over how long they arrive, in milliseconds; the scenario's own pace unless told. */
  spreadMs?: number;
}

/** What must hold at the end. */
export interface Wanted {
  books: Books;
  refused: Refused;
  waiting: readonly Waiting[];
}

/** How a run stands now. */
export interface Standing {
  books: Books;
  /** Number of the return or delivery, and code, of every open case. */
  cases: Waiting[];
  /** Returns and deliveries whose saga has not ended. */
  unfinished: string[];
  /** Postings whose outcome is still on its way, lanes taken, rows not handed on. */
  moving: { postings: number; lanes: number; rows: number };
  /** Returns and deliveries the scenario has emitted, and those some saga has taken up. */
  emitted: number;
  taken: number;
  played: boolean;
}

const Play = z.object({ state: z.string(), emitted: z.number() });
const Clock = z.object({ businessDate: z.string() });

/** Fresh books in the sandbox; answers the business date of the beginning. */
export async function begin(installation: Installation, load: Load): Promise<string> {
  await installation.control('POST', '/_sandbox/reset', { ...load, misbehave: 0 });
  return Clock.parse(await installation.sandbox.get('/_sandbox/clock')).businessDate;
}

async function movingIn(db: Db): Promise<Standing['moving']> {
  const { rows } = await sql<Record<keyof Standing['moving'], string>>`
    select (select count(*) from posting where state in ('intended', 'sent', 'accepted')) as postings,
      (select count(*) from lane) as lanes,
      (select count(*) from event where state = 'new') as rows`.execute(db);
  const [row] = rows;
  return { postings: Number(row?.postings ?? 0), lanes: Number(row?.lanes ?? 0), rows: Number(row?.rows ?? 0) };
}

async function unfinishedIn(db: Db): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`
    select distinct key from event_claim where finished_at is null order by key`.execute(db);
  return rows.map((row) => row.key);
}

async function takenIn(db: Db): Promise<number> {
  const { rows } = await sql<{ n: string }>`
    select count(distinct kind || key) as n from event_claim where kind in ('return', 'goods-in')`.execute(db);
  return Number(rows[0]?.n ?? 0);
}

async function look({ store, sandbox }: Installation, today: string): Promise<Standing> {
  const [documents, names, orders, cases, unfinished, moving, taken, progress] = await Promise.all([
    sandbox.books(),
    references(store.db),
    ordersByDelivery(store.db),
    openCases(store.db),
    unfinishedIn(store.db),
    movingIn(store.db),
    takenIn(store.db),
    sandbox.get('/_sandbox/play'),
  ]);
  const play = Play.parse(progress);
  return {
    books: booksOf(documents, names, today),
    cases: cases.flatMap(({ code, keys }) => keys.map((key) => ({ key: orders.get(key) ?? key, code }))),
    unfinished: unfinished.map((key) => orders.get(key) ?? key),
    moving,
    emitted: play.emitted,
    taken,
    played: play.state !== 'playing',
  };
}

const inWords = ({ key, code }: Waiting): string => `${key} ${code}`;

/** Everything that is not as wanted, in words. */
export function faultsOf(standing: Standing, wanted: Wanted): string[] {
  const { moving, unfinished, emitted, taken } = standing;
  const expected = wanted.waiting.map(inWords).sort();
  const open = standing.cases.map(inWords).sort();
  const waits = new Set(wanted.waiting.map(({ key }) => key));
  return [
    ...differences(wanted.books, standing.books, wanted.refused),
    ...open.filter((one) => !expected.includes(one)).map((one) => `a case is open that should not be: ${one}`),
    ...expected.filter((one) => !open.includes(one)).map((one) => `no case is open for ${one}`),
    ...(open.length > new Set(open).size ? ['a return or delivery has two open cases of one code'] : []),
    ...unfinished.filter((key) => !waits.has(key)).map((key) => `the saga of ${key} has not ended`),
    ...(moving.postings > 0 ? [`${moving.postings} postings have no outcome`] : []),
    ...(moving.lanes > 0 ? [`${moving.lanes} lanes are taken`] : []),
    ...(emitted === 0 || taken !== emitted ? [`${emitted} events were emitted and ${taken} taken up`] : []),
    ...(moving.rows > 0 ? [`${moving.rows} rows of the inbox were not handed on`] : []),
  ];
}

export interface Rest {
  standing: Standing;
  faults: string[];
  tookMs: number;
}

export interface Patience {
  /** Longest time for the run. */
  deadlineMs: number;
  /** A run has ended badly when nothing has changed for so long. */
  stalledMs: number;
  /** Nothing is judged before this has ended: kills that go on. */
  until?: Promise<unknown>;
  say: (line: string) => void;
}

/**
 * Waits until `judge` finds no fault and nothing moves, for a while; or until nothing changes any more, or the time is
 * over. Servers that are away are waited for.
 */
export async function rest(
  installation: Installation,
  today: string,
  judge: (standing: Standing) => string[],
  patience: Patience,
): Promise<Rest> {
  const began = Date.now();
  let until: Promise<unknown> | null = patience.until ?? null;
  void until?.finally(() => (until = null)).catch(() => undefined);
  let [moved, said, signature] = [began, began, ''];
  let steadySince: number | null = null;
  for (;;) {
    const looked = await tryLook(installation, today);
    const now = Date.now();
    const faults = 'away' in looked ? [looked.away] : judge(looked);
    const sign = faults.join('\n');
    if (sign !== signature || until !== null) [signature, moved] = [sign, now];
    if (now - said > SAY_EVERY_MS) {
      said = now;
      patience.say(`  ${seconds(now - began)}: ${faults.length} things not yet as they must be; ${faults[0] ?? ''}`);
    }
    const over = now - moved > patience.stalledMs || now - began > patience.deadlineMs;
    if ('away' in looked) {
      if (over) throw new Error(`a server did not come back: ${looked.away}`);
      steadySince = null;
    } else {
      const right = faults.length === 0 && looked.played && until === null;
      steadySince = right ? (steadySince ?? now) : null;
      const steady = steadySince !== null && now - steadySince >= STEADY_MS;
      if (steady || over) return { standing: looked, faults, tookMs: now - began };
    }
    await sleep(LOOK_EVERY_MS);
  }
}

/** A look at everything, or why it was not possible now. */
async function tryLook(installation: Installation, today: string): Promise<Standing | { away: string }> {
  try {
    return await look(installation, today);
  } catch (error) {
    // Errors of another realm are no instances of this one's class.
    return { away: (error as { message?: string }).message ?? String(error) };
  }
}

export const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;
