/**
 * A store goes back ten minutes under running workers. Tried with the hold taken out (DISTRUST of store/watch.ts
 * answering that all is well): six writes left before recover, and two credits and a receipt were in the books twice.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import pg from 'pg';
import { pino } from 'pino';
import { recover, type RecoverDeps, type Recovered } from '../../activities/recover/index.js';
import { settleRound } from '../../activities/settle/round.js';
import { singleBearer } from '../../activities/settle/single-bearer.js';
import { sealAudit, verifyAudit } from '../../store/audit.js';
import { projectRoot } from '../../bin/supervisor/paths.js';
import { readEpoch } from '../../store/epoch.js';
import { reliance, readWatch } from '../../store/watch.js';
import { recoveryOf } from '../../workers/recovery.js';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import { backupOf } from '../support/set-back.js';
import {
  answer,
  article,
  askedOf,
  bothHalves,
  closed,
  comeBack,
  figuresByReturn,
  holdCycles,
  releaseCycles,
  sell,
  writesOf,
  type Returned,
} from '../sagas/support.js';
import { deliver, line, order, receivedOn, type Delivered, type Ordered } from '../sagas/receipts-support.js';

const MINUTE = 60_000;
const FEEDS = ['archean.returns', 'archean.movements', 'archean.goods-in', 'blue-cherry.purchase-orders'];
const MARGIN_MS = 5 * MINUTE;

/** A day that lives through a backup: what has happened when it is taken, and what happens in the ten minutes after. */
class Day {
  readonly rig: Rig;
  plain: Returned[] = [];
  asked: Returned[] = [];
  orders: Ordered[] = [];
  deliveries: Delivered[] = [];
  private made = 0;

  constructor(rig: Rig) {
    this.rig = rig;
  }

  async return(price = '20.00', refund = price): Promise<Returned> {
    const { sku, code } = article(this.made++);
    const sale = await sell(this.rig, [{ sku, quantity: 2, unitPrice: price }]);
    const lines = [{ orderNo: sale.orderNo, orderLine: 1, sku: code, quantity: 1, refundUnitPrice: refund }];
    return comeBack(this.rig, { customer: sale.customer, lines });
  }

  async plainReturns(n: number): Promise<void> {
    for (let i = 0; i < n; i += 1) this.plain.push(await this.return());
  }

  /** Refunded more than was paid: finance is asked. */
  async overRefund(): Promise<Returned> {
    const made = await this.return('20.00', '25.00');
    this.asked.push(made);
    return made;
  }

  async ordered(): Promise<Ordered> {
    const made = await order(this.rig, 120);
    this.orders.push(made);
    return made;
  }

  async delivery({ poNo, code }: Ordered, units: number): Promise<void> {
    this.deliveries.push(await deliver(this.rig, { poNo, lines: [line(code, units)] }));
  }

  async announced(): Promise<number> {
    const { documents } = (await this.rig.books('archean')) as unknown as { documents: { kind: string }[] };
    return documents.filter(({ kind }) => /goods/i.test(kind)).length;
  }
}

const ends = (rig: Rig, sagas: readonly { workflowId: string }[]) =>
  Promise.all(sagas.map(({ workflowId }) => closed(rig, workflowId)));

const recovery = (rig: Rig) => {
  const log = pino({ level: 'silent' });
  return recoveryOf({ config: rig.config, store: rig.store, client: rig.client, log, env: rig.env }, () => undefined);
};
const HOW = { write: true, marginMs: MARGIN_MS, by: 'int-1', why: 'the disk failed' };

async function heldRow(rig: Rig) {
  const row = await readWatch(rig.store.db);
  if (row === undefined || row.held_since === null) throw new Error('the store is not held');
  return row;
}

/** When the answer that a copy of the store may be relied on runs out. */
async function leaseEndOf(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ ends: string }>(
      `select extract(epoch from lease_until) * 1000 as ends from store_watch`,
    );
    return Number(rows[0]?.ends ?? 0);
  } finally {
    await client.end();
  }
}

/** Number of the batch cycle that the ERP ended last. */
async function lastCycle(rig: Rig): Promise<number> {
  const { lastFinished } = (await rig.control('GET', '/_sandbox/blue-cherry/cycle')) as {
    lastFinished: { cycleNo: number } | null;
  };
  return lastFinished?.cycleNo ?? 0;
}

