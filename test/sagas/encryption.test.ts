/** Payload encryption on real servers: nothing in clear, rotation under waiting sagas, a wrong key that loses nothing (B7). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Payload, ProtoFailure } from '@temporalio/common';
import {
  decodeOptionalFailureToOptionalError,
  loadDataConverter,
} from '@temporalio/common/lib/internal-non-workflow/index.js';
import { sql } from 'kysely';
import { dataConverter } from '../../clients/temporal/index.js';
import { createLog } from '../../config/log.js';
import { loadKeys } from '../../config/payload-keys.js';
import { openRow } from '../../store/sealed.js';
import { eventually } from '../support/eventually.js';
import { isEncoded, keysFile, ringOf } from '../support/keys.js';
import { startRig, type Rig } from '../support/rig.js';
import {
  answer,
  article,
  askedOf,
  bothHalves,
  closed,
  comeBack,
  figuresOf,
  LONG_MS,
  sell,
  type Returned,
} from './support.js';

const CUSTOMER = 'Zuleika Quine';
const keys = keysFile();
const others = keysFile();
let rig: Rig;
let made = 0;
const notices: string[] = [];

/** A return of 720.00, above what is credited unasked. */
async function aboveTheLimit(): Promise<Returned> {
  const { orderNo } = await sell(rig, [{ sku: article(made++).sku, quantity: 30, unitPrice: '20.00' }], CUSTOMER);
  return comeBack(rig, { processedBy: 'clerk-1', lines: [{ orderNo, orderLine: 1, quantity: 30 }] });
}

type Event = Record<string, unknown>;
const eventsOf = async (workflowId: string): Promise<Event[]> => {
  const { events } = await rig.client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []) as unknown as Event[];
};

/** Every payload of a history that is not a search attribute, with the name of its key. */
function payloadsOf(value: unknown, found: (string | null)[] = []): (string | null)[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return found;
  if ('metadata' in value && 'data' in value) return [...found, isEncoded(value as Payload)];
  return Object.entries(value).reduce(
    (all, [name, member]) => (name === 'searchAttributes' ? all : payloadsOf(member, all)),
    found,
  );
}
const keysOf = async (workflowId: string): Promise<Set<string | null>> =>
  new Set(payloadsOf(await eventsOf(workflowId)));
const textOf = async (workflowId: string): Promise<string> =>
  JSON.stringify(await eventsOf(workflowId), (_, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;
  });

