import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { startChild, waitUntilReady, type Child } from '../../bin/supervisor/child.js';
import { startGuardian, type Guardian } from '../../bin/supervisor/guardian.js';
import { projectRoot } from '../../bin/supervisor/paths.js';
import { accepts, freePort, lowPort } from '../../bin/supervisor/ports.js';
import { postgresUser } from '../../bin/supervisor/postgres-files.js';
import { startPostgres } from '../../bin/supervisor/postgres.js';
import { findProductionPrograms } from '../../bin/supervisor/production/programs.js';
import { ENCODING } from '../../clients/temporal/codec.js';
import { startSandbox, type Sandbox } from '../../sandbox/main.js';
import { Compose, composeFile, environmentOf } from '../deploy/compose-file.js';
import { eventually } from '../support/eventually.js';

/**
 * docker-compose.yml without an engine: its scripts, commands and environments, run one after the other on this machine
 * with the same programs, addresses alone replaced. What only an engine can show (images, networks, mounts, users) is
 * not shown here.
 */
const MINUTES = 60_000;
const compose = Compose.parse(composeFile());
const run = promisify(execFile);

let dir = '';
let guardian: Guardian;
let sandbox: Sandbox;
let programs = '';
/** What stands elsewhere in a container, and where it is here. */
let here: [string, string][] = [];
let variables: Record<string, string> = {};
const ports = { postgres: 0, temporal: 0, ingress: 0, health: 0, metrics: 0, workerMetrics: 0 };
let adminUrl = '';

const secret = (name: string): string => join(dir, 'secrets', name);
const person = randomBytes(12).toString('hex');
const PEOPLE = `people:
  - id: ops-head
    name: Ada Finch
    roles: [operations, finance]
    mail: ops-head@example.com
    keyDigest: ${createHash('sha256').update(person).digest('hex')}
    limits: { currency: GBP, document: none, customerDay: none, day: none }
`;

/** The image's file system: what scripts/product.mjs takes, the packages, and a configuration as it is mounted. */
async function assemble(): Promise<void> {
  await run(process.execPath, [join(projectRoot, 'scripts/product.mjs'), join(dir, 'app')]);
  symlinkSync(join(projectRoot, 'node_modules'), join(dir, 'app', 'node_modules'));
  writeFileSync(join(dir, 'app', 'config', 'people.yaml'), PEOPLE);
}

async function makeSecrets(): Promise<void> {
  const make = () => run(process.execPath, [join(projectRoot, 'scripts/make-secrets.mjs'), join(dir, 'secrets')]);
  await expect(make()).rejects.toMatchObject({ stdout: expect.stringMatching(/missing: .*archean_client_id/) });
  const brought = ['blue_cherry_key', 'archean_client_id', 'archean_client_secret', 'archean_webhook_secret'];
  for (const name of brought) writeFileSync(secret(name), `${randomBytes(12).toString('hex')}\n`);
  expect((await make()).stdout).toBe('');
}

/** A script of deploy/ under sh, with a service's environment; Temporal's programs are on the path as in their images. */
async function script(path: string, env: Record<string, string>): Promise<void> {
  const whole = { PATH: `${programs}:${process.env['PATH'] ?? ''}`, SECRETS_DIR: join(dir, 'secrets'), ...env };
  await run('/bin/sh', [join(projectRoot, path)], { env: whole, timeout: 3 * MINUTES });
}

/** Environment of one of our services, nothing of this process's own in it. */
const own = (service: string): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  NODE_ENV: 'production',
  ...environmentOf(compose, service, variables, here),
});
const selvedge = join('dist', 'bin', 'selvedge.js');

/** A command of a service as the image's entry point runs it. */
function part(
  service: string,
  more: Record<string, string> = {},
  args = compose.services[service]?.command ?? [],
): Child {
  const ported = args.map((one) =>
    one === '8180' ? String(ports.ingress) : one === '8190' ? String(ports.health) : one,
  );
  return startChild({
    name: service,
    command: process.execPath,
    args: ['--enable-source-maps', selvedge, ...ported],
    cwd: join(dir, 'app'),
    env: { ...own(service), ...more },
    logFile: join(dir, 'log', `${service}.log`),
    guardian,
  });
}

/** A job: ends with 0, or the test says what it wrote. */
async function job(service: string, more: Record<string, string> = {}, args?: string[]): Promise<void> {
  const child = part(service, more, args);
  const how = await child.end;
  expect([how, how === 'exit code 0' ? '' : readFileSync(child.logFile, 'utf8')]).toEqual(['exit code 0', '']);
}

const healthy = (service: string): Promise<boolean> =>
  run(process.execPath, ['scripts/health.mjs'], { cwd: join(dir, 'app'), env: own(service) }).then(
    () => true,
    () => false,
  );

