/** Our metrics: every one of the list, right figures from the store, no label that is not from a closed list. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { metricsAddress, METRICS, TEMPORAL_METRICS } from '../../config/metrics-address.js';
import { LABEL_VALUES, METRICS_OF_OURS } from '../../ingress/metric-list.js';
import { metricsText, serveMetrics } from '../../ingress/metrics.js';
import { appendAudit } from '../../store/audit.js';
import { raiseCase } from '../../store/desk-raised.js';
import { registerFeed, startFeed } from '../../store/feeds.js';
import { Attention } from '../../workflows/search-attributes.js';
import { aWorkflow, noDue, seedDesk } from '../store/desk-support.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { freePort } from '../../bin/supervisor/ports.js';

let fresh: FreshDatabase;
const warned: object[] = [];
const log = { warn: (fields: object) => void warned.push(fields) };
const sagas = Object.fromEntries(Attention.options.map((value, n) => [value, n]));
const erp = { tenant: 'main', ratePerSecond: 60, concurrent: 4 };
const parts = () => ({ db: fresh.store.db, erp, sagas: () => Promise.resolve(sagas), log });

beforeAll(async () => {
  fresh = await freshDatabase();
  const { db } = fresh.store;
  await seedDesk(db);
  for (const feed of ['archean.returns', 'archean.movements'])
    await registerFeed(db, feed, { rhythmMs: 1_000, silentAfterMs: 300_000 });
  await startFeed(db, 'archean.returns', 0, 'a test');
  await sql`update feed_cursor set last_read_ok_at = clock_timestamp() - interval '90 s' where feed = 'archean.returns'`.execute(
    db,
  );
  const row = { process: 'intake', expected: '', actual: '', amount: null, units: 0, endsWithWorkflow: false } as const;
  for (const [code, title] of [
    ['X-63', 'one'],
    ['X-63', 'two'],
    ['X-62', 'three'],
  ] as const)
    await raiseCase(
      db,
      { ...row, workflowId: aWorkflow(), businessKey: title, code, title: `Zuleika ${title}` },
      noDue,
    );
  await sql`update "case" set due_at = clock_timestamp() - interval '1 h' where code = 'X-62'`.execute(db);
  await sql`insert into call_tenant (tenant, calls_given, held_by, held_at) values ('main', 17, 'fin-2', clock_timestamp())`.execute(
    db,
  );
  await sql`insert into call_lease (tenant, slot, leased_until) values ('main', 1, clock_timestamp() + interval '1 h'), ('main', 2, 'epoch')`.execute(
    db,
  );
  await sql`insert into posting (external_ref, reference, revision, tenant, workflow_id, step, content, state, intended_at)
    select 'SV' || n, 'w/' || n, 1, 'main', 'w', 's', '{}', case when n < 3 then 'sent' else 'rejected' end,
      clock_timestamp() - interval '40 s' from generate_series(1, 5) n`.execute(db);
  await sql`update audit set seal_no = null, at = clock_timestamp() - interval '20 s'`.execute(db);
  await appendAudit(db, { actor: 'a', identity: 'system', action: 'x', subject: 's', why: 'Zuleika', detail: {} });
});
afterAll(() => fresh.drop());

interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}
const samplesOf = (text: string): Sample[] =>
  text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', inside = '', value = ''] = /^(\w+)(?:\{([^}]*)\})? (\S+)$/.exec(line) ?? [];
      const labels = [...inside.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', text = '']) => [key, text] as const);
      return { name, labels: Object.fromEntries(labels), value: Number(value) };
    });

describe('our metrics', () => {
  const read = async () => {
    const samples = samplesOf(await metricsText(parts()));
    const of = (name: keyof typeof METRICS_OF_OURS, labels: Record<string, string> = {}): number | undefined =>
      samples.find(
        (one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
      )?.value;
    return { samples, of };
  };

  test('say what the store holds', async () => {
    const { of } = await read();
    expect(of('selvedge_feed_age_seconds', { feed: 'archean.returns' })).toBeCloseTo(90, -1);
    expect(of('selvedge_feed_age_seconds', { feed: 'archean.movements' })).toBeUndefined();
    expect(of('selvedge_feed_running', { feed: 'archean.movements' })).toBe(0);
    expect(of('selvedge_feed_silent_after_seconds', { feed: 'archean.returns' })).toBe(300);
    expect(of('selvedge_postings', { state: 'sent' })).toBe(2);
    expect(of('selvedge_postings', { state: 'rejected' })).toBe(3);
    expect(of('selvedge_postings', { state: 'posted' })).toBe(0);
    expect(of('selvedge_oldest_open_posting_age_seconds')).toBeCloseTo(40, -1);
    expect(of('selvedge_open_cases', { owner: 'integration-support', severity: 'medium' })).toBe(2);
    expect(of('selvedge_open_cases', { owner: 'buying', severity: 'critical' })).toBe(0);
    expect(of('selvedge_overdue_cases', { owner: 'finance' })).toBe(1);
    expect(of('selvedge_erp_calls_total')).toBe(17);
    expect(of('selvedge_erp_requests_in_flight')).toBe(1);
    expect(of('selvedge_erp_writes_held')).toBe(1);
    expect(of('selvedge_oldest_unsealed_audit_age_seconds')).toBeGreaterThan(15);
    expect(of('selvedge_sagas', { attention: 'question' })).toBe(1);
  });

  test('are all of the list and no other, with labels from closed lists, and name nobody', async () => {
    const text = await metricsText(parts());
    const samples = samplesOf(text);
    expect([...new Set(samples.map(({ name }) => name))].sort()).toEqual(Object.keys(METRICS_OF_OURS).sort());
    const allowed: Record<string, readonly string[]> = {
      ...LABEL_VALUES,
      attention: Attention.options,
      feed: ['archean.returns', 'archean.movements'],
    };
    for (const { name, labels } of samples) {
      expect([name, Object.keys(labels)]).toEqual([
        name,
        [...METRICS_OF_OURS[name as keyof typeof METRICS_OF_OURS].labels],
      ]);
      for (const [key, value] of Object.entries(labels)) expect(allowed[key]).toContain(value);
    }
    expect(text).not.toMatch(/zuleika|fin-2|RTN|RMA/i);
  });

  test('leave out what does not answer, and say so', async () => {
    const text = await metricsText({ ...parts(), sagas: () => Promise.reject(new Error('Zuleika')) });
    expect(text).toContain('selvedge_source_up{source="temporal"} 0');
    expect(text).toContain('selvedge_source_up{source="store"} 1');
    expect(text).not.toMatch(/^selvedge_sagas/m);
    expect(warned.length).toBe(1);
  });

  test('are the same from every process, each at the first free port of the setting', async () => {
    const port = await freePort();
    const at = { host: '127.0.0.1', ports: [port, port + 1, port + 2] };
    const served = [await serveMetrics(at, parts()), await serveMetrics(at, parts())];
    const texts = await Promise.all(served.map(async (one) => (await fetch(`${one?.url ?? ''}/metrics`)).text()));
    const steady = (text = ''): string[] => text.split('\n').filter((line) => !/_age_seconds/.test(line));
    expect(steady(texts[0])).toEqual(steady(texts[1]));
    expect(served[0]?.url).not.toBe(served[1]?.url);
    for (const one of served) await one?.close();
  });

  test('are served nowhere unless the environment says so', async () => {
    expect(metricsAddress(METRICS, {})).toBeNull();
    expect(await serveMetrics(null, parts())).toBeNull();
    expect(metricsAddress(TEMPORAL_METRICS, { [TEMPORAL_METRICS]: '127.0.0.1:9465-9466' })).toEqual({
      host: '127.0.0.1',
      ports: [9465, 9466],
    });
    for (const bad of ['9464', 'all', '127.0.0.1:99999', '127.0.0.1:20-10', '127.0.0.1:1-9999'])
      expect(() => metricsAddress(METRICS, { [METRICS]: bad })).toThrow('an address as 127.0.0.1:9464');
  });
});
