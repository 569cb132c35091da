/** Temporal's own databases beside the store's: made once, owned by a user who can reach nothing else. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { TEMPORAL_DATABASE, VISIBILITY_DATABASE, type DatabaseAt } from './config.js';

const USER = 'temporal';
const SCHEMA_TIMEOUT_MS = 120_000;
/** Schemas inside the schema tool, one for each database. */
const SCHEMAS: Record<string, string> = {
  [TEMPORAL_DATABASE]: 'postgresql/v12/temporal',
  [VISIBILITY_DATABASE]: 'postgresql/v12/visibility',
};

export interface TemporalDatabases extends DatabaseAt {
  password: string;
}

/**
 * Makes the user and both databases where they are missing, with a new password each time.
 * @param adminUrl somebody who may make users; the password is left in `passwordFile`, which only we can read.
 */
export async function makeTemporalDatabases(adminUrl: string, passwordFile: string): Promise<TemporalDatabases> {
  const password = randomBytes(18).toString('hex');
  mkdirSync(dirname(passwordFile), { recursive: true });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  chmodSync(passwordFile, 0o600);
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const user = await client.query('select 1 from pg_roles where rolname = $1', [USER]);
    const verb = user.rowCount === 0 ? 'create' : 'alter';
    await client.query(`${verb} role ${USER} login password ${client.escapeLiteral(password)}`);
    for (const name of Object.keys(SCHEMAS)) {
      const found = await client.query('select 1 from pg_database where datname = $1', [name]);
      if (found.rowCount === 0) await client.query(`create database ${name} owner ${USER}`);
      await client.query(`revoke connect on database ${name} from public`);
    }
    // PostgreSQL lets everybody into every database until it is told not to.
    await client.query(`revoke connect on database ${client.escapeIdentifier(client.database ?? '')} from public`);
  } finally {
    await client.end();
  }
  return { port: Number(new URL(adminUrl).port), user: USER, passwordFile, password };
}

/** Brings both schemas to the release of the tool. Safe to repeat; an upgrade runs it before the new server starts. */
export async function bringSchemas(tool: string, at: TemporalDatabases): Promise<void> {
  const env = {
    ...{ PATH: process.env['PATH'], SQL_HOST: '127.0.0.1', SQL_PORT: String(at.port) },
    ...{ SQL_USER: at.user, SQL_PASSWORD: at.password, SQL_PLUGIN: 'postgres12' },
  };
  await Promise.all(
    Object.entries(SCHEMAS).map(async ([database, schema]) => {
      for (const args of [
        ['setup-schema', '-v', '0.0'],
        ['update-schema', '--schema-name', schema],
      ]) {
        await promisify(execFile)(tool, ['--db', database, ...args], { env, timeout: SCHEMA_TIMEOUT_MS }).catch(
          (error: Error & { stdout?: string; stderr?: string }) => {
            const words = `${error.stdout ?? ''}${error.stderr ?? ''}`.trim().split('\n').slice(-4).join('\n');
            throw new Error(`Temporal's schema ${database} could not be brought forward (${args[0] ?? ''}):\n${words}`);
          },
        );
      }
    }),
  );
}
