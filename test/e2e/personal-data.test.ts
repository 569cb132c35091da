/**
 * Planted personal markers go through a small day on real processes; afterwards everything the processes left is searched
 * (B7, R-093). With keys nothing is found where docs/reference/where-data-lives.md forbids it; without keys it is.
 */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { prepareStore, startFeeds, startStanding } from '../../bin/commands/prepare.js';
import { sandboxControl } from '../../bin/day/control.js';
import { settleDay } from '../../bin/day/play.js';
import { freePort } from '../../bin/supervisor/ports.js';
import { dataFolder, postgresUser } from '../../bin/supervisor/postgres-files.js';
import { serverKind } from '../../bin/supervisor/servers.js';
import { startStack, type Stack } from '../../bin/supervisor/stack.js';
import { connectTemporal } from '../../clients/temporal/index.js';
import { loadConfig } from '../../config/load.js';
import { openStore, type Db } from '../../store/database.js';
import { eventually } from '../support/eventually.js';
import { keysFile } from '../support/keys.js';
import { temporalRows } from './support/temporal-rows.js';

/** One marker for each thing a person could be known by, in the field it would come in. */
const MARKERS = {
  /** The customer of an order and its return: a number by contract, a name where a shop has no numbers. */
  customer: 'Zuleika-Quine-7f3a',
  /** The reference of a refund, as a payment provider may fill it. */
  mail: 'zq7f3b@quine.example',
  /** A reason field used as a notepad. */
  phone: '+44-20-7946-7f3c',
  /** Who processed the return at the warehouse. */
  clerk: 'Clerk-Ottoline-7f3d',
  /** Why somebody decided, and what they noted with it. */
  reason: 'knows her sister 7f3e',
  note: 'rang at home 7f3f',
} as const;
/** A row nobody can read holds whatever the source had. */
const RAW = {
  name: 'Peregrine-Vole-8a1b',
  address: '4 Marker Lane 8a1c',
  mail: 'pv8a1d@vole.example',
  phone: '+44-161-496-8a1e',
} as const;
const OF_TEMPORAL = Object.values(MARKERS);
const OF_RAW = Object.values(RAW);
const ALL = [...OF_TEMPORAL, ...OF_RAW];

/** The marker as it is, and as base64 shows it at each of the three places a text may begin. */
function forms(marker: string): string[] {
  const at = (offset: number): string => {
    const text = Buffer.concat([Buffer.alloc(offset, 'x'), Buffer.from(marker)]).toString('base64');
    // The first and last signs also hold bits of the neighbours.
    return text.slice(Math.ceil((offset * 4) / 3), Math.floor(((offset + marker.length) * 4) / 3));
  };
  return [marker, at(0), at(1), at(2), encodeURIComponent(marker)];
}
const foundIn = (text: string, markers: readonly string[]): string[] =>
  markers.filter((marker) => forms(marker).some((form) => text.includes(form)));

const filesBelow = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(dir, name))
    .filter((path) => statSync(path).isFile());
const foundInFiles = (files: readonly string[], markers: readonly string[]): string[] => {
  const found = files.flatMap((file) => foundIn(readFileSync(file, 'latin1'), markers));
  return [...new Set(found)].sort();
};

interface Left {
  /** Texts by place: what people and programs were shown while it ran. */
  texts: Record<'metrics' | 'histories' | 'lists' | 'notices', string>;
  /** Rows of Temporal's databases, where it has databases of its own (production-like); else empty. */
  rows: string;
  /** Files by place, after everything stopped. */
  files: Record<'temporal' | 'postgres' | 'logs' | 'crash', string[]>;
}

type Reply = Record<string, unknown>;

async function call(url: string, body: object, key = ''): Promise<Reply> {
  const reply = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
  });
  if (!reply.ok) throw new Error(`${url}: ${reply.status} ${await reply.text()}`);
  return (await reply.json()) as Reply;
}

