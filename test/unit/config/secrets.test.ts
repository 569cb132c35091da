import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ConfigError } from '../../../config/load.js';
import { withSecretFiles } from '../../../config/secrets.js';

describe('secrets from files', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'selvedge-secrets-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));
  const file = (name: string, text: string): string => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  const faults = (env: NodeJS.ProcessEnv): readonly string[] => {
    try {
      withSecretFiles(env);
    } catch (error) {
      if (error instanceof ConfigError) return error.faults.map(({ key, found }) => `${key}: ${found}`);
      throw error;
    }
    return [];
  };

  test('a secret is read from the file its name points to, without the last line break, and the pointer is gone', () => {
    const env = withSecretFiles({ SELVEDGE_BLUE_CHERRY_KEY_FILE: file('key', 'k 1\n'), OTHER: 'stays' });
    expect(env).toEqual({ SELVEDGE_BLUE_CHERRY_KEY: 'k 1', OTHER: 'stays' });
    expect(withSecretFiles(env)).toEqual(env);
  });

  test('a password goes into an address that has none, whatever characters it is made of', () => {
    const env = withSecretFiles({
      DATABASE_URL: 'postgres://selvedge@postgres:5432/selvedge',
      DATABASE_PASSWORD_FILE: file('password', 'p@ss/w:rd%?#'),
    });
    const url = new URL(env['DATABASE_URL'] ?? '');
    expect([url.username, decodeURIComponent(url.password), url.host]).toEqual([
      'selvedge',
      'p@ss/w:rd%?#',
      'postgres:5432',
    ]);
    expect(withSecretFiles(env)['DATABASE_URL']).toBe(env['DATABASE_URL']);
  });

  test('an address that has a password keeps it', () => {
    const address = 'postgres://selvedge:own@postgres/selvedge';
    const env = withSecretFiles({ DATABASE_URL: address, DATABASE_PASSWORD_FILE: file('password', 'other') });
    expect(env['DATABASE_URL']).toBe(address);
  });

  test('names every file that is not there, is empty, too large, or stands beside its own value, and none of the secrets', () => {
    const found = faults({
      SELVEDGE_BLUE_CHERRY_KEY_FILE: join(dir, 'nothing'),
      SELVEDGE_ARCHEAN_CLIENT_ID_FILE: file('id', '\n'),
      SELVEDGE_ARCHEAN_CLIENT_SECRET_FILE: file('large', 'x'.repeat(10_001)),
      SELVEDGE_ARCHEAN_WEBHOOK_SECRET_FILE: file('both', 'in the file'),
      SELVEDGE_ARCHEAN_WEBHOOK_SECRET: 'in the environment',
    });
    expect(found).toEqual([
      `SELVEDGE_BLUE_CHERRY_KEY_FILE: "${join(dir, 'nothing')}", which cannot be read (ENOENT)`,
      `SELVEDGE_ARCHEAN_CLIENT_ID_FILE: "${join(dir, 'id')}", which is empty`,
      `SELVEDGE_ARCHEAN_CLIENT_SECRET_FILE: "${join(dir, 'large')}", which is larger than 10000 bytes`,
      'SELVEDGE_ARCHEAN_WEBHOOK_SECRET_FILE: a file beside SELVEDGE_ARCHEAN_WEBHOOK_SECRET',
    ]);
    expect(found.join()).not.toMatch(/in the file|in the environment/);
  });

  test('a setting that is a path by nature stays one', () => {
    const env = { SELVEDGE_READY_FILE: '/tmp/ready', SELVEDGE_PAYLOAD_KEYS_FILE: '/run/secrets/payload_keys' };
    expect(withSecretFiles(env)).toEqual(env);
  });
});
