import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { freeLease, lockTenant, takeLease, takeTurn } from '../../store/call-slots.js';
import { holdTenant, noteStatus, pauseCalls, releaseTenant, storeNow } from '../../store/call-tenants.js';
import { takenLanes } from '../../store/lanes.js';
import { insertRevision, move, reserve, type Reserved } from '../../store/posting-moves.js';
import { unknownPostings } from '../../store/posting-settle.js';
import { postingByRef, type PostingRow } from '../../store/postings.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';

const TENANT = 'main';
const LIMITS = { ratePerSecond: 100_000, concurrent: 64, leaseMs: 5_000 };
const RULES = { limits: LIMITS, sendDeadlineMs: 5_000, graceMs: 60_000 };
let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase({ connections: 30 });
});
afterAll(() => database.drop());
beforeEach(async () => {
  await sql`truncate posting, posting_line, posting_attempt, posting_flag, lane, lane_wait, call_tenant, call_slot,
    call_lease`.execute(database.store.db);
});

async function intend(n: number, lanes: string[], businessDate = '2026-11-20'): Promise<PostingRow> {
  const externalRef = `SV${String(n).padStart(26, 'A')}`;
  await insertRevision(database.store.db, {
    externalRef,
    reference: `return-to-stock:archean:RTN-${n}/restock`,
    revision: 1,
    tenant: TENANT,
    kind: 'stock-adjustment',
    operation: 'create',
    askedDigest: 'x',
    content: {
      operation: 'create',
      undoes: null,
      document: {
        kind: 'stock-adjustment',
        division: 'D1',
        warehouse: '01',
        businessDate,
        reasonCode: 'RET',
        lines: [],
        memo: '',
      },
    },
    lanes,
    businessDate,
    seq: n,
    links: [],
    state: 'intended',
    lineCount: 0,
  });
  return read(externalRef);
}
async function read(externalRef: string): Promise<PostingRow> {
  const row = await postingByRef(database.store.db, externalRef);
  if (row === undefined) throw new Error(`no posting ${externalRef}`);
  return row;
}
const reserveAs = (row: PostingRow): Promise<Reserved> => {
  const { external_ref: holder, business_date: businessDate, seq } = row;
  const claim = { tenant: TENANT, holder, rank: 1, businessDate: businessDate ?? '', seq };
  return reserve(database.store.db, row, claim, RULES);
};
const tryReserve = async (row: PostingRow): Promise<Reserved> => reserveAs(await read(row.external_ref));
const lane = (n: number) => `D1/ST${String(n).padStart(2, '0')}/01`;

test('postings that a person owns do not keep the look-up from those nobody has looked up yet', async () => {
  const db = database.store.db;
  const times = { timeoutMs: 0, maxRequestLifeMs: 0, limit: 3 };
  for (let n = 1; n <= 5; n++) await intend(n, []);
  await sql`update posting set state = 'sent', parked = seq <= 4, sent_at = clock_timestamp() + seq * interval '1 ms',
    send_deadline = clock_timestamp()`.execute(db);
  const looked = await unknownPostings(db, TENANT, await storeNow(db), times);
  expect(looked[0]?.reference).toBe('return-to-stock:archean:RTN-5/restock');
});

