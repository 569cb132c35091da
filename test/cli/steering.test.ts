/** What people steer at the command line: feeds, mappings that a second person confirms, and people themselves. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CaseSummary } from '../../store/desk-read.js';
import { pointOf, seqOf } from '../../bin/reads/feed-point.js';
import { article, bothHalves, comeBack, figuresOf, sell } from '../sagas/support.js';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import { answered, cliOf, type Cli } from './support.js';

let rig: Rig;
let cli: Cli;
let orderNo: string;

beforeAll(async () => {
  rig = await startRig({ reset: { scenario: 'trading-day', returns: 0, seed: 7, misbehave: 0 } });
  cli = await cliOf(rig);
  const lines = [0, 1, 2, 3].map((index) => ({ sku: article(index).sku, quantity: 20, unitPrice: '20.00' }));
  ({ orderNo } = await sell(rig, lines));
}, 90_000);
afterAll(() => rig.close(), 60_000);

describe('feed', () => {
  test('all feeds with how they stand; one by name; a name nobody knows', async () => {
    await eventually(
      async () => {
        const all = await cli(null, 'feed');
        expect([all.code, all.out]).toEqual([
          0,
          expect.stringMatching(/archean\.movements +reads +\d+ s ago.*\narchean\.returns +reads +\d+ s ago/),
        ]);
        return true;
      },
      { within: 20_000, every: 200 },
    );
    expect((await cli(null, 'feed', 'archean.returns')).out).toContain('started from       number 0');
    const unknown = await cli('int-1', 'feed', 'archean.colours', 'pause');
    expect([unknown.code, unknown.err]).toEqual([
      1,
      expect.stringContaining('The feeds are archean.goods-in, archean.movements, archean.returns'),
    ]);
  });

  test('a point may be a number, now, or a day, whose first row is the first one read', async () => {
    await comeBack(rig, { lines: [{ orderNo, orderLine: 3, quantity: 1 }] });
    const of = (text: string) => seqOf(pointOf(text), 'archean.returns', rig.config, rig.store.db);
    const rows = await eventually(
      async () => {
        const query = rig.store.db.selectFrom('event').select('seq').where('kind', '=', 'return').orderBy('seq');
        const found = (await query.execute()).map((row) => Number(row.seq));
        return found.length > 0 && found;
      },
      { within: 20_000, every: 100 },
    );
    expect(await of('17')).toBe(17);
    expect(await of('2001-01-01')).toBe((rows[0] ?? 0) - 1);
    expect(await of('2090-01-01')).toBe(await of('now'));
    expect(await of('now')).toBeGreaterThanOrEqual(rows.at(-1) ?? 0);
    await expect(seqOf(pointOf('now'), 'archean.colours', rig.config, rig.store.db)).rejects.toThrow(
      'There is no feed',
    );
  });

  test('a started feed is paused, resumed and replayed, and never started twice', async () => {
    const twice = await cli('int-1', 'feed', 'archean.returns', 'start', '--from', 'now');
    expect([twice.code, twice.err]).toEqual([1, expect.stringContaining('was started from 0')]);
    expect((await cli(null, 'feed', 'archean.returns', 'pause')).err).toContain('set SELVEDGE_KEY');
    expect((await cli('int-1', 'feed', 'archean.returns', 'pause')).out).toContain('is paused');
    expect((await cli(null, 'status')).out).toMatch(/archean\.returns +paused by a person/);
    const meanwhile = await comeBack(rig, { lines: [{ orderNo, orderLine: 4, quantity: 1 }] });
    expect((await cli('int-1', 'feed', 'archean.returns', 'pause')).err).toContain('cannot be paused');
    expect((await cli('int-1', 'feed', 'archean.returns', 'resume')).out).toContain('runs again');
    await rig.started(meanwhile.workflowId);
    await rig.ended(meanwhile.workflowId);
    const ahead = await cli('int-1', 'feed', 'archean.returns', 'replay', '--from', '999999999');
    expect([ahead.code, ahead.err]).toEqual([1, expect.stringContaining('can be replayed from 0')]);
    expect((await cli('int-1', 'feed', 'archean.returns', 'replay', '--from', '0')).code).toBe(0);
    expect(await figuresOf(rig, meanwhile.returnNo)).toEqual(bothHalves('24.00', 1));
  }, 60_000);
});

describe('mapping', () => {
  test('an unmapped location: proposed by one, confirmed by another, and what it held goes on', async () => {
    const made = await comeBack(rig, { location: 'V-MISC', lines: [{ orderNo, orderLine: 1, quantity: 1 }] });
    const held = await eventually(
      async () => answered<{ cases: CaseSummary[] }>(await cli(null, 'cases', '--code', 'X-03', '--json')).cases[0],
      { within: 30_000, every: 200 },
    );
    expect((await cli('wh-1', 'retry', held.case)).err).toContain('holds sagas for a missing mapping');
    expect((await cli('wh-1', 'decide', held.case, '--choice', 'go')).err).toContain('takes no decision');
    const gap = await cli(null, 'mapping', 'check');
    expect([gap.code, gap.out]).toEqual([1, expect.stringContaining('location V-MISC of archean: used')]);

    const columns = ['--source', 'archean', '--location', 'V-MISC', '--warehouse', '01', '--divisions', 'WOM,MEN'];
    const add = (...more: string[]) => cli('wh-1', 'mapping', 'add', 'location', ...columns, '--why', 'store', ...more);
    expect((await cli('wh-1', 'mapping', 'add', 'location', '--from', '2020-01-01', '--why', 'x')).code).toBe(2);
    const star = await cli(
      'wh-1',
      'mapping',
      'add',
      'location',
      ...columns.slice(0, 7),
      '*',
      '--why',
      's',
      '--from',
      '2020-01-01',
    );
    expect([star.code, star.err]).toEqual([1, expect.stringContaining('there is no wildcard')]);
    const later = await add('--from', '2090-01-01');
    expect(later.out).toContain('Held business dates it does NOT cover:');
    const proposed = await add('--from', '2020-01-01');
    expect(proposed.code).toBe(0);
    expect(proposed.out).toMatch(
      new RegExp(`Held business dates it covers:\\n {2}\\d{4}-\\d\\d-\\d\\d: 1 saga of ${held.case}`),
    );
    const row = /mapping confirm location (\d+)/.exec(proposed.out)?.[1] ?? '';
    expect((await cli(null, 'mapping', 'check')).out).toContain(`row ${row} proposed by wh-1 would cover`);

    const same = await cli('wh-1', 'mapping', 'confirm', 'location', row);
    expect([same.code, same.err]).toEqual([1, expect.stringContaining('another person must confirm it')]);
    expect((await cli('wh-2', 'mapping', 'confirm', 'location', '999999')).err).toContain(
      'There is no location mapping',
    );
    expect(await figuresOf(rig, made.returnNo)).not.toEqual(bothHalves('24.00', 1));
    const confirmed = await cli('wh-2', 'mapping', 'confirm', 'location', row);
    expect([confirmed.code, confirmed.out]).toEqual([0, expect.stringContaining('1 held saga goes on')]);
    await rig.ended(made.workflowId);
    expect(await figuresOf(rig, made.returnNo)).toEqual(bothHalves('24.00', 1));
    expect((await cli(null, 'mapping', 'check')).code).toBe(0);
    expect((await cli(null, 'mapping', 'list', 'location')).out).toMatch(/archean V-MISC.*in force, confirmed by wh-2/);

    const end = ['mapping', 'end', 'location', row, '--last-day', '2089-12-31', '--why', 'closed'];
    expect((await cli('wh-1', ...end)).out).toContain('is the last day of');
    expect((await cli('wh-1', 'mapping', 'confirm', 'location', row)).code).toBe(1);
    expect((await cli('wh-2', 'mapping', 'confirm', 'location', row)).out).toContain('ends on 2089-12-31');
  }, 90_000);
});

describe('people', () => {
  test('a limit changes only when a second person confirms, and not by the one it is about', async () => {
    const asked = await cli('fin-1', 'people', 'change', 'fin-2', '--limit-document', '100.00', '--why', 'new here');
    const id = /people confirm (\d+)/.exec(asked.out)?.[1] ?? '';
    expect((await cli(null, 'people')).out).toContain(`Change ${id} of fin-2 waits for a second person`);
    expect((await cli('fin-1', 'people', 'confirm', id)).err).toContain('a second person must confirm');
    expect((await cli('fin-2', 'people', 'confirm', id)).err).toContain('somebody else must confirm');
    expect((await cli('fin-lead', 'people', 'confirm', id)).code).toBe(0);
    expect((await cli(null, 'people')).out).toMatch(/^fin-2 .*GBP 100\.00/m);
    expect((await cli('fin-1', 'people', 'change', 'nobody', '--why', 'w')).err).toContain(
      'Nobody is known as "nobody"',
    );
    expect((await cli('fin-1', 'people', 'change', 'fin-2', '--why', 'w', '--limit-day', 'much')).code).toBe(2);
  });
});
