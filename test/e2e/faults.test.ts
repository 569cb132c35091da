import { mkdtempSync, rmSync } from 'node:fs';
import { chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { soakSeed } from '../../bench/soak/soak.js';

/** A tenth of `npm run soak`: the same faults, on real processes, over a day of twenty returns. */
const MINUTES = 60_000;

describe('a day under faults', () => {
  let dir = '';
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'selvedge-faults-'));
    chmodSync(dir, 0o755); // PostgreSQL run for root is another user and must get through
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  test(
    'ends with the books of the fault-free one, less what the ERP refused for good, and a case for each of that',
    async () => {
      const soaked = await soakSeed({
        ...{ seed: 5, scenario: 'quiet-day', returns: 20, receipts: 12, refusals: 4, workers: 2, dir },
        deadlineMs: 6 * MINUTES,
        say: () => undefined,
      });
      expect(soaked.faults).toEqual([]);
      expect(Object.values(soaked.waiting).reduce((sum, n) => sum + n, 0)).toBe(4);
      expect(soaked.documents).toBeGreaterThanOrEqual(30);
    },
    15 * MINUTES,
  );
});
