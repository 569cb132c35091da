/** What a log line may hold: known fields in their shape, errors without their words. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { createLog, errorInLog, FIELDS, levelOf } from '../../../config/log.js';
import { projectRoot } from '../../../bin/supervisor/paths.js';
import { MissingKey } from '../../../config/payload-keys.js';
import { sortReply } from '../../../clients/blue-cherry/replies.js';
import { ArcheanFailure } from '../../../clients/archean/client.js';
import { sdkLogger } from '../../../workers/runtime.js';
import { z } from 'zod';

/** What the other side might put into an answer: a person, a secret, lines that look like a log or a stack of ours. */
const HOSTILE = [
  'Zuleika Quine, 4 Marker Lane, +44 20 7946 0123, zuleika@quine.example',
  '{"customer":"Zuleika Quine","authorization":"Bearer marker-secret"}',
  'ok\n{"level":"fatal","msg":"Zuleika Quine"}\n    at Zuleika (file:///marker-secret/Quine.js:1:1)',
  '\u001b[31mZuleika\u202e Quine\u200b marker-secret',
  'zuleika.quine'.repeat(500),
];
const MARKER = /zuleika|quine|marker|7946/i;

function lines(level = 'trace') {
  const written: string[] = [];
  const log = createLog('test', { SELVEDGE_LOG: level }, { write: (line: string) => void written.push(line) });
  return { log, written };
}

describe('a log line', () => {
  test('holds ids, figures and words of ours', () => {
    const { log, written } = lines();
    log.warn({ workflowId: 'return-to-stock:archean:RMA-1', feed: 'archean.returns', status: 503, ms: 12 }, 'words');
    expect(JSON.parse(written[0] ?? '')).toMatchObject({
      level: 'warn',
      name: 'test',
      workflowId: 'return-to-stock:archean:RMA-1',
      status: 503,
      msg: 'words',
    });
  });

  test.each(HOSTILE)('never what an answer says: %j', (said) => {
    const { log, written } = lines();
    const thrown = new ArcheanFailure('malformed', said, undefined, { cause: new Error(said) });
    const failure = ApplicationFailure.create({ message: said, type: 'Refused', details: [said], cause: thrown });
    const reply = sortReply(
      { status: 422, headers: {}, body: JSON.stringify({ error: { code: said, message: said } }) },
      z.object({}),
      0,
    );
    for (const error of [
      thrown,
      failure,
      said,
      { message: said },
      reply,
      Object.assign(new Error(said), { code: said, type: said, body: said }),
    ])
      log.error(
        { error, requestId: said, path: `/x?customer=${said}`, state: said, body: said, [said]: said },
        'words',
      );
    log.info(
      { requestId: said, workflowId: said, host: said, reference: said, route: said, ms: said as never },
      'words',
    );
    const sdk = sdkLogger(log);
    sdk.error(`Error while processing ActivityTask.start: ${said}`, { error: failure, task: said, taskEncoded: said });
    sdk.warn(said, { error: thrown, workflowId: said });
    expect(written.length).toBe(9);
    for (const line of written) expect(line).not.toMatch(said.startsWith('zuleika.') ? /quinezuleika/ : MARKER);
    for (const line of written) expect(line.trimEnd()).not.toContain('\n');
  });

  test('says of an error its class, its sort, where it was thrown and which key is missing', () => {
    const found = errorInLog(new Error('x', { cause: new MissingKey('k-1', []) }));
    expect(found).toMatchObject({ kind: 'Error', cause: { kind: 'MissingKey', keyId: 'k-1' } });
    expect(found.at?.[0]).toMatch(/log\.test\.ts:\d+:\d+$/);
  });

  test('names a field that may not stand there, without what it held', () => {
    const { log, written } = lines();
    log.warn({ body: 'secret words' }, 'words');
    expect(written[0]).toContain('"dropped":["body"]');
    expect(written[0]).not.toContain('secret');
  });

  test('is written from the level on that the environment names; a wrong one is refused', () => {
    const { log, written } = lines('error');
    log.warn({}, 'no');
    log.error({}, 'yes');
    expect(written.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['yes']);
    expect(levelOf({})).toBe('warn');
    expect(() => levelOf({ SELVEDGE_LOG: 'loud' })).toThrow('SELVEDGE_LOG: found "loud"; allowed is trace, debug');
  });
});

describe('every call of a logger', () => {
  const folders = [
    'activities',
    'bin',
    'clients',
    'config',
    'console',
    'ingress',
    'reports',
    'store',
    'views',
    'workers',
  ];
  const files = folders.flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  const calls = files.flatMap((file) => {
    const text = readFileSync(join(projectRoot, file), 'utf8');
    return [
      ...text.matchAll(/\blog\??\.(?:trace|debug|info|warn|error|fatal)\(\s*(\{[^]*?\}),\s*([^]*?)[,;]?\s*\)/g),
    ].map((found) => ({
      file,
      fields: found[1] ?? '',
      words: found[2] ?? '',
    }));
  });

  test('speaks in fixed words, with fields of the list', () => {
    expect(calls.length).toBeGreaterThan(9);
    for (const { file, fields, words } of calls) {
      expect([file, words]).toEqual([file, expect.stringMatching(/^'[^'$]+',?$/)]);
      const names = [...fields.replace(/\.\.\.\w+,?/g, '').matchAll(/(?:^|[{,])\s*(\w+)\s*(?=[:,}])/g)].map(
        ([, name]) => name ?? '',
      );
      expect([file, names.filter((name) => !(name in FIELDS))]).toEqual([file, []]);
    }
  });

  test('hands an error over as it is: the log takes of it what may stand there', () => {
    expect(calls.filter(({ fields }) => /error:\s*(String|error instanceof)/.test(fields))).toEqual([]);
  });

  test('goes through the one place: nobody else makes a logger or writes to the console', () => {
    const elsewhere = files.filter((file) => {
      const text = readFileSync(join(projectRoot, file), 'utf8');
      return file !== 'config/log.ts' && (/\bpino\(/.test(text) || /\bconsole\.\w+\(/.test(text));
    });
    expect(elsewhere).toEqual([]);
  });
});
