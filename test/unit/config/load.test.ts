import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ConfigError, loadConfig } from '../../../config/load.js';

const ADDRESSES = {
  SELVEDGE_BLUE_CHERRY_URL: 'http://127.0.0.1:1/',
  SELVEDGE_BLUE_CHERRY_KEY: 'k',
  SELVEDGE_ARCHEAN_URL: 'http://127.0.0.1:2',
  SELVEDGE_ARCHEAN_CLIENT_ID: 'id',
  SELVEDGE_ARCHEAN_CLIENT_SECRET: 's',
  SELVEDGE_ARCHEAN_WEBHOOK_SECRET: 'w',
};
const development = { ...ADDRESSES, SELVEDGE_PROFILE: 'development' };

describe('the configuration', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'selvedge-config-'));
    cpSync('config', dir, { recursive: true });
  });
  afterEach(() => rmSync(dir, { recursive: true }));
  const edit = (file: string, from: string | RegExp, to: string): void => {
    const before = readFileSync(join(dir, file), 'utf8');
    const after = before.replace(from, to);
    expect(after).not.toBe(before);
    writeFileSync(join(dir, file), after);
  };
  const faultsWith = (env: NodeJS.ProcessEnv = development): string[] => {
    try {
      loadConfig({ dir, env });
    } catch (error) {
      if (error instanceof ConfigError) return error.message.split('\n').slice(1);
      throw error;
    }
    return [];
  };

  test('as shipped, the development profile has the sandbox’s figures and short clocks', () => {
    const config = loadConfig({ dir, env: development });
    expect(config.blueCherry).toMatchObject({
      url: 'http://127.0.0.1:1',
      ratePerSecond: 60,
      timeoutMs: 2000,
      maxRequestLifeMs: 3000,
      sendDeadlineMs: 5000,
      lookupBounded: true,
      lockScope: 'style-colour',
    });
    expect(config.policies['standard']?.timers['T-38']).toEqual({
      warnMs: [],
      dueMs: 3000,
      calendar: 'wall',
    });
    expect(config.people.map((person) => person.id)).toContain('fin-lead');
    expect(config.notices.mode).toBe('sandbox');
  });

  test('as shipped, production is the vendor’s pace, full clocks and nobody', () => {
    const config = loadConfig({ dir, env: { ...ADDRESSES, SELVEDGE_PROFILE: 'production' } });
    expect(config.blueCherry).toMatchObject({ ratePerSecond: 1, concurrent: 4, maxRequestLifeMs: 60_000 });
    expect(config.policies['standard']?.timers['T-38']?.dueMs).toBe(30 * 60_000);
    expect(config.people).toEqual([]);
  });

  test('a business day is as long as the business hours', () => {
    const config = loadConfig({ dir, env: development });
    const day = 8.5 * 3_600_000;
    expect(config.policies['standard']?.timers['T-30']).toEqual({
      warnMs: [4 * 3_600_000, day],
      dueMs: 2 * day,
      calendar: 'business',
    });
  });

  test('the rehearsal policies hold a return whole, also in development', () => {
    const { policies } = loadConfig({ dir, env: development });
    for (const name of ['open', 'house']) {
      expect(policies[name]?.timers['T-38']?.dueMs).toBeNull();
      expect(policies[name]?.creditAheadOfMapping).toBe(false);
    }
    expect(policies['open']?.limits.creditPerReturn).toBeNull();
    expect(policies['open']?.dispatchLeadMinutes).toBe(0);
    expect(policies['house']?.limits.creditPerReturn).toEqual({ minor: '50000', currency: 'GBP' });
    expect(policies['house']?.dispatchLeadMinutes).toBe(60);
  });

  test('every fault is named in one go: file, key, what was found, what is allowed', () => {
    edit('blue-cherry.yaml', 'lockScope: style-colour', 'lockScope: warehouse');
    edit('calendar.yaml', 'Europe/London\n#', 'Europe/Lundun\n#');
    edit('policy.yaml', "creditPerReturn: '500.00'", "creditPerRetrun: '500.00'");
    edit('archean.yaml', 'webhookTolerance: 5 min', 'webhookTolerance: soon');
    const faults = faultsWith();
    expect(faults).toContainEqual(
      '  config/blue-cherry.yaml: lockScope: found "warehouse"; allowed is "style-colour", "style"',
    );
    expect(faults.join('\n')).toContain('config/calendar.yaml: zone: found "Europe/Lundun"');
    expect(faults.join('\n')).toContain('limits.creditPerRetrun: found "500.00"; no such key exists here');
    expect(faults.join('\n')).toContain('config/archean.yaml: webhookTolerance: found "soon"; a duration as 30 s');
  });

  test.each([
    ['broken YAML', 'desk.yaml', /$/, '\n  : [', 'valid YAML'],
    ['a key given twice', 'desk.yaml', 'documentsDir:', 'documentsDir: x\ndocumentsDir:', 'valid YAML'],
    ['an amount as a number', 'policy.yaml', "Day: '1500.00'", 'Day: 1500.00', 'an amount in quotes'],
    ['an amount finer than its currency', 'policy.yaml', "Line: '0.01'", "Line: '0.001'", 'the decimals of GBP'],
    ['a person twice', 'people.yaml', 'id: fin-2', 'id: fin-1', 'each id once'],
    ['a role nobody knows', 'people.yaml', 'roles: [warehouse]', 'roles: [janitor]', '"finance", "warehouse"'],
    ['an unknown currency', 'policy.yaml', "EUR: '0.86', USD", "XYZ: '0.86', USD", 'XYZ'],
    ['hours that end before they begin', 'calendar.yaml', "'17:30'", "'08:30'", '`from` before `to`'],
  ])('%s is refused with the file and what is allowed', (_name, file, from, to, words) => {
    edit(file, from, to);
    const faults = faultsWith().join('\n');
    expect(faults).toContain(`config/${file}`);
    expect(faults).toContain(words);
  });

  test('missing addresses and a strange profile are faults of the environment', () => {
    const faults = faultsWith({ SELVEDGE_PROFILE: 'staging', SELVEDGE_ARCHEAN_URL: 'ftp://x' }).join('\n');
    expect(faults).toContain('environment: SELVEDGE_PROFILE: found "staging"; allowed is "development"');
    expect(faults).toContain('environment: SELVEDGE_BLUE_CHERRY_KEY: found nothing; it must be set');
    expect(faults).toContain('environment: SELVEDGE_ARCHEAN_URL: found "ftp://x"');
  });

  test('a policy that does not exist is refused with the ones that do', () => {
    expect(faultsWith({ ...development, SELVEDGE_POLICY: 'lenient' }).join('\n')).toContain(
      'SELVEDGE_POLICY: found "lenient"; allowed is standard, open, house',
    );
  });

  test('files can be checked without any address', () => {
    expect(loadConfig({ dir, env: {}, addresses: 'optional' }).blueCherry.url).toBe('');
  });
});
