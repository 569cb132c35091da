/** `desk`: how long the pages of the desk take from the store of a busy month, over HTTP with a session. */
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { freePort } from '../bin/supervisor/ports.js';
import { postgresUser } from '../bin/supervisor/postgres-files.js';
import { startPostgres } from '../bin/supervisor/postgres.js';
import { loadConfig } from '../config/load.js';
import { createIngress, type SagaDoor } from '../ingress/index.js';
import { openStore, type Store } from '../store/database.js';
import { seedPeople } from '../store/desk-people.js';
import { migrate } from '../store/migrate.js';
import { fillBusyMonth } from './desk-store.js';
import { makeGround, type Ground } from './ground.js';
import { median, quantile } from './measure.js';
import { wholeOption } from './options.js';
import { floor, judge, ms, print, printTable, seconds, type Floor } from './report.js';

const OPEN = 10_000;
const ENDED = 50_000;
const LOOKS = 40;
/** Held by all looks but one in twenty. The first look of all starts the program's own machinery and is printed apart. */
const FIRST_PAGE_MS = 300;
const ANY_PAGE_MS = 1_000;

/** Nothing is decided here, so no saga is reached. */
const NO_SAGAS: SagaDoor = {
  sendDecision: () => Promise.resolve(),
  nudgeFeed: () => Promise.resolve(),
  nudgeSweep: () => Promise.resolve(),
  restart: () => Promise.resolve(),
  describe: () => Promise.resolve('running'),
};
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Answers 1 when the first page takes 300 ms or more, or any page a second or more. */
export async function desk(args: string[]): Promise<number> {
  const month = { open: wholeOption(args, 'open', OPEN), ended: wholeOption(args, 'ended', ENDED) };
  const looks = wholeOption(args, 'looks', LOOKS);
  const ground = makeGround();
  try {
    const store = openStore(await database(ground));
    try {
      const began = performance.now();
      await migrate(store.db);
      await fillBusyMonth(store.db, month);
      print(
        `${month.open} open cases, ${month.ended} ended ones and their returns stored in ${seconds(performance.now() - began)}`,
      );
      print();
      return judge(await measure(store, looks));
    } finally {
      await store.close();
    }
  } finally {
    await ground.clear();
  }
}

async function database({ dir, guardian }: Ground): Promise<string> {
  const server = await startPostgres({
    ...{ dir: join(dir, 'postgres'), user: postgresUser(), port: await freePort(), database: 'desk', guardian },
    logFile: join(dir, 'log', 'postgres.log'),
  });
  return server.url;
}

/** Pages by name; the first is the one with the floor of the issue. */
const PAGES: readonly (readonly [name: string, address: string])[] = [
  ['first page', '/desk'],
  ['page 100', '/desk?page=100'],
  ['page of a role', '/desk/roles/warehouse'],
  ['as deputy', '/desk?as=deputy'],
  ['one code', '/desk?code=X-12'],
  ['case', '/desk/cases/C-5002'],
  ['case that holds 20', '/desk/cases/C-5000'],
  ['like questions', `/desk/bulk?group=${encodeURIComponent('return-to-stock/X-12/closed-period/finance/2')}`],
  ['find a return', '/desk/find?number=RMA-41234'],
  ['find an order', '/desk/find?number=WEB-41234'],
  ['find an article', '/desk/find?number=ART-123'],
  ['find nothing', '/desk/find?number=NO-SUCH-NUMBER'],
  ['mappings', '/desk/mappings'],
];

async function measure(store: Store, looks: number): Promise<Floor[]> {
  const config = loadConfig({ env: { SELVEDGE_PROFILE: 'development' }, addresses: 'optional' });
  await seedPeople(store.db, config.people);
  const app = createIngress({ store, config, temporal: NO_SAGAS, log: SILENT, codec: { keys: null, uiOrigin: [] } });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  try {
    const cookie = await signedIn(url);
    const taken: { name: string; first: number; eachMs: number[]; bytes: number }[] = [];
    for (const [name, address] of PAGES) {
      const eachMs: number[] = [];
      let bytes = 0;
      for (let look = 0; look <= looks; look++) {
        const began = performance.now();
        bytes = await pageSize(url + address, cookie);
        eachMs.push(performance.now() - began);
      }
      taken.push({ name, first: eachMs[0] ?? Number.NaN, eachMs: eachMs.slice(1), bytes });
    }
    printTable(
      ['page', 'first look', 'median', 'p95', 'size'],
      taken.map(({ name, first, eachMs, bytes }) =>
        [name, ms(first), ms(median(eachMs)), ms(quantile(eachMs, 0.95)), `${(bytes / 1024).toFixed(0)} kB`].map(
          String,
        ),
      ),
    );
    return floorsOf(taken);
  } finally {
    await app.close();
  }
}

function floorsOf(taken: readonly { name: string; eachMs: number[] }[]): Floor[] {
  return taken.map(({ name, eachMs }, index) => {
    const p95 = quantile(eachMs, 0.95);
    const most = index === 0 ? FIRST_PAGE_MS : ANY_PAGE_MS;
    return floor(p95 < most, `${name}: p95 ${ms(p95)}, under ${most} ms`);
  });
}

async function signedIn(url: string): Promise<string> {
  const reply = await fetch(`${url}/desk/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: url },
    body: 'key=dev-key-fin-1',
    redirect: 'manual',
  });
  const [cookie = ''] = (reply.headers.get('set-cookie') ?? '').split(';');
  if (reply.status !== 303 || cookie === '') throw new Error(`nobody was signed in: ${reply.status}`);
  return cookie;
}

async function pageSize(address: string, cookie: string): Promise<number> {
  const reply = await fetch(address, { headers: { cookie }, redirect: 'manual' });
  const text = await reply.text();
  if (reply.status !== 200) throw new Error(`${address} answered ${reply.status}: ${text.slice(0, 300)}`);
  return text.length;
}
