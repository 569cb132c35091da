import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { forgetHints, keepHint } from '../../store/desk-sweeps.js';
import { eventually } from '../support/eventually.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { listen, read, SECRET, testSagas, type TestIngress, type TestSagas } from './support.js';

let fresh: FreshDatabase;
let ingress: TestIngress;
let sagas: TestSagas;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());
beforeEach(async () => {
  sagas = testSagas(fresh.store);
  await ingress?.close();
  ingress = await listen(fresh.store, sagas);
});
afterAll(() => ingress.close());

let count = 0;
const hint = (change: object = {}): string => {
  count += 1;
  return JSON.stringify({ eventId: `EV-${count}`, type: 'return.processed', seq: count, id: 'RTN-1', ...change });
};
interface Signing {
  secret?: string;
  secondsAgo?: number;
  signed?: boolean;
  over?: string;
}
async function deliver(body: string, { secret = SECRET, secondsAgo = 0, signed = true, over = body }: Signing = {}) {
  const stamp = Math.floor(Date.now() / 1000) - secondsAgo;
  const signature = createHmac('sha256', secret).update(`${stamp}.${over}`).digest('hex');
  const headers = { 'x-archean-timestamp': String(stamp), 'x-archean-signature': `sha256=${signature}` };
  return read(
    await fetch(`${ingress.url}/webhooks/archean`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...(signed ? headers : {}) },
    }),
  );
}
const hints = async (): Promise<number> =>
  (await fresh.store.db.selectFrom('webhook_hint').select('event_id').execute()).length;

describe("Archean's webhooks", () => {
  test('are forgotten when they are too old to be sent again', async () => {
    const { db } = fresh.store;
    for (const eventId of ['old', 'new'])
      await keepHint(db, { source: 'x', eventId, type: 'return.processed', seq: 1 });
    await sql`update webhook_hint set received_at = received_at - interval '25 hours' where event_id = 'old'`.execute(
      db,
    );
    expect(await forgetHints(db)).toBe(1);
    expect(await keepHint(db, { source: 'x', eventId: 'new', type: 'return.processed', seq: 1 })).toBe(false);
  });

  test('a signed one is kept and wakes the feed', async () => {
    const before = await hints();
    expect(await deliver(hint())).toMatchObject({ status: 200, body: { received: true, repeated: false } });
    expect(await hints()).toBe(before + 1);
    await eventually(() => sagas.nudged.length === 1, { within: 1_000 });
    expect(sagas.nudged[0]?.feed).toBe('archean.returns');
  });

  test('a replayed one is answered alike and wakes nobody', async () => {
    const body = hint();
    await deliver(body);
    const before = await hints();
    expect(await deliver(body)).toMatchObject({ status: 200, body: { repeated: true } });
    expect(await hints()).toBe(before);
    expect(sagas.nudged).toHaveLength(1);
  });

  test('many wake their feed at most once a second, and the last one is not forgotten', async () => {
    for (let n = 0; n < 8; n += 1) await deliver(hint());
    await deliver(hint({ type: 'movement.recorded' }));
    const returns = () => sagas.nudged.filter((n) => n.feed === 'archean.returns');
    await eventually(() => returns().length === 2, { within: 3_000 });
    const [first, second] = returns();
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);
    expect(sagas.nudged.filter((n) => n.feed === 'archean.movements')).toHaveLength(1);
  });

  test.each<[string, () => string, Signing, number[]]>([
    ['unsigned', hint, { signed: false }, [401]],
    ['signed with another secret', hint, { secret: 'other' }, [401]],
    ['changed on its way', hint, { over: '{}' }, [401]],
    ['older than five minutes', hint, { secondsAgo: 600 }, [400, 401]],
    ['from the future', hint, { secondsAgo: -600 }, [400, 401]],
    ['no JSON', () => '{"eventId":', {}, [400]],
    ['of an unknown type', () => hint({ type: 'stock.exploded' }), {}, [400]],
    ['with a fractional seq', () => hint({ seq: 1.5 }), {}, [400]],
    ['far too large', () => hint({ id: 'x'.repeat(30_000) }), {}, [400]],
    ['larger than any body', () => hint({ id: 'x'.repeat(1_100_000) }), {}, [413]],
    ['empty', () => '', {}, [400]],
  ])('one that is %s is refused in words, kept nowhere and wakes nobody', async (_name, body, signing, statuses) => {
    const before = await hints();
    const reply = await deliver(body(), signing);
    expect(statuses).toContain(reply.status);
    expect(reply.body['error']).toMatch(/\w+ \w+/);
    expect(reply.text).not.toContain(SECRET);
    expect(await hints()).toBe(before);
    expect(sagas.nudged).toEqual([]);
  });
});