describe('lanes', () => {
  test('fifty documents at once take all their lanes or none, never one lane twice', async () => {
    const rows = await Promise.all(
      Array.from({ length: 50 }, (_, n) => intend(n, [lane(n % 5), lane((n * 3 + 1) % 5), lane(5 + (n % 3))])),
    );
    const results = await Promise.all(rows.map(tryReserve));
    const winners = rows.filter((_, n) => results[n]?.state === 'reserved');
    expect(winners.length).toBeGreaterThan(0);
    const held = await takenLanes(database.store.db, TENANT);
    expect(new Set(held.map((l) => l.lane)).size).toBe(held.length);
    for (const winner of winners) {
      const own = held.filter((l) => l.external_ref === winner.external_ref).map((l) => l.lane);
      expect(own).toEqual([...new Set(winner.lanes)].sort());
    }
    expect(held.every((l) => winners.some((w) => w.external_ref === l.external_ref))).toBe(true);
  });

  test('overlapping attempts of one document reserve once', async () => {
    const row = await intend(1, [lane(1)]);
    const results = await Promise.all(Array.from({ length: 20 }, () => tryReserve(row)));
    expect(results.filter((r) => r.state === 'reserved')).toHaveLength(1);
    expect((await read(row.external_ref)).fence).toBe(1);
  });

  test('a document with 45 lanes is not starved by later small ones that keep coming', async () => {
    const first = await intend(1, [lane(7)], '2026-11-18');
    expect((await tryReserve(first)).state).toBe('reserved');
    const big = await intend(
      2,
      Array.from({ length: 45 }, (_, n) => lane(n)),
      '2026-11-19',
    );
    expect(await tryReserve(big)).toMatchObject({ state: 'wait', why: 'lanes' });
    for (let n = 0; n < 45; n += 1) {
      const small = await intend(100 + n, [lane(n)]);
      expect(await tryReserve(small)).toMatchObject({ state: 'wait', why: 'lanes' });
    }
    await move(database.store.db, { externalRef: first.external_ref, fence: 1 }, ['sent'], 'accepted');
    expect((await tryReserve(big)).state).toBe('reserved');
    expect(await takenLanes(database.store.db, TENANT)).toHaveLength(45);
  });

  test('a lane is freed by the outcome, never by time', async () => {
    const lost = await intend(1, [lane(1)]);
    await tryReserve(lost);
    await sql`update lane set taken_at = taken_at - interval '30 days'`.execute(database.store.db);
    await sql`update posting set send_deadline = send_deadline - interval '30 days'`.execute(database.store.db);
    expect(await tryReserve(await intend(2, [lane(1)]))).toMatchObject({ state: 'wait', why: 'lanes' });
    expect(await takenLanes(database.store.db, TENANT)).toMatchObject([{ external_ref: lost.external_ref }]);
  });

  test('a waiter that never came back does not keep its lane for ever', async () => {
    const first = await intend(1, [lane(1)], '2026-11-18');
    await tryReserve(first);
    const gone = await intend(2, [lane(1)], '2026-11-19');
    await tryReserve(gone);
    const later = await intend(3, [lane(1)]);
    await move(database.store.db, { externalRef: first.external_ref, fence: 1 }, ['sent'], 'accepted');
    expect((await tryReserve(later)).state).toBe('wait');
    await sql`update lane_wait set until = clock_timestamp() where external_ref = ${gone.external_ref}`.execute(
      database.store.db,
    );
    expect((await tryReserve(later)).state).toBe('reserved');
  });

  const leaving: [string, (row: PostingRow) => Promise<boolean>][] = (
    ['rejected', 'accepted', 'forbidden'] as const
  ).map((state) => [
    state,
    (row) => move(database.store.db, { externalRef: row.external_ref, fence: row.fence }, ['intended'], state),
  ]);
  test.each(leaving)('one that is %s while it waits leaves its place, and a late look takes none', async (_, leave) => {
    const first = await intend(1, [lane(1)], '2026-11-18');
    await tryReserve(first);
    const gone = await intend(2, [lane(1)], '2026-11-19');
    await tryReserve(gone);
    expect(await leave(gone)).toBe(true);
    // An attempt that read it before it left.
    expect((await reserveAs(gone)).state).toBe('wait');
    await move(database.store.db, { externalRef: first.external_ref, fence: 1 }, ['sent'], 'accepted');
    expect((await tryReserve(await intend(3, [lane(1)]))).state).toBe('reserved');
  });
});

describe('moves', () => {
  test('a move with an old fence or from another state changes nothing and frees nothing', async () => {
    const row = await intend(1, [lane(1)]);
    await tryReserve(row);
    const db = database.store.db;
    expect(await move(db, { externalRef: row.external_ref, fence: 0 }, ['sent'], 'accepted')).toBe(false);
    expect(await move(db, { externalRef: row.external_ref, fence: 1 }, ['accepted'], 'posted')).toBe(false);
    expect((await read(row.external_ref)).state).toBe('sent');
    expect(await takenLanes(db, TENANT)).toHaveLength(1);
  });

  test('of many who move it at once one succeeds', async () => {
    const row = await intend(1, [lane(1)]);
    await tryReserve(row);
    const at = { externalRef: row.external_ref, fence: 1 };
    const moved = await Promise.all(
      Array.from({ length: 20 }, () => move(database.store.db, at, ['sent'], 'intended', { raiseFence: true })),
    );
    expect(moved.filter(Boolean)).toHaveLength(1);
    expect((await read(row.external_ref)).fence).toBe(2);
  });

  test('one number of the ERP belongs to one posting', async () => {
    const db = database.store.db;
    const rows = [await intend(1, []), await intend(2, [])];
    for (const row of rows) await tryReserve(row);
    const take = (row: PostingRow | undefined) =>
      move(db, { externalRef: row?.external_ref ?? '', fence: 1 }, ['sent'], 'accepted', { number: 'IA-1' });
    expect(await take(rows[0])).toBe(true);
    await expect(take(rows[1])).rejects.toThrow('posting_owns_number');
  });
});

