import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { lockTenant } from '../../store/call-slots.js';
import { releaseWatch, reliance, readWatch, takeBeat, type Beat, type Mark } from '../../store/watch.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';

const LEASE_MS = 60_000;

let database: FreshDatabase;
const db = () => database.store.db;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());
beforeEach(() =>
  sql`delete from store_watch`.execute(db()).then(() => sql`insert into store_watch default values`.execute(db())),
);

async function beat(last: Mark | null): Promise<Mark> {
  const taken = await takeBeat(db(), last, LEASE_MS);
  if (taken.state === 'held') throw new Error(`held: ${taken.why}`);
  return taken.mark;
}
const heldBy = async (last: Mark | null): Promise<Extract<Beat, { state: 'held' }>> => {
  const taken = await takeBeat(db(), last, LEASE_MS);
  if (taken.state === 'good') throw new Error('not held');
  return taken;
};
/** The row as a backup holds it, and the way back to it. */
async function backup(): Promise<() => Promise<void>> {
  await sql`create table if not exists kept as select * from store_watch with no data`.execute(db());
  await sql`delete from kept`.execute(db());
  await sql`insert into kept select * from store_watch`.execute(db());
  return async () => {
    await sql`delete from store_watch`.execute(db());
    await sql`insert into store_watch select * from kept`.execute(db());
  };
}
const inSend = () =>
  db()
    .transaction()
    .execute((tx) => lockTenant(tx, 'bc'));

describe('the watch over the store', () => {
  test('lets everything go on in a store that nobody ever watched, and while beats follow each other', async () => {
    expect(await reliance(db())).toEqual({ state: 'good' });
    let mark = await beat(null);
    for (let n = 0; n < 5; n += 1) {
      const next = await beat(mark);
      expect(BigInt(next.beat)).toBe(BigInt(mark.beat) + 1n);
      mark = next;
    }
    expect(await reliance(db())).toEqual({ state: 'good' });
    expect((await inSend()).heldWhy).toBeNull();
  });

  test('takes a beat that was counted and never told for the same one: a crash between is no restore', async () => {
    const mark = await beat(null);
    const untold = await beat(mark);
    expect((await beat(mark)).beat).toBe(untold.beat);
    expect((await beat(untold)).beat).toBe(String(BigInt(untold.beat) + 1n));
  });

  test('goes on in a store that is ahead: Temporal has lost its mark, or was itself restored', async () => {
    const early = await beat(null);
    let mark = early;
    for (let n = 0; n < 4; n += 1) mark = await beat(mark);
    expect((await beat(early)).beat).toBe(mark.beat);
    expect((await beat(null)).beat).toBe(String(BigInt(mark.beat) + 1n));
  });

  test('holds a store that is behind, skips case numbers once, and stays held until it is released', async () => {
    const early = await beat(null);
    const back = await backup();
    const mark = await beat(early);
    await back();
    const before = await sql<{ n: string }>`select last_value as n from case_no`.execute(db());
    const first = await heldBy(mark);
    expect([first.isNew, first.restoredTo]).toEqual([true, early.at]);
    expect(first.why).toMatch(/^it is as it was at .*Z, and it had been seen at .*Z$/);
    expect((await heldBy(mark)).isNew).toBe(false);
    const after = await sql<{ n: string }>`select last_value as n from case_no`.execute(db());
    expect(Number(after.rows[0]?.n) - Number(before.rows[0]?.n)).toBeGreaterThanOrEqual(10_000);
    expect(await reliance(db())).toEqual({ state: 'restored', why: first.why });
    expect((await inSend()).heldWhy).toContain('selvedge recover');

    await db().transaction().execute(releaseWatch);
    expect((await reliance(db())).state).toBe('unwatched');
    expect((await beat(mark)).beat).toBe(String(BigInt(mark.beat) + 1n));
    expect(await reliance(db())).toEqual({ state: 'good' });
  });

  test('holds the older of two backups put back one after the other, and lets the right store go on by itself', async () => {
    const old = await beat(null);
    const back = await backup();
    const mark = await beat(await beat(old));
    const right = await readWatch(db());
    await back();
    await heldBy(mark);
    await back();
    expect((await heldBy(mark)).isNew).toBe(true);
    await sql`update store_watch set beat = ${right?.beat ?? ''}, beat_at = ${right?.beat_at ?? ''}, held_since = null,
      held_why = null, mark = null, restored_to = null`.execute(db());
    expect(BigInt((await beat(mark)).beat)).toBeGreaterThan(BigInt(mark.beat));
  });

  test('trusts no comparison that has lapsed, nor one from the future, nor a store without its watch', async () => {
    await beat(null);
    for (const set of [
      sql`update store_watch set lease_until = clock_timestamp() - interval '1 ms'`,
      sql`update store_watch set lease_until = clock_timestamp() + interval '1 hour', beat_at = clock_timestamp() + interval '2 minutes'`,
      sql`delete from store_watch`,
    ]) {
      await set.execute(db());
      expect((await reliance(db())).state).toBe('unwatched');
      expect((await inSend()).heldWhy).not.toBeNull();
    }
  });

  test.each([
    ['cluster', 'it lies in another PostgreSQL cluster than before'],
    ['database', 'its database was made anew'],
    ['timeline', 'it goes on from an earlier point or on a standby'],
  ])('holds a store whose %s is another one, though no beat is missing', async (what, words) => {
    const mark = await beat(null);
    await sql`update store_watch set place = jsonb_set(place, ${`{${what}}`}::text[], '"other"')`.execute(db());
    expect((await heldBy(mark)).why).toContain(words);
    await db().transaction().execute(releaseWatch);
    await beat(mark);
  });
});