describe('an installation with keys', () => {
  beforeAll(async () => {
    // What a missing key has to say is read here, not on the screen.
    const log = createLog('sdk', {}, { write: (line: string) => void notices.push(line) });
    keys.set('k-1', ['k-1', 'k-2']);
    rig = await startRig({
      log,
      keysFile: keys.path,
      reset: { scenario: 'trading-day', returns: 0, seed: 6, misbehave: 0 },
    });
  }, 90_000);
  afterAll(() => rig.close(), 60_000);

  test('keeps nothing of a return in clear, and posts it', async () => {
    const { orderNo } = await sell(rig, [{ sku: article(made++).sku, quantity: 1, unitPrice: '20.00' }], CUSTOMER);
    const { returnNo, workflowId } = await comeBack(rig, { lines: [{ orderNo, orderLine: 1, quantity: 1 }] });
    expect(await closed(rig, workflowId)).toBe('COMPLETED');
    expect(await figuresOf(rig, returnNo)).toEqual(bothHalves('24.00', 1));
    expect(await keysOf(workflowId)).toEqual(new Set(['k-1']));
    const text = await textOf(workflowId);
    expect(text).toContain(returnNo);
    for (const clear of [CUSTOMER, orderNo, 'PROCESSED', 'GBP 24.00']) expect(text).not.toContain(clear);
  }, 120_000);

  test('goes on over a rotation: what waits is read with the old key, what follows is written with the new one', async () => {
    const waiting = await aboveTheLimit();
    await askedOf(rig, waiting.workflowId, 'credit-limit');
    await rig.stopWorker();
    keys.set('k-2', ['k-1', 'k-2']);
    await rig.startWorker();
    expect((await answer(rig, waiting.workflowId, 'credit-limit', 'approve')).status).toBeLessThan(300);
    expect(await closed(rig, waiting.workflowId)).toBe('COMPLETED');
    expect(await figuresOf(rig, waiting.returnNo)).toEqual(bothHalves('720.00', 30));
    expect(await keysOf(waiting.workflowId)).toEqual(new Set(['k-1', 'k-2']));
  }, 180_000);

  test('waits while a worker lacks the key, says which one, and posts once when it is back', async () => {
    const waiting = await aboveTheLimit();
    await askedOf(rig, waiting.workflowId, 'credit-limit');
    await rig.stopWorker();
    others.set('k-3', ['k-3']);
    notices.length = 0;
    await rig.startWorker(others.path);
    const handle = rig.client.workflow.getHandle(waiting.workflowId);
    await handle.signal('causeSolved', { code: 'X-01', cause: 'nothing' });
    await eventually(() => Promise.resolve(notices.some((line) => line.includes('a payload cannot be read'))), {
      within: LONG_MS,
    });
    const said = notices.map((line) => JSON.parse(line) as { error?: { kind: string; keyId: string } });
    expect(said.find(({ error }) => error?.kind === 'MissingKey')?.error?.keyId).toMatch(/^k-[12]$/);
    expect((await handle.describe()).status.name).toBe('RUNNING');
    expect(await figuresOf(rig, waiting.returnNo)).toEqual([]);
    await rig.stopWorker();
    // What the other worker wrote meanwhile needs its key too.
    keys.set('k-2', ['k-1', 'k-2', 'k-3']);
    await rig.startWorker();
    expect((await answer(rig, waiting.workflowId, 'credit-limit', 'approve')).status).toBeLessThan(300);
    expect(await closed(rig, waiting.workflowId)).toBe('COMPLETED');
    expect(await figuresOf(rig, waiting.returnNo)).toEqual(bothHalves('720.00', 30));
  }, 240_000);

  test('tells in the history why a task failed, to whoever has the keys', async () => {
    const failures: ProtoFailure[] = [];
    for await (const { workflowId } of rig.client.workflow.list({ query: 'WorkflowType="returnToStock"' })) {
      for (const event of await eventsOf(workflowId)) {
        const { failure } = (event['workflowTaskFailedEventAttributes'] ?? {}) as { failure?: ProtoFailure };
        if (failure !== undefined) failures.push(failure);
      }
    }
    expect(failures.map(({ message }) => message)).toContain('Encoded failure');
    const converter = loadDataConverter(dataConverter(ringOf('k-2', 'k-1', 'k-2', 'k-3')));
    const words = await Promise.all(
      failures.map(
        async (failure) => (await decodeOptionalFailureToOptionalError(converter, failure, undefined))?.message,
      ),
    );
    expect(words.join()).toMatch(/encrypted with the key "k-[12]", which this process does not have \(it has k-3\)/);
  });

  test('does not start with another key under a known name', async () => {
    others.set('k-1', ['k-1'], ['k-1']);
    await rig.stopWorker();
    await expect(rig.startWorker(others.path)).rejects.toThrow(/the key "k-1" of this process is another one/);
    await rig.startWorker();
  }, 60_000);

  test('seals rows that nobody can read, keeps their numbers, and opens them with the key', async () => {
    const row = (await rig.emit('archean', 'return.malformed', { name: CUSTOMER })) as unknown as {
      return: { returnNo: string };
    };
    const { returnNo } = row.return;
    const kept = await eventually(
      async () => {
        const { rows } = await sql<{ payload: Record<string, unknown> }>`
          select payload from event where state = 'malformed' and payload ->> 'returnNo' = ${returnNo}`.execute(
          rig.store.db,
        );
        return rows[0]?.payload;
      },
      { within: LONG_MS },
    );
    expect(JSON.stringify(kept)).not.toContain(CUSTOMER);
    expect(Object.keys(kept).sort()).toEqual(['$sealed', 'returnNo', 'seq']);
    expect(openRow(kept, loadKeys(keys.path))).toMatchObject({ name: CUSTOMER, returnNo });
    expect(() => openRow(kept, null)).toThrow('sealed with the key "k-2"');
  }, 120_000);
});