async function startServers(): Promise<void> {
  const postgres = await startPostgres({
    ...{ dir: join(dir, 'postgres'), user: postgresUser(), port: ports.postgres, guardian },
    ...{ logFile: join(dir, 'log', 'postgres.log'), database: 'postgres', owner: 'postgres' },
    settings: ['max_connections=300'],
  });
  adminUrl = postgres.url;
  const at = { PGHOST: '127.0.0.1', PGPORT: String(ports.postgres), PGPASSWORD: new URL(adminUrl).password };
  await script('deploy/postgres/databases.sh', { ...environmentOf(compose, 'postgres', variables), ...at });
  const schema = { ...environmentOf(compose, 'temporal-schema', variables), SQL_HOST: '127.0.0.1' };
  // Twice: an upgrade runs it again.
  for (let n = 0; n < 2; n += 1) {
    await script('deploy/temporal/schema.sh', { ...schema, SQL_PORT: String(ports.postgres) });
  }
}

/** The server as its image starts it: configured by environment alone. Its doors are moved, because others are in use here. */
async function startTemporal(): Promise<Child> {
  writeFileSync(join(dir, 'entrypoint.sh'), '#!/bin/sh\nexec temporal-server start\n', { mode: 0o755 });
  const doors = ['HISTORY', 'MATCHING', 'WORKER'].map((name) => `${name}_GRPC_PORT`);
  const members = ['FRONTEND', 'HISTORY', 'MATCHING', 'WORKER'].map((name) => `${name}_MEMBERSHIP_PORT`);
  const moved: Record<string, string> = { FRONTEND_GRPC_PORT: String(ports.temporal), BIND_ON_IP: '127.0.0.1' };
  for (const name of [...doors, ...members, 'FRONTEND_HTTP_PORT']) moved[name] = String(await lowPort());
  const child = startChild({
    name: 'temporal',
    command: '/bin/sh',
    args: [join(projectRoot, 'deploy/temporal/server.sh')],
    env: {
      ...environmentOf(compose, 'temporal', variables, here),
      ...moved,
      ...{ POSTGRES_SEEDS: '127.0.0.1', DB_PORT: String(ports.postgres) },
      ...{ PROMETHEUS_ENDPOINT: `127.0.0.1:${await lowPort()}`, PATH: `${programs}:${process.env['PATH'] ?? ''}` },
      ...{ SECRETS_DIR: join(dir, 'secrets'), TEMPORAL_ENTRYPOINT: join(dir, 'entrypoint.sh') },
    },
    logFile: join(dir, 'log', 'temporal.log'),
    guardian,
  });
  await waitUntilReady(child, () => accepts(ports.temporal), 2 * MINUTES);
  return child;
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'selvedge-compose-'));
  chmodSync(dir, 0o755); // PostgreSQL run for root is another user and must get through
  mkdirSync(join(dir, 'log'));
  guardian = startGuardian();
  programs = dirname((await findProductionPrograms()).server);
  Object.assign(ports, { postgres: await freePort(), temporal: await lowPort() });
  Object.assign(ports, { ingress: await freePort(), health: await freePort() });
  Object.assign(ports, { metrics: await freePort(), workerMetrics: await freePort() });
  await makeSecrets();
  const read = (name: string): string => readFileSync(secret(name), 'utf8').trim();
  sandbox = await startSandbox({
    blueCherryKey: read('blue_cherry_key'),
    archean: { clientId: read('archean_client_id'), clientSecret: read('archean_client_secret') },
    webhook: { url: `http://127.0.0.1:${ports.ingress}/webhooks/archean`, secret: read('archean_webhook_secret') },
    reset: { scenario: 'empty', seed: 1, misbehave: 0 },
  });
  variables = {
    SELVEDGE_BLUE_CHERRY_URL: sandbox.systems['blue-cherry'],
    SELVEDGE_ARCHEAN_URL: sandbox.systems.archean,
  };
  here = [
    ['postgres:5432', `127.0.0.1:${ports.postgres}`],
    ['temporal:7233', `127.0.0.1:${ports.temporal}`],
    ['/run/secrets', join(dir, 'secrets')],
    ['/deploy/', `${join(projectRoot, 'deploy/temporal')}/`],
    ['0.0.0.0:9464', `127.0.0.1:${ports.metrics}`],
    ['0.0.0.0:9465', `127.0.0.1:${ports.workerMetrics}`],
    ['127.0.0.1:8180', `127.0.0.1:${ports.ingress}`],
    ['127.0.0.1:8190', `127.0.0.1:${ports.health}`],
  ];
  await assemble();
}, 5 * MINUTES);

afterAll(async () => {
  await guardian.finish();
  await sandbox.close();
  rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}, MINUTES);

