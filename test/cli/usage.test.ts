/** Wrong usage ends with 2 and says what is allowed; without an installation every verb says so in words. */
import { describe, expect, test } from '@jest/globals';
import { cli } from './support.js';

const NOWHERE = { TEMPORAL_ADDRESS: '', DATABASE_URL: '', SELVEDGE_KEY: 'dev-key-fin-1' };

describe('wrong usage', () => {
  test.each([
    ['cases of a role nobody has', ['cases', '--owner', 'boss'], 'allowed are finance, warehouse'],
    ['cases of a code that is none', ['cases', '--code', 'X-99'], 'allowed are approval, X-01'],
    ['cases from a day that is none', ['cases', '--from', 'tuesday'], 'from'],
    ['a limit below one', ['cases', '--limit', '0'], 'a whole number from 1'],
    ['a case that is no name of one', ['case', 'RTN-1'], 'a case is named like C-12'],
    ['a decision on nothing', ['decide', '--choice', 'approve'], 'say what is decided'],
    ['a decision without a choice', ['decide', 'C-1'], "required option '--choice <name>'"],
    ['one case and many at once', ['decide', 'C-1', '--code', 'X-24', '--choice', 'approve'], 'not both'],
    ['a fact without a value', ['decide', 'C-1', '--choice', 'correct', '--data', 'orderNo'], 'key=value'],
    ['a reason of 501 characters', ['decide', 'C-1', '--choice', 'a', '--why', 'x'.repeat(501)], 'at most 500'],
    ['a filter nobody knows', ['decide', '--filter', 'colour=red', '--choice', 'a'], 'colour'],
    ['a feed started without a point', ['feed', 'archean.returns', 'start'], 'never starts without a point'],
    ['a feed started from nowhere', ['feed', 'archean.returns', 'start', '--from', 'soon'], 'yyyy-mm-dd'],
    ['a feed started on a day that never was', ['feed', 'x.y', 'start', '--from', '2026-02-30'], 'yyyy-mm-dd'],
    ['a feed asked for what feeds cannot do', ['feed', 'archean.returns', 'delete'], 'start, pause, resume, replay'],
    ['a mapping of no kind', ['mapping', 'list', 'colours'], 'location, sku-alias'],
    ['a mapping without its columns', ['mapping', 'add', 'location', '--source', 'archean'], '--location'],
    ['a mapping row that is no number', ['mapping', 'confirm', 'location', 'twelve'], 'kind and number'],
    ['a role nobody has', ['people', 'change', 'fin-1', '--why', 'w', '--roles', 'boss'], 'allowed are finance'],
    ['a retry of nothing', ['retry', ' '], 'a workflow id or the number of a return'],
    ['a report that is none', ['report', 'RP-99'], 'the reports are RP-04, RP-05'],
    ['a report from a day that never was', ['report', 'RP-21', '--from', '2026-02-30'], 'written yyyy-mm-dd'],
    [
      'a report that ends before it begins',
      ['report', 'RP-21', '--from', '2026-03-02', '--to', '2026-03-01'],
      'is later than',
    ],
    ['a report of more rows than one has', ['report', 'RP-18', '--limit', '50001'], 'a whole number from 1 to 50000'],
    ['a sheet of a day that is none', ['day', 'yesterday'], 'written yyyy-mm-dd'],
    ['a verb that is none', ['explode'], "unknown command 'explode'"],
    ['a hold of a system that is not written to', ['hold', 'archean'], 'allowed is blue-cherry'],
  ])('%s ends with 2 and says what is allowed', async (_what, argv, words) => {
    const ran = await cli(NOWHERE, ...argv);
    expect([ran.code, ran.out]).toEqual([2, '']);
    expect(ran.err).toContain(words);
    expect(ran.err).not.toMatch(/^\s+at .*:\d+:\d+/m);
  });
});

describe('without an installation', () => {
  test.each([
    [['status']],
    [['find', 'RTN-1']],
    [['cases']],
    [['case', 'C-1']],
    [['decide', 'C-1', '--choice', 'approve']],
    [['retry', 'C-1']],
    [['feed']],
    [['mapping', 'check']],
    [['audit', 'verify']],
    [['hold', 'blue-cherry']],
    [['release', 'blue-cherry']],
    [['people']],
    [['report', 'RP-05']],
    [['day']],
  ])('%j says that nothing runs here and what to set', async (argv) => {
    const ran = await cli(NOWHERE, ...argv);
    expect(ran).toEqual({
      code: 1,
      out: '',
      err: 'Nothing is running here, and TEMPORAL_ADDRESS and DATABASE_URL are not set. Start it with "npm start", or set them to the servers you use.\n',
    });
  });

  test('a store that does not answer is named, without its password', async () => {
    const env = { ...NOWHERE, TEMPORAL_ADDRESS: '127.0.0.1:1', DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/x' };
    const ran = await cli(env, 'cases');
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/^The store 127\.0\.0\.1:1\/x does not answer \(.+\)\. Does it run/);
    expect(ran.err).not.toContain('secret');
  });
});