describe('calls', () => {
  const turn = (holder: string, rank = 1, businessDate = '2026-11-20', ratePerSecond = 10) =>
    database.store.db.transaction().execute(async (trx) => {
      await lockTenant(trx, TENANT);
      return takeTurn(trx, { tenant: TENANT, holder, rank, businessDate, seq: '1' }, { ...LIMITS, ratePerSecond });
    });

  test('turns are spaced by the rate, however many ask at once', async () => {
    const waits = await Promise.all(Array.from({ length: 10 }, (_, n) => turn(`h${n}`, 1, '2026-11-20', 0.5)));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(1);
    const { rows } = await sql<{ moment: string }>`select moment from call_slot order by moment`.execute(
      database.store.db,
    );
    const moments = rows.map((row) => Date.parse(row.moment));
    expect(moments).toHaveLength(9);
    // Moments are kept to the microsecond and read to the millisecond.
    const gaps = moments.slice(1).map((moment, n) => moment - (moments[n] ?? 0));
    for (const gap of gaps) expect(Math.abs(gap - 2_000)).toBeLessThanOrEqual(1);
  });

  test('a more urgent claim takes an earlier moment, and the others move back', async () => {
    await turn('first', 1, '2026-11-20', 0.5);
    await turn('late', 1, '2026-11-20', 0.5);
    const urgent = await turn('urgent', 0, '2026-11-20', 0.5);
    expect(await turn('late', 1, '2026-11-20', 0.5)).toBeGreaterThan(urgent);
  });

  test('a tenant told to wait lets nobody call before then', async () => {
    await pauseCalls(database.store.db, TENANT, 60_000);
    expect(await turn('a')).toBeGreaterThan(50_000);
  });

  test('four at once are four at once, and a lease given back is free again', async () => {
    const lease = (holder: string) =>
      database.store.db.transaction().execute(async (trx) => {
        await lockTenant(trx, TENANT);
        return takeLease(trx, TENANT, holder, { ...LIMITS, concurrent: 4 });
      });
    const taken = await Promise.all(Array.from({ length: 12 }, (_, n) => lease(`h${n}`)));
    expect(taken.filter(Boolean)).toHaveLength(4);
    await freeLease(database.store.db, TENANT, `h${taken.indexOf(true)}`);
    expect(await lease('again')).toBe(true);
    expect(await lease('one too many')).toBe(false);
  });

  test('a held tenant reserves nothing until a person releases it', async () => {
    const row = await intend(1, [lane(1)]);
    await holdTenant(database.store.db, TENANT, 'ops-1', 'stock count');
    expect(await tryReserve(row)).toEqual({ state: 'held', why: 'stock count' });
    expect(await releaseTenant(database.store.db, TENANT)).toBe(true);
    expect((await tryReserve(row)).state).toBe('reserved');
  });
});

test('what waits for a held tenant goes oldest first when it is released', async () => {
  const old = await intend(1, [lane(1)], '2026-11-18');
  const young = await intend(2, [lane(1)], '2026-11-19');
  await holdTenant(database.store.db, TENANT, 'ops-1', 'stock count');
  for (const row of [young, old]) expect((await tryReserve(row)).state).not.toBe('reserved');
  await releaseTenant(database.store.db, TENANT);
  expect(await tryReserve(young)).toMatchObject({ state: 'wait', why: 'lanes' });
  expect((await tryReserve(old)).state).toBe('reserved');
});

describe('the batch clock', () => {
  const clock = (cycleNo: number, completed = true) => ({
    now: '2026-11-20T10:00:00.000Z',
    running: false,
    cycleNo,
    lastFinished: { cycleNo, startedAt: `2026-11-20T10:00:${String(cycleNo).padStart(2, '0')}.000Z`, completed },
    nextAt: '2026-11-20T10:15:00.000Z',
  });

  test('an aborted cycle counts for no proof, and an older read takes nothing back', async () => {
    const db = database.store.db;
    const early = await storeNow(db);
    await noteStatus(db, TENANT, await storeNow(db), clock(5));
    const aborted = await noteStatus(db, TENANT, await storeNow(db), clock(6, false));
    expect(aborted).toMatchObject({ cycle_no: 6, last_finished: 6, last_completed: 5, completed_seen: 1 });
    expect(await noteStatus(db, TENANT, early, clock(4))).toMatchObject({ cycle_no: 6, last_completed: 5 });
  });

  test('an ERP that counts anew makes every note under the old numbers worthless', async () => {
    const db = database.store.db;
    const row = await intend(1, [lane(1)]);
    await noteStatus(db, TENANT, await storeNow(db), clock(50));
    await tryReserve(row);
    await sql`update posting set noted_cycle = 50`.execute(db);
    expect(await noteStatus(db, TENANT, await storeNow(db), clock(2))).toMatchObject({ cycle_no: 2 });
    expect((await read(row.external_ref)).noted_cycle).toBeNull();
  });
});
