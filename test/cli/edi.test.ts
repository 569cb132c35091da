/** `selvedge edi`: without servers or configuration; 0 fine, 1 faults, 2 nothing that could be read. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, test } from '@jest/globals';
import { answered, cli } from './support.js';

const NOWHERE = { TEMPORAL_ADDRESS: '', DATABASE_URL: '' };
const at = (name: string): string => `test/fixtures/edi/${name}.edi`;
const folder = mkdtempSync(join(tmpdir(), 'selvedge-edi-'));
afterAll(() => rmSync(folder, { recursive: true }));
const edi = (...argv: string[]) => cli(NOWHERE, 'edi', ...argv);

/** Runs with these bytes on standard input. */
async function withInput<T>(bytes: Buffer, run: () => Promise<T>): Promise<T> {
  const before = Object.getOwnPropertyDescriptor(process, 'stdin') ?? {};
  Object.defineProperty(process, 'stdin', { value: Readable.from([bytes]), configurable: true });
  try {
    return await run();
  } finally {
    Object.defineProperty(process, 'stdin', before);
  }
}

describe('selvedge edi show', () => {
  test('names segments, elements, codes and units, and marks faults in place', async () => {
    const ran = await edi('show', at('total-of-quantities'));
    expect([ran.code, ran.err]).toEqual([0, '']);
    const lines = ran.out.split('\n').map((line) => line.trim());
    expect(lines).toEqual(expect.arrayContaining(['PO102  ordered            10  (10 CA)']));
    const at35 = lines.findIndex((line) => line.startsWith('CTT02'));
    expect(lines[at35 + 1]).toBe('^ error: CTT02 is 35; the lines add up to 34  [AK502 5]');
  });

  test('answers one JSON value with documents and outlines', async () => {
    const items = answered<{ kind: string; document?: { lines: unknown[] } | null; segments: { id: string }[] }[]>(
      await edi('show', at('good-bad-good'), '--json'),
    );
    expect(items.map(({ kind }) => kind)).toEqual([
      ...['interchange', 'group', 'transaction', 'transaction', 'transaction', 'group-end', 'interchange-end'],
    ]);
    expect(items.flatMap(({ document }) => (document === undefined ? [] : [document?.lines.length ?? null]))).toEqual([
      ...[2, null, 2],
    ]);
    expect(items[2]?.segments.map(({ id }) => id).slice(0, 3)).toEqual(['ST', 'BEG', 'REF']);
  });

  test('reads standard input', async () => {
    const ran = await withInput(readFileSync(at('order')), () => edi('check', '-'));
    expect(ran).toEqual({ code: 0, out: 'standard input: no fault; 1 interchange, 1 group, 1 transaction\n', err: '' });
    expect(await withInput(Buffer.alloc(0), () => edi('show', '-'))).toEqual({
      code: 2,
      out: '',
      err: 'standard input: the file is empty\n',
    });
  });

  test('writes nothing that steers a terminal', async () => {
    const ran = await edi('show', at('control-in-text'));
    expect(ran.out).toContain('DOOR␇4');
    expect(ran.out).not.toMatch(/[^\P{Cc}\n]/u);
  });
});

describe('selvedge edi check', () => {
  test('ends with 0 when nothing is worse than a warning, and says what was there', async () => {
    const ran = await edi('check', at('order-several'), at('version-nonsense'));
    expect([ran.code, ran.err]).toEqual([0, '']);
    expect(ran.out.split('\n')).toEqual([
      'test/fixtures/edi/order-several.edi: no fault; 1 interchange, 2 groups, 3 transactions',
      'test/fixtures/edi/version-nonsense.edi: interchange, ISA12: warning: ISA12 is "00040": no version of the standard; the edition is taken from GS08',
      'test/fixtures/edi/version-nonsense.edi: 1 warning; 1 interchange, 1 group, 1 transaction',
      '',
    ]);
  });

  test('ends with 1 and lists file, place, severity, sentence and code', async () => {
    const ran = await edi('check', at('good-bad-good'), at('order'));
    expect([ran.code, ran.err]).toEqual([1, '']);
    expect(ran.out.split('\n')[0]).toBe(
      'test/fixtures/edi/good-bad-good.edi: 850 0002, segment 2, BEG03: fatal: BEG03 (purchase order number) is missing; it must be there  [AK403 1]',
    );
    expect(ran.out).toContain('order.edi: no fault');
  });

  test('takes a profile by name, which lets its deviations pass', async () => {
    const [ran] = answered<{ files: { faults: object; found: { allowed: string }[] }[] }>(
      await edi('check', at('version-nonsense'), '--profile', 'amazon', '--json'),
    ).files;
    expect(ran?.faults).toEqual({ fatal: 0, error: 0, warning: 0, note: 1 });
    expect(ran?.found[0]?.allowed).toContain('the edition is taken from GS08');
  });

  test('looks at the other files when one cannot be read, and ends with 2', async () => {
    const ran = await edi('check', at('nowhere'), folder, at('order'));
    expect(ran.code).toBe(2);
    expect(ran.err.split('\n')).toEqual([
      'test/fixtures/edi/nowhere.edi is not there',
      `${folder} is a folder; name the files in it`,
      '',
    ]);
    expect(ran.out).toBe('test/fixtures/edi/order.edi: no fault; 1 interchange, 1 group, 1 transaction\n');
  });

  test.each([
    ['empty', 'test/fixtures/edi/empty.edi: the file is empty\n'],
    [
      'edifact',
      'test/fixtures/edi/edifact.edi: no ISA in it: this is no X12 file (it begins with "UNA:+.? \'UNB+UNOC:3+")\n',
    ],
  ])('%s: nothing in it is X12: one sentence and 2', async (name, sentence) => {
    const ran = await edi('check', at(name), '--json');
    expect([ran.code, ran.err]).toEqual([2, sentence]);
    expect(answered(ran)).toEqual({ files: [] });
  });

  test('a name that steers a terminal does not', async () => {
    const path = join(folder, 'a\u001b[2Jb.edi');
    writeFileSync(path, 'x');
    const ran = await edi('check', path, `${path}.not`);
    expect([ran.code, `${ran.out}${ran.err}`.includes('\u001b')]).toEqual([2, false]);
  });

  test('a profile that is none: what is allowed, and 2', async () => {
    const ran = await edi('check', at('order'), '--profile', 'toString');
    expect([ran.code, ran.err]).toEqual([2, 'there is no profile "toString"; allowed are standard, amazon\n']);
  });
});

