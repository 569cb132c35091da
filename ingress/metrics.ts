/**
 * Our metrics on a port of their own. Every figure is read from the store and Temporal when it is asked for, so that each
 * process that serves them says the same, however many workers or doors there are.
 */
import fastify from 'fastify';
import type { Logger } from 'pino';
import { Counter, Gauge, Registry } from 'prom-client';
import type { MetricsAddress } from '../config/metrics-address.js';
import type { Db } from '../store/database.js';
import { readFigures, type Figures } from '../store/figures.js';
import { LABEL_VALUES, METRICS_OF_OURS, type MetricName } from './metric-list.js';

export interface MetricsParts {
  db: Db;
  erp: { tenant: string; ratePerSecond: number; concurrent: number };
  /** Running sagas by how urgently they want a person. */
  sagas: () => Promise<Record<string, number>>;
  log: Pick<Logger, 'warn'>;
}

/** A figure read this recently is answered again: whoever asks often costs the store nothing. */
const FRESH_MS = 2_000;
const TEMPORAL_WITHIN_MS = 3_000;

type Labels = Record<string, string>;
type Set = (name: MetricName, value: number, labels?: Labels) => void;

/** A fresh registry with every metric of the list, and the way to set one. */
function registry(): { registry: Registry; set: Set } {
  const register = new Registry();
  const gauges = new Map<string, Gauge>();
  const counters = new Map<string, Counter>();
  for (const [name, { kind, help, labels }] of Object.entries(METRICS_OF_OURS)) {
    const about = { name, help, labelNames: [...labels], registers: [register] };
    if (kind === 'gauge') gauges.set(name, new Gauge(about));
    else counters.set(name, new Counter(about));
  }
  const set: Set = (name, value, labels = {}) => {
    gauges.get(name)?.set(labels, value);
    counters.get(name)?.inc(labels, value);
  };
  return { registry: register, set };
}

function setFigures(set: Set, figures: Figures): void {
  for (const { feed, ageS, silentAfterS, running } of figures.feeds) {
    if (ageS !== null) set('selvedge_feed_age_seconds', ageS, { feed });
    set('selvedge_feed_silent_after_seconds', silentAfterS, { feed });
    set('selvedge_feed_running', running ? 1 : 0, { feed });
  }
  for (const state of LABEL_VALUES.state) set('selvedge_postings', figures.postings[state] ?? 0, { state });
  set('selvedge_oldest_open_posting_age_seconds', figures.oldestOpenPostingS);
  set('selvedge_posting_waiters', figures.waiters);
  for (const owner of LABEL_VALUES.owner) {
    const own = figures.cases.filter((row) => row.owner === owner);
    for (const severity of LABEL_VALUES.severity)
      set('selvedge_open_cases', own.find((row) => row.severity === severity)?.open ?? 0, { owner, severity });
    set(
      'selvedge_overdue_cases',
      own.reduce((sum, row) => sum + row.overdue, 0),
      { owner },
    );
  }
  set('selvedge_unsent_notice_age_seconds', figures.unsentNoticeS);
  set('selvedge_erp_calls_total', figures.erp.calls);
  set('selvedge_erp_requests_in_flight', figures.erp.inFlight);
  set('selvedge_erp_writes_held', figures.erp.held ? 1 : 0);
  set('selvedge_oldest_unsealed_audit_age_seconds', figures.unsealedAuditS);
}

const within = <T>(work: Promise<T>, ms: number): Promise<T> =>
  Promise.race([work, new Promise<never>((_, no) => setTimeout(() => no(new Error('no answer in time')), ms).unref())]);

/** All metrics as Prometheus reads them. A source that does not answer leaves its figures out and says so. */
export async function metricsText(parts: MetricsParts): Promise<string> {
  const { registry: register, set } = registry();
  const { db, erp, log } = parts;
  const [store, temporal] = await Promise.allSettled([
    readFigures(db, erp.tenant),
    within(parts.sagas(), TEMPORAL_WITHIN_MS),
  ]);
  set('selvedge_erp_allowance_calls_per_second', erp.ratePerSecond);
  set('selvedge_erp_requests_in_flight_limit', erp.concurrent);
  if (store.status === 'fulfilled') setFigures(set, store.value);
  else log.warn({ error: store.reason as unknown }, 'metrics: the store did not answer');
  if (temporal.status === 'fulfilled') {
    for (const [attention, count] of Object.entries(temporal.value)) set('selvedge_sagas', count, { attention });
  } else log.warn({ error: temporal.reason as unknown }, 'metrics: Temporal did not answer');
  set('selvedge_source_up', store.status === 'fulfilled' ? 1 : 0, { source: 'store' });
  set('selvedge_source_up', temporal.status === 'fulfilled' ? 1 : 0, { source: 'temporal' });
  return register.metrics();
}

/** Serves `GET /metrics`; null when no address is configured. @throws Error when no port of the setting is free. */
export async function serveMetrics(
  at: MetricsAddress | null,
  parts: MetricsParts,
): Promise<{ url: string; close: () => Promise<void> } | null> {
  if (at === null) return null;
  let latest: { text: Promise<string>; until: number } | undefined;
  const app = fastify({ logger: false, forceCloseConnections: true });
  app.get('/metrics', async (_request, reply) => {
    const now = Date.now();
    if (latest === undefined || now > latest.until) latest = { text: metricsText(parts), until: now + FRESH_MS };
    return reply.type(Registry.PROMETHEUS_CONTENT_TYPE).send(await latest.text);
  });
  for (const [index, port] of at.ports.entries()) {
    try {
      return { url: await app.listen({ host: at.host, port }), close: () => app.close() };
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (taken && index < at.ports.length - 1) continue;
      await app.close();
      throw error;
    }
  }
  return null;
}
