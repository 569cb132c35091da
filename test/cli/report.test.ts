/** `report` and `day` on an installation that a trading day went through: every report reads, and the sheet adds up. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { sandboxControl } from '../../bin/day/control.js';
import { settleDay } from '../../bin/day/play.js';
import { REPORT_CODES, REPORTS } from '../../reports/registry.js';
import { startRig, type Rig } from '../support/rig.js';
import { readReport } from '../reports/support.js';
import { answered, cliOf, type Cli } from './support.js';

let rig: Rig;
let cli: Cli;
const RETURNS = 25;
const RECEIPTS = 10;
/** The day may be played over a midnight. */
const ALWAYS = ['--from', '2000-01-01', '--to', '2100-01-01'];

interface Sheet {
  addsUp: boolean;
  notes: string[];
  parts: { name: string; rows: { flow: string; what: string; count: number | null }[] }[];
}

beforeAll(async () => {
  rig = await startRig({
    reset: { scenario: 'trading-day', returns: RETURNS, receipts: RECEIPTS, seed: 3, misbehave: 0 },
    feeds: ['archean.returns', 'archean.movements', 'archean.goods-in', 'blue-cherry.purchase-orders'],
  });
  cli = await cliOf(rig);
  const sandbox = sandboxControl(rig.sandbox.url);
  const day = { sandbox, db: rig.store.db, deadlineMs: 170_000, stopped: () => false, began: Date.now() };
  expect((await settleDay(day)).end).toBe('balanced');
}, 240_000);
afterAll(() => rig.close(), 60_000);

describe('report', () => {
  test('without a code lists them, each with its sentence', async () => {
    const ran = await cli(null, 'report');
    expect([ran.code, ran.err]).toEqual([0, '']);
    for (const code of REPORT_CODES) expect(ran.out).toContain(`${code}  ${REPORTS[code].title}`);
  });

  test.each(REPORT_CODES)(
    '%s says its sentence, as table and JSON, and its rows keep what its columns promise',
    async (code) => {
      const ran = await cli(null, 'report', code.toLowerCase());
      expect(ran.err).toBe('');
      expect(ran.out).toContain(`(${code})`);
      expect(ran.out).toContain(REPORTS[code].sentence);
      expect(answered(await cli(null, 'report', code, '--json'))).toMatchObject({
        code,
        sentence: REPORTS[code].sentence,
      });
      await readReport(rig.store.db, code);
    },
  );

  test('files are written whole and named; one that cannot be written is refused in words', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'selvedge-report-'));
    const ran = await cli(null, 'report', 'RP-18', '--csv', join(dir, 'open.csv'), '--xlsx', join(dir, 'open.xlsx'));
    expect([ran.code, ran.out]).toEqual([0, expect.stringContaining(`written: ${join(dir, 'open.csv')}`)]);
    expect(readdirSync(dir).sort()).toEqual(['open.cases.csv', 'open.csv', 'open.xlsx']);
    const nowhere = await cli(null, 'report', 'RP-18', '--csv', join(dir, 'none', 'open.csv'));
    expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringContaining('could not be written')]);
    rmSync(dir, { recursive: true });
  });

  test('what waits is what `cases` lists', async () => {
    const { cases } = answered<{ cases: { case: string }[] }>(await cli(null, 'cases', '--json'));
    const { parts } = answered<{ parts: { name: string; rows: { case: string }[] }[] }>(
      await cli(null, 'report', 'RP-18', '--json'),
    );
    const listed = parts.find(({ name }) => name === 'cases')?.rows.map((row) => row.case) ?? [];
    expect([...new Set(listed)].sort()).toEqual(cases.map((each) => each.case).sort());
  });
});

describe('day', () => {
  test('of today adds up over every flow, says so and exits 0', async () => {
    const today = await cli(null, 'day');
    expect([today.code, today.out]).toEqual([
      0,
      expect.stringContaining('adds up: received = posted + held + waiting + no effect + adopted'),
    ]);
    const ran = await cli(null, 'report', 'RP-23', ...ALWAYS, '--json');
    const sheet = answered<Sheet>(ran);
    expect([sheet.notes[0], sheet.addsUp, ran.code]).toEqual([expect.stringContaining('adds up'), true, 0]);
    const received = sheet.parts[0]?.rows.filter(({ what, count }) => what === 'received' && count !== null) ?? [];
    const { rows } = await sql<{
      kind: string;
      n: number;
    }>`select kind, count(*)::int as n from event group by 1`.execute(rig.store.db);
    expect(received.reduce((sum, { count }) => sum + (count ?? 0), 0)).toBe(rows.reduce((sum, { n }) => sum + n, 0));
    expect(received.map(({ flow }) => flow)).toContain('returns of Archean');
  });

  test('a posting that goes missing is named, and exits 1', async () => {
    const { rows } = await sql<{ workflow_id: string }>`select c.workflow_id from event_claim c
      where c.kind = 'goods-in' and c.result ->> 'outcome' = 'received' order by c.workflow_id limit 1`.execute(
      rig.store.db,
    );
    const workflow = rows[0]?.workflow_id ?? '';
    await sql`update posting set state = 'forbidden' where workflow_id = ${workflow}`.execute(rig.store.db);
    const ran = await cli(null, 'report', 'RP-23', ...ALWAYS);
    expect([ran.code, ran.out]).toEqual([1, expect.stringContaining(`does NOT add up`)]);
    expect(ran.out).toContain(workflow.split(':')[2] ?? 'none');
  });
});