describe('selvedge edi ack', () => {
  test('prints the 997 of a file as a file that can be read, back to its sender', async () => {
    const ran = await edi('ack', at('good-bad-good'), '--control', '42');
    expect([ran.code, ran.err]).toEqual([0, '']);
    const [isa = '', , ...rest] = ran.out.split('\n');
    expect(isa.split('*').slice(5, 9)).toEqual(['ZZ', 'SELVEDGE       ', 'ZZ', 'AMAZON         ']);
    expect(isa).toContain('*000000042*');
    expect(rest.filter((line) => /^AK[259]/.test(line))).toEqual([
      ...['AK2*850*0001~', 'AK5*A~', 'AK2*850*0002~', 'AK5*R*5~', 'AK2*850*0003~', 'AK5*A~', 'AK9*P*3*3*2~'],
    ]);
    const back = await withInput(Buffer.from(ran.out), () => edi('check', '-'));
    expect([back.code, back.out]).toEqual([0, 'standard input: no fault; 1 interchange, 1 group, 1 transaction\n']);
  });

  test('answers an array of JSON, and says so when nothing is to be answered', async () => {
    const [answer] = answered<{ document: { set: string } }[]>(await edi('ack', at('order'), '--json'));
    expect(answer?.document.set).toBe('997');
    const ack = await edi('ack', at('order'));
    const again = await withInput(Buffer.from(ack.out), () => edi('ack', '-'));
    expect(again).toEqual({
      code: 0,
      out: '',
      err: 'nothing in it is answered: acknowledgements are not, and nobody asked for a TA1\n',
    });
  });

  test('refuses a control number that no envelope has', async () => {
    const ran = await edi('ack', at('order'), '--control', '1000000000');
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('--control');
  });
});

describe('hostile bytes', () => {
  const ISA =
    'ISA*00*          *00*          *ZZ*AMAZON         *ZZ*SELVEDGE       *260301*1200*U*00401*000000001*0*P*>~';
  /** Clears the screen, sets its title, a control sequence of one byte, text that runs backwards, a line end of Unicode. */
  const STEERING = Buffer.from('\u001b[2J\u001b]0;title\u0007\u009b31m\u202egnp.exe\u202c\u2028\u2066\u200b');
  const parts = [
    `${ISA}GS*PO*AMA`,
    '*SELVEDGE*20260301*1200*1*X*004010~ST*850*0001~BEG*00*N',
    '*4X',
    '**20260301~Z',
    '*1~PO1*1',
    '*1*EA~SE*5*0001',
    '~GE*1*1',
    '~IEA*1*000000001~',
    '',
  ].map((part) => Buffer.from(part));
  const file = Buffer.concat(parts.flatMap((part) => [part, STEERING]));
  const steers = /[^\P{Cc}\n]|\p{Cf}|[\u2028\u2029]/u;

  test.each(['show', 'check', 'ack'].flatMap((verb) => [[verb], [verb, '--json']]))(
    'edi %s %s: none of them reaches the terminal',
    async (...argv) => {
      for (const bytes of [file, Buffer.concat([STEERING, Buffer.from('no file')])]) {
        const ran = await withInput(bytes, () => edi(...argv, '-'));
        expect(`${ran.out}${ran.err}`).not.toMatch(steers);
        expect(`${ran.out}${ran.err}`).not.toMatch(/\n\s+at /);
        expect(`${ran.out}${ran.err}`.length).toBeGreaterThan(20);
      }
    },
  );

  test('what JSON holds is what was sent, all the same', async () => {
    const ran = await withInput(file, () => edi('show', '-', '--json'));
    expect(ran.out).toContain('\\u202e');
    expect(JSON.stringify(answered(ran))).toContain('\u202egnp.exe');
  });

  test('a picture and a file of another encoding: one sentence and 2', async () => {
    const picture = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');
    expect(await withInput(picture, () => edi('check', '-'))).toEqual({
      code: 2,
      out: '',
      err: 'standard input: no ISA in it: this is no X12 file (it begins with "<89>PNG\\r\\n\\u001a\\n\\u0000\\u0000\\u0000\\rIHDR")\n',
    });
    const wide = Buffer.from(readFileSync(at('order'), 'latin1'), 'utf16le');
    expect((await withInput(wide, () => edi('show', '-'))).err).toContain('UTF-16');
  });

  test('a source that cannot be read: a sentence, no code of the program', async () => {
    const broken = new Readable({ read: () => undefined });
    const before = Object.getOwnPropertyDescriptor(process, 'stdin') ?? {};
    Object.defineProperty(process, 'stdin', { value: broken, configurable: true });
    try {
      setImmediate(() => broken.destroy(Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' })));
      expect(await edi('check', '-')).toMatchObject({ code: 2, err: 'standard input cannot be read (EIO)\n' });
    } finally {
      Object.defineProperty(process, 'stdin', before);
    }
  });
});