const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
  const headers = { 'content-type': 'application/json' };
  const reply = await fetch(new URL(path, sandbox.url), { method, headers, body: JSON.stringify(body) ?? null });
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
  return reply.json();
};
const emit = (system: string, type: string, payload: object): Promise<unknown> =>
  control('POST', '/_sandbox/events', { system, type, payload });

/** Which databases a user gets into. */
async function entered(user: string, password: string): Promise<string[]> {
  const open: string[] = [];
  for (const database of ['temporal', 'temporal_visibility', 'selvedge']) {
    const client = new pg.Client({ host: '127.0.0.1', port: ports.postgres, user, password, database });
    client.on('error', () => undefined);
    await client.connect().then(
      () => open.push(database),
      () => undefined,
    );
    await client.end().catch(() => undefined);
  }
  return open;
}

describe('the compose stack, run by hand', () => {
  test(
    'databases, schemas, server, jobs, worker and ingress come up in its order, and a return ends in the books',
    async () => {
      await startServers();
      const password = (name: string): string => readFileSync(secret(name), 'utf8');
      expect(await entered('temporal', password('temporal_database_password'))).toEqual([
        'temporal',
        'temporal_visibility',
      ]);
      expect(await entered('selvedge', password('store_database_password'))).toEqual(['selvedge']);

      await startTemporal();
      await eventually(() => job('namespace').then(() => true), { within: MINUTES, every: 1_000 });
      await job('store');
      const worker = part('worker');
      const ingress = part('ingress');
      await waitUntilReady(worker, () => healthy('worker'), MINUTES);
      await waitUntilReady(ingress, () => healthy('ingress'), MINUTES);

      // What ingress serves beside its doors lies in the image too.
      for (const port of [ports.metrics, ports.workerMetrics]) {
        expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(200);
      }
      for (const path of ['/desk/assets/desk.css', '/desk/assets/htmx.min.js', '/desk/sign-in', '/playbook/X-12']) {
        expect([path, (await fetch(`http://127.0.0.1:${ports.ingress}${path}`)).status]).toEqual([path, 200]);
      }
      const operator = { SELVEDGE_KEY: person };
      await job('ingress', operator, ['config', 'check']);
      for (const feed of ['archean.returns', 'archean.movements']) {
        await job('ingress', operator, ['feed', feed, 'start', '--from', '0']);
      }
      const shipped = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
      const line = { sku: 'WOM|00123|NVY|||08', quantity: 2, unitPrice: '20.00' };
      const sale = { placedAt: shipped(6), shippedAt: shipped(5), currency: 'GBP', lines: [line] };
      const { order } = (await emit('blue-cherry', 'order.shipped', sale)) as { order: { orderNo: string } };
      const lines = [{ orderNo: order.orderNo, orderLine: 1, quantity: 2 }];
      await emit('archean', 'return.processed', { processedBy: 'clerk-1', lines });

      const posted = async (): Promise<string[]> => {
        const { documents } = (await control('GET', '/_sandbox/books/blue-cherry')) as {
          documents: { kind: string; status: string; amount: string | null; externalRef: string | null }[];
        };
        return documents
          .filter(({ externalRef, status }) => /^SV/.test(externalRef ?? '') && status === 'POSTED')
          .map(({ kind, amount }) => `${kind} ${amount ?? ''}`.trim())
          .sort();
      };
      const both = ['credit memo 48.00', 'inventory adjustment'];
      await eventually(async () => (await posted()).join() === both.join(), { within: 5 * MINUTES, every: 500 });

      // The payloads are sealed with the key of the file: Temporal's database does not know the order.
      const temporal = new URL(adminUrl);
      temporal.pathname = '/temporal';
      const client = new pg.Client({ connectionString: temporal.toString() });
      await client.connect();
      const found = await client.query<{ plain: string; sealed: string }>(
        `select count(*) filter (where position($1::bytea in data) > 0) as plain,
           count(*) filter (where position($2::bytea in data) > 0) as sealed from history_node`,
        [Buffer.from(order.orderNo), Buffer.from(ENCODING)],
      );
      await client.end();
      expect(Number(found.rows[0]?.plain)).toBe(0);
      expect(Number(found.rows[0]?.sealed)).toBeGreaterThan(0);

      process.kill(worker.pid, 'SIGTERM');
      expect(await worker.end).toBe('exit code 0');
      expect(await healthy('worker')).toBe(false);
      process.kill(ingress.pid, 'SIGTERM');
      expect(await ingress.end).toBe('exit code 0');
      const written = ['worker', 'ingress', 'store', 'namespace', 'temporal'].map((name) =>
        readFileSync(join(dir, 'log', `${name}.log`), 'utf8'),
      );
      for (const name of Object.keys(compose.secrets)) {
        expect([name, written.some((log) => log.includes(readFileSync(secret(name), 'utf8').trim()))]).toEqual([
          name,
          false,
        ]);
      }
    },
    12 * MINUTES,
  );
});
