import { mkdtempSync, rmSync } from 'node:fs';
import { chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SHORT } from '../../bench/soak/kills.js';
import { soakSeed } from '../../bench/soak/soak.js';

/** The short form of `npm run soak -- --kills`: workers killed and stopped, both servers and ingress killed. */
const MINUTES = 60_000;

describe('a day under faults, its processes killed and stopped', () => {
  let dir = '';
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'selvedge-kills-'));
    chmodSync(dir, 0o755); // PostgreSQL run for root is another user and must get through
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  test(
    'ends with the books of the fault-free one, nobody asked, no lane left taken',
    async () => {
      const soaked = await soakSeed({
        ...{ seed: 6, scenario: 'quiet-day', returns: 20, receipts: 12, refusals: 0, workers: 3, dir },
        violence: SHORT,
        spreadMs: 25_000,
        deadlineMs: 8 * MINUTES,
        say: () => undefined,
      });
      expect(soaked.faults).toEqual([]);
      expect(soaked.waiting).toEqual({});
      expect(soaked.violence).toEqual({ kill: 4, stop: 1, temporal: 1, postgres: 1, ingress: 1 });
    },
    20 * MINUTES,
  );
});