const untilHeld = (rig: Rig) =>
  eventually(async () => (await reliance(rig.store.db)).state === 'restored', { within: 30_000 });

/** Every part is reached once and broken off there; what the parts before it wrote stays. Answers the parts. */
async function brokenOffAfterEach(rig: Rig, deps: RecoverDeps): Promise<string[]> {
  const parts: string[] = [];
  for (;;) {
    const reached = parts.length;
    let seen = 0;
    const pause = (part: string): Promise<void> => {
      seen += 1;
      if (seen <= reached) return Promise.resolve();
      parts.push(part);
      return Promise.reject(new Error('broken off'));
    };
    await expect(recover({ ...deps, pause }, await heldRow(rig), HOW)).rejects.toThrow('broken off');
    if (parts.at(-1) === 'releasing') return parts;
  }
}

/** `selvedge recover` as a person runs it. */
function command(rig: Rig, ...args: string[]) {
  const env = {
    ...process.env,
    ...rig.env,
    ...{ DATABASE_URL: rig.database, TEMPORAL_ADDRESS: rig.temporal.address },
    ...{ TEMPORAL_NAMESPACE: rig.temporal.namespace, SELVEDGE_KEY: 'dev-key-int-1' },
  };
  const program = join(projectRoot, 'dist', 'bin', 'selvedge.js');
  const child = spawn(process.execPath, [program, 'recover', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<{ code: number | null; out: string; err: string }>((done) =>
    child.once('close', (code) => done({ code, out, err })),
  );
  return { child, err: () => err, ended };
}

/** Kills it, -9, when it has begun a part; nothing is released by then. */
async function killedAt(rig: Rig, part: string): Promise<void> {
  const run = command(rig, '--margin', '5', '--why', 'the disk failed');
  await eventually(() => run.err().includes(`recover: ${part}`), { within: MINUTE, every: 5 });
  run.child.kill('SIGKILL');
  expect((await run.ended).code).toBeNull();
  expect((await reliance(rig.store.db)).state).toBe('restored');
}

describe('a store that goes back under running workers', () => {
  let rig: Rig;
  let day: Day;
  beforeAll(async () => {
    rig = await startRig({ feeds: FEEDS, reset: { scenario: 'trading-day', returns: 0, seed: 5, misbehave: 0 } });
    day = new Day(rig);
  }, 2 * MINUTE);
  afterAll(() => rig.close(), MINUTE);

  test(
    'posts nothing before recover has run, broken off after each part and run again; the same books afterwards',
    async () => {
      const early = await day.overRefund();
      await day.plainReturns(2);
      const first = await day.ordered();
      await day.delivery(first, 40);
      await ends(rig, [...day.plain, ...day.deliveries]);
      await askedOf(rig, early.workflowId, 'refund');
      const backup = await backupOf(rig.database);

      // Ten minutes of a day: decisions, sagas that end, a delivery, an announcement, a question under a new number.
      expect((await answer(rig, early.workflowId, 'refund', 'as-sold')).status).toBe(200);
      await day.plainReturns(3);
      await day.delivery(first, 40);
      const late = await day.overRefund();
      const second = await day.ordered();
      await day.delivery(second, 60);
      await ends(rig, [early, ...day.plain, ...day.deliveries]);
      await askedOf(rig, late.workflowId, 'refund');
      const numbers = await sql<{ id: string }>`select id from "case" where workflow_id = ${late.workflowId}`.execute(
        rig.store.db,
      );
      // And in flight: a document the ERP has taken and not posted, and one whose answer was lost.
      await rig.control('POST', '/_sandbox/blue-cherry/cycle', { do: 'run' });
      await holdCycles(rig);
      await rig.fault({ operation: 'credit-memo', kind: 'drop-after', times: 1 });
      await day.plainReturns(2);
      await eventually(async () => (await writesOf(rig)).filter(({ stored }) => stored).length, { within: 5_000 });
      await eventually(
        async () => {
          const { rows } = await sql<{ n: string }>`select count(*) as n from posting
            where state in ('sent', 'accepted')`.execute(rig.store.db);
          return Number(rows[0]?.n) >= 2;
        },
        { within: 60_000 },
      );
      const announcements = await day.announced();
      const epoch = await readEpoch(rig.store.db);

      // The day is short: ten minutes on, the backup is no longer leased to anybody, and the test waits for just that.
      await eventually(async () => (await leaseEndOf(backup.url)) < Date.now(), { within: 60_000 });
      await backup.putBack();
      const back = Date.now();
      const writes = async () => (await writesOf(rig)).filter(({ at }) => Date.parse(at) > back);
      await untilHeld(rig);
      await releaseCycles(rig);
      // Three cycles of the ERP, with every saga's next attempt among them.
      const before = await lastCycle(rig);
      await eventually(async () => (await lastCycle(rig)) >= before + 3, { within: 60_000 });
      expect(await writes()).toEqual([]);
      expect((await rig.decide('fin-2', { case: 'C-1', choice: 'approve' })).status).toBe(503);

      const deps = recovery(rig);
      const wouldBe = await recover(deps, await heldRow(rig), { ...HOW, write: false });
      expect(wouldBe.postings.made).toBeGreaterThan(8);
      expect(wouldBe.claims.claimed).toBeGreaterThan(5);
      const parts = await brokenOffAfterEach(rig, deps);
      expect(parts).toHaveLength(8);
      await killedAt(rig, 'documents');
      const { code, out } = await command(rig, '--margin', '5', '--why', 'the disk failed', '--json').ended;
      expect(code).toBe(0);
      const recovered = JSON.parse(out) as Recovered;
      expect(recovered.bearer).toEqual({ doubled: 0, stray: 0, missing: 0 });
      expect(recovered.postings.unexplained).toEqual([]);
      expect(await readEpoch(rig.store.db)).not.toBe(epoch);

      const again = await sql<{ id: string }>`select id from "case" where workflow_id = ${late.workflowId}`.execute(
        rig.store.db,
      );
      expect(again.rows).toEqual(numbers.rows);
      expect((await answer(rig, late.workflowId, 'refund', 'as-sold')).status).toBe(200);
      await day.plainReturns(1);
      await ends(rig, [...day.asked, ...day.plain, ...day.deliveries]);

      const books = await figuresByReturn(rig);
      for (const one of day.plain)
        expect([one.returnNo, books.get(one.returnNo)]).toEqual([one.returnNo, bothHalves('24.00', 1)]);
      for (const one of day.asked)
        expect([one.returnNo, books.get(one.returnNo)]).toEqual([one.returnNo, bothHalves('24.00', 1)]);
      expect(await receivedOn(rig, first.poNo)).toEqual(['PO receipt POSTED 40', 'PO receipt POSTED 40']);
      expect(await receivedOn(rig, second.poNo)).toEqual(['PO receipt POSTED 60']);
      expect(await day.announced()).toBe(announcements);
      await sealAudit(rig.store.db);
      expect((await verifyAudit(rig.store.db)).firstBad).toBeNull();
      await settleRound(deps.posting);
      const today = new Date().toISOString().slice(0, 10);
      expect(await singleBearer(deps.posting, today)).toMatchObject({ doubled: [], stray: [], missing: [] });
      const { rows } = await sql<{ code: string; title: string }>`select code, title from "case"
        where code in ('X-62', 'X-01', 'X-37') or workflow_id = 'store:restored' and closed_at is null`.execute(
        rig.store.db,
      );
      expect(rows).toEqual([]);

      // Run again, nothing is found: once because nothing is held, once because a person says so.
      const idle = await command(rig, '--why', 'again').ended;
      expect([idle.code, idle.err]).toEqual([1, expect.stringContaining('there is nothing to recover')]);
      const from = new Date(Date.now() - 10 * MINUTE).toISOString();
      const forced = await command(rig, '--from', from, '--why', 'to be sure', '--json').ended;
      const { postings, claims, desk } = JSON.parse(forced.out) as Recovered;
      expect({ made: postings.made, moved: postings.moved, doubted: postings.doubted }).toEqual({
        made: 0,
        moved: 0,
        doubted: 0,
      });
      expect([claims, desk]).toEqual([
        { claimed: 0, finished: 0 },
        { questions: 0, decisions: 0, cases: 0 },
      ]);
      await eventually(async () => (await reliance(rig.store.db)).state === 'good', { within: 30_000 });
      await backup.drop();
    },
    10 * MINUTE,
  );
});