/** Plants the markers and waits until what they are in has been posted, asked, decided and kept. */
async function plant(stack: Stack, db: Db): Promise<void> {
  const sandbox = stack.run.sandbox ?? '';
  const emit = (system: string, type: string, payload: object) =>
    call(new URL('/_sandbox/events', sandbox).toString(), { system, type, payload });
  const days = (n: number): string => new Date(Date.now() - n * 86_400_000).toISOString();
  const order = (await emit('blue-cherry', 'order.shipped', {
    ...{ placedAt: days(6), shippedAt: days(5), currency: 'GBP', customer: MARKERS.customer },
    lines: [{ sku: 'WOM|00123|NVY|||08', quantity: 30, unitPrice: '20.00' }],
  })) as { order: { orderNo: string } };
  const { orderNo } = order.order;
  const made = (await emit('archean', 'return.processed', {
    processedBy: MARKERS.clerk,
    refund: { state: 'REFUNDED', reference: MARKERS.mail },
    lines: [{ orderNo, orderLine: 1, quantity: 30, reasonCode: MARKERS.phone }],
  })) as { return: { returnNo: string } };
  await emit('archean', 'return.malformed', RAW);
  const workflowId = `return-to-stock:archean:${made.return.returnNo}`;
  const asked = await eventually(
    () =>
      db
        .selectFrom('case')
        .select(['id', 'digest'])
        .where('workflow_id', '=', workflowId)
        .where('question', '=', 'credit-limit')
        .executeTakeFirst(),
    { within: 60_000, every: 200 },
  );
  const decision = {
    case: asked.id,
    choice: 'approve',
    why: MARKERS.reason,
    shown: asked.digest,
    data: { note: MARKERS.note },
  };
  await call(new URL('/decisions', stack.run.ingress ?? '').toString(), decision, 'dev-key-fin-2');
  await eventually(
    () =>
      db
        .selectFrom('event_claim')
        .select('key')
        .where('workflow_id', '=', workflowId)
        .where('finished_at', 'is not', null)
        .executeTakeFirst(),
    { within: 90_000, every: 200 },
  );
  await eventually(() => db.selectFrom('event').select('id').where('state', '=', 'malformed').executeTakeFirst(), {
    within: 30_000,
  });
}

/** What can be asked of a running installation: every history as an export writes it, every list, metrics, mails. */
async function askedOf(stack: Stack, env: Record<string, string>): Promise<Left['texts']> {
  const temporal = await connectTemporal({ address: stack.run.temporal, namespace: 'selvedge' });
  const histories: string[] = [];
  const lists: string[] = [];
  for await (const row of temporal.client.workflow.list()) {
    const handle = temporal.client.workflow.getHandle(row.workflowId, row.runId);
    histories.push(historyToJSON(await handle.fetchHistory()));
    lists.push(JSON.stringify([row.workflowId, row.type, row.searchAttributes, row.memo ?? null]));
  }
  await temporal.close();
  const metrics = await Promise.all(
    [env['SELVEDGE_METRICS'], env['SELVEDGE_TEMPORAL_METRICS']].map(async (at) =>
      (await fetch(`http://${at ?? ''}/metrics`)).text(),
    ),
  );
  const mailbox = await fetch(new URL('/_sandbox/mailbox', stack.run.sandbox ?? ''));
  return {
    metrics: metrics.join('\n'),
    histories: histories.join('\n'),
    lists: lists.join('\n'),
    notices: await mailbox.text(),
  };
}

/** Temporal on PostgreSQL: one cluster holds its databases and the store, apart. */
const PRODUCTION_LIKE = serverKind() === 'production-like';

