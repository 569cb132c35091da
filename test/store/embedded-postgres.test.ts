import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { startGuardian, type Guardian } from '../../bin/supervisor/guardian.js';
import { freePort } from '../../bin/supervisor/ports.js';
import { postgresUser } from '../../bin/supervisor/postgres-files.js';
import { startPostgres, type PostgresServer } from '../../bin/supervisor/postgres.js';

describe('the PostgreSQL that start brings', () => {
  let dir = '';
  let guardian: Guardian;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'selvedge-postgres-'));
    chmodSync(dir, 0o755);
    guardian = startGuardian();
  });
  afterEach(async () => {
    await guardian.finish();
    rmSync(dir, { recursive: true, force: true });
  });
  const bring = async (): Promise<PostgresServer> =>
    startPostgres({
      dir: join(dir, 'data'),
      user: postgresUser(),
      port: await freePort(),
      logFile: join(dir, 'postgres.log'),
      guardian,
      database: 'selvedge',
    });
  const query = async (url: string, text: string): Promise<unknown[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text)).rows;
    } finally {
      await client.end();
    }
  };

  test('finds its data again at the second start, also after a kill -9', async () => {
    const first = await bring();
    await query(first.url, 'create table kept (n int); insert into kept values (7)');
    process.kill(first.child.pid, 'SIGKILL');
    await first.child.end;
    const second = await bring();
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 7 }]);
    await second.child.stop();
  });

  test('lets nobody in without its password', async () => {
    const server = await bring();
    const stranger = new URL(server.url);
    stranger.password = 'guess';
    await expect(query(stranger.toString(), 'select 1')).rejects.toThrow(/password authentication failed/);
    await server.child.stop();
  });

  test('refuses data of another PostgreSQL release, and a folder of something else, in words', async () => {
    mkdirSync(join(dir, 'data'));
    writeFileSync(join(dir, 'data', 'holiday.jpg'), '');
    await expect(bring()).rejects.toThrow(/is not empty and holds no PostgreSQL cluster \(holiday\.jpg\)/);
    writeFileSync(join(dir, 'data', 'PG_VERSION'), '17\n');
    await expect(bring()).rejects.toThrow(/was made by PostgreSQL 17; this program starts PostgreSQL 18/);
    writeFileSync(join(dir, 'data', 'PG_VERSION'), '18\n');
    await expect(bring()).rejects.toThrow(/that this program did not make/);
  });
});
