/**
 * Brings a store that was set back up to what the ERP, the sources and the histories of sagas know, and releases it.
 * Every part may be done again: killed in the middle it is run once more, run twice it finds nothing.
 */
import type { ToldSaga } from '../../domain/told.js';
import { readFeed } from '../../store/feeds.js';
import { aloneInRecovery, endRecovery, type Released } from '../../store/recovery.js';
import type { WatchRow } from '../../store/watch.js';
import type { IntakeDeps } from '../intake/deps.js';
import { feedNamed, readNew } from '../intake/read.js';
import type { PostingDeps } from '../posting/deps.js';
import { singleBearer } from '../settle/single-bearer.js';
import { CLAIM_VERBS, recoverClaims, recoverEffects } from './claims.js';
import { DESK_VERBS, recoverDesk, type DeskRecovered, type Due } from './desk.js';
import { recoverPostings, type PostingsRecovered } from './postings.js';
import { POSTING_VERBS } from './references.js';

export interface RecoverDeps {
  posting: PostingDeps;
  intake: IntakeDeps;
  due: Due;
  /** Sagas that go on or have ended since an instant, as they tell of these verbs. */
  tell: (since: string, verbs: ReadonlySet<string>) => Promise<ToldSaga[]>;
  say: (line: string) => void;
  /** Called between the parts, so that a test can break off there. Production leaves it out. */
  pause?: (part: string) => Promise<void>;
}

export interface Recovered {
  /** The moment the store is from, and where the look back begins. */
  restoredTo: string;
  since: string;
  sagas: number;
  /** Rows of the inbox read again, by feed; feeds that do not run are left alone. */
  feeds: { feed: string; read: number | null }[];
  claims: { claimed: number; finished: number };
  effects: { effects: number; announcements: number };
  desk: DeskRecovered;
  postings: PostingsRecovered;
  /** What the single-bearer check of the days since finds besides. */
  bearer: { doubled: number; stray: number; missing: number };
  released: Released | null;
}

const DAY_MS = 86_400_000;
const MOST_DAYS = 62;
const MOST_ROUNDS = 10_000;
const VERBS: ReadonlySet<string> = new Set([...CLAIM_VERBS, ...DESK_VERBS, ...POSTING_VERBS]);

/** Another recovery is at work. */
export class NotAlone extends Error {}

/** Recovers a store that is held. `write` false only says what would be done. @throws NotAlone; what a look fails with. */
export async function recover(
  deps: RecoverDeps,
  held: WatchRow,
  how: { write: boolean; marginMs: number; by: string; why: string },
): Promise<Recovered> {
  let recovered: Recovered | undefined;
  const alone = await aloneInRecovery(deps.posting.store.db, async () => {
    recovered = await lookUp(deps, held, how);
  });
  if (!alone || recovered === undefined)
    throw new NotAlone('selvedge recover runs already: wait for it, or end that process and run it again');
  return recovered;
}

async function lookUp(
  deps: RecoverDeps,
  held: WatchRow,
  { write, marginMs, by, why }: { write: boolean; marginMs: number; by: string; why: string },
): Promise<Recovered> {
  const { db } = deps.posting.store;
  const restoredTo = held.restored_to ?? held.held_since ?? new Date().toISOString();
  const since = new Date(Date.parse(restoredTo) - marginMs).toISOString();
  const part = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    deps.say(name);
    await deps.pause?.(name);
    return work();
  };
  const feeds = await part('reading the feeds up to date', () => readFeeds(deps.intake, write));
  const sagas = await part('reading the histories of sagas', () => deps.tell(since, VERBS));
  const calls = sagas.flatMap(({ calls: all }) => all);
  const claims = await part('claims', () => recoverClaims(db, sagas, write));
  const effects = await part('units, days, announcements and clocks', () => recoverEffects(db, sagas, since, write));
  const desk = await part('questions and decisions', () => recoverDesk(db, sagas, { since, due: deps.due, write }));
  const postings = await part('documents', () => recoverPostings(deps.posting, calls, since, write));
  const found = { restoredTo, since, sagas: sagas.length, feeds, claims, effects, desk, postings };
  if (!write) return { ...found, bearer: { doubled: 0, stray: 0, missing: 0 }, released: null };
  const bearer = await part('the single-bearer check', () => checkBearers(deps.posting, restoredTo));
  const { unexplained } = postings;
  const detail = { ...found, postings: { ...postings, unexplained: unexplained.slice(0, 100) }, bearer };
  const released = await part('releasing', () => endRecovery(db, held, { by, why, detail }));
  return { ...found, bearer, released };
}

/** Reads every running feed to its end; nobody is told of the rows before what sagas have seen is known. */
async function readFeeds(deps: IntakeDeps, write: boolean): Promise<Recovered['feeds']> {
  const feeds: Recovered['feeds'] = [];
  for (const name of Object.keys(deps.feeds)) {
    const cursor = await readFeed(deps.store.db, name);
    if (cursor?.state !== 'running' || !write) {
      feeds.push({ feed: name, read: null });
      continue;
    }
    let read = 0;
    for (let rounds = 0; rounds < MOST_ROUNDS; rounds += 1) {
      const now = (await readFeed(deps.store.db, name)) ?? cursor;
      const round = await readNew(deps, feedNamed(deps, name), now);
      read += round.inserted;
      if (!round.more) break;
    }
    feeds.push({ feed: name, read });
  }
  return feeds;
}

/** The check of each business day since the restored moment; what it finds it raises. */
async function checkBearers(deps: PostingDeps, restoredTo: string): Promise<Recovered['bearer']> {
  const sum = { doubled: 0, stray: 0, missing: 0 };
  const [first, today] = [restoredTo, new Date().toISOString()].map((at) => Date.parse(at.slice(0, 10)));
  for (let day = today ?? 0, n = 0; day >= (first ?? 0) && n < MOST_DAYS; day -= DAY_MS, n += 1) {
    const report = await singleBearer(deps, new Date(day).toISOString().slice(0, 10));
    sum.doubled += report.doubled.length;
    sum.stray += report.stray.length;
    sum.missing += report.missing.length;
  }
  return sum;
}