const dirs: string[] = [];
afterEach(() => {
  delete process.env['SELVEDGE_PAYLOAD_KEYS_FILE'];
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

/** A day with planted markers on processes of its own; answers everything it left. */
async function dayWithMarkers(keys: string): Promise<Left> {
  const dir = mkdtempSync(join(tmpdir(), 'selvedge-markers-'));
  chmodSync(dir, 0o755); // PostgreSQL run for root is another user and must get through
  const postgres = dataFolder(postgresUser(), PRODUCTION_LIKE ? join(dir, 'production') : dir).dir;
  dirs.push(dir, postgres);
  process.env['SELVEDGE_PAYLOAD_KEYS_FILE'] = keys;
  const own = {
    ...{ TEMPORAL_ADDRESS: '', DATABASE_URL: '', TEMPORAL_NAMESPACE: 'selvedge', SELVEDGE_PAYLOAD_KEYS_FILE: keys },
    // The most that can be logged.
    SELVEDGE_LOG: 'trace',
    SELVEDGE_METRICS: `127.0.0.1:${await freePort()}`,
    SELVEDGE_TEMPORAL_METRICS: `127.0.0.1:${await freePort()}`,
  };
  const stack = await startStack({
    ...{ fresh: true, workers: 1, say: () => undefined, own: { dir, environment: own } },
    prepare: (environment) => prepareStore(environment['DATABASE_URL'] ?? '', { ...process.env, ...environment }),
  });
  const store = openStore(stack.run.database, 4);
  try {
    const { feeds } = loadConfig({ env: { ...process.env, ...stack.run.environment } });
    await startFeeds(store.db, Object.keys(feeds));
    await startStanding({ address: stack.run.temporal, namespace: 'selvedge' }, Object.keys(feeds));
    const sandbox = sandboxControl(stack.run.sandbox ?? '');
    await sandbox.reset({ seed: 11, scenario: 'trading-day', returns: 8, receipts: 4, misbehave: 0.05 });
    await plant(stack, store.db);
    const day = await settleDay({
      sandbox,
      db: store.db,
      deadlineMs: 60_000,
      stopped: () => false,
      began: Date.now(),
    });
    expect(day.evidence.documents.length).toBeGreaterThan(8);
    const texts = await askedOf(stack, own);
    const rows = PRODUCTION_LIKE ? await temporalRows(stack.run.database) : '';
    return { texts, rows, files: { temporal: [], postgres: [], logs: [], crash: [] } };
  } finally {
    await store.close();
    await stack.stop();
    left = filesLeft(dir, postgres);
  }
}

let left: Left['files'] = { temporal: [], postgres: [], logs: [], crash: [] };
function filesLeft(dir: string, postgres: string): Left['files'] {
  const all = filesBelow(dir);
  const inside = filesBelow(postgres);
  return {
    temporal: all.filter((file) => /temporal\.db/.test(file)),
    postgres: inside,
    logs: all.filter((file) => /\/log\//.test(file) && !inside.includes(file)),
    crash: [...all, ...readdirSync(process.cwd())].filter((file) =>
      /(^|\/)(core(\.\d+)?|report\..*\.json)$/.test(file),
    ),
  };
}

describe('personal data', () => {
  test('with keys is found nowhere it is forbidden', async () => {
    const keys = keysFile();
    keys.set('k-1', ['k-1']);
    const { texts, rows } = await dayWithMarkers(keys.path);
    for (const [place, text] of Object.entries(texts)) {
      expect([place, text.length > 100]).toEqual([place, true]);
      expect([place, foundIn(text, ALL)]).toEqual([place, []]);
    }
    expect(PRODUCTION_LIKE ? rows.length : left.temporal.length).toBeGreaterThan(0);
    expect([foundInFiles(left.temporal, ALL), foundIn(rows, ALL)]).toEqual([[], []]);
    expect(left.logs.map((file) => file.split('/').at(-1)).sort()).toEqual(
      expect.arrayContaining(['ingress.log', 'postgres.log', 'sandbox.log', 'temporal.log', 'worker.log']),
    );
    expect(readFileSync(left.logs.find((file) => file.endsWith('worker.log')) ?? '', 'utf8')).toContain(
      'http exchange',
    );
    expect(foundInFiles(left.logs, ALL)).toEqual([]);
    expect(left.crash).toEqual([]);
    // The store keeps who decided what and why, and whom a credit is for; rows nobody could read are sealed.
    const inStore = foundInFiles(left.postgres, ALL);
    expect(inStore).toEqual(expect.arrayContaining([MARKERS.customer, MARKERS.reason]));
    expect(inStore.filter((marker) => (OF_RAW as readonly string[]).includes(marker))).toEqual([]);
  }, 600_000);

  test('without keys is found: this search can find what it looks for', async () => {
    const { texts, rows } = await dayWithMarkers('');
    expect(foundIn(texts.histories, OF_TEMPORAL).sort()).toEqual([...OF_TEMPORAL].sort());
    const inTemporal = PRODUCTION_LIKE ? foundIn(rows, OF_TEMPORAL) : foundInFiles(left.temporal, OF_TEMPORAL);
    expect(inTemporal.sort()).toEqual([...OF_TEMPORAL].sort());
    expect(foundInFiles(left.postgres, OF_RAW)).toEqual([...OF_RAW].sort());
    // What is no payload is without personal data also then.
    for (const place of ['metrics', 'lists', 'notices'] as const)
      expect([place, foundIn(texts[place], ALL)]).toEqual([place, []]);
    expect(foundInFiles(left.logs, ALL)).toEqual([]);
  }, 600_000);
});
