import { chmodSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { startGuardian } from '../../bin/supervisor/guardian.js';
import { freePort } from '../../bin/supervisor/ports.js';
import { backUp, NoBackup } from '../../bin/supervisor/postgres-copy.js';
import { postgresUser } from '../../bin/supervisor/postgres-files.js';
import { startPostgres, type PostgresServer } from '../../bin/supervisor/postgres.js';
import { openStore } from '../../store/database.js';
import { migrate } from '../../store/migrate.js';
import { reliance, takeBeat, type Mark } from '../../store/watch.js';

const LEASE_MS = 60_000;
let dir = '';
const guardian = startGuardian();
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'selvedge-backup-'));
  chmodSync(dir, 0o755); // PostgreSQL run for root is another user and must get through
});
afterAll(async () => {
  await guardian.finish();
  rmSync(dir, { recursive: true, force: true });
});

const start = async (): Promise<PostgresServer> =>
  startPostgres({
    ...{ dir: join(dir, 'cluster'), user: postgresUser(), port: await freePort(), database: 'selvedge' },
    ...{ logFile: join(dir, 'postgres.log'), guardian },
  });

/** Works on the store of a server that runs for this alone. */
async function on<T>(work: (db: ReturnType<typeof openStore>['db'], url: string) => Promise<T>): Promise<T> {
  const server = await start();
  const store = openStore(server.url, 2);
  try {
    return await work(store.db, server.url);
  } finally {
    await store.close();
    await server.child.stop();
  }
}

async function beat(db: ReturnType<typeof openStore>['db'], last: Mark | null): Promise<Mark> {
  const taken = await takeBeat(db, last, LEASE_MS);
  if (taken.state === 'held') throw new Error(taken.why);
  return taken.mark;
}

test('a base backup taken while the store is written is a whole store, and put back it is held', async () => {
  const copy = join(dir, 'copy');
  const mark = await on(async (db, url) => {
    await migrate(db);
    const early = await beat(db, null);
    await sql`create table written (n int)`.execute(db);
    await sql`insert into written select generate_series(1, 1000)`.execute(db);
    // No pg_dump of this release, so the base backup it is.
    expect(await backUp(url, copy, 'no-such-program')).toBe('base');
    await expect(backUp(url, copy, 'no-such-program')).rejects.toThrow(NoBackup);
    await sql`insert into written select generate_series(1001, 2000)`.execute(db);
    return beat(db, early);
  });
  // A crash and a restart are no restore.
  const later = await on((db) => beat(db, mark));
  renameSync(join(dir, 'cluster'), join(dir, 'lost'));
  renameSync(copy, join(dir, 'cluster'));
  await on(async (db) => {
    const { rows } = await sql<{ n: string }>`select count(*) as n from written`.execute(db);
    expect(rows[0]?.n).toBe('1000');
    expect((await takeBeat(db, later, LEASE_MS)).state).toBe('held');
    expect((await reliance(db)).state).toBe('restored');
  });
}, 120_000);
