/** The pages about EDI say what happens: their commands are run, their programs are the files that are tested here. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { readOrders } from '../../docs/how-to/read-edi.js';
import { faultsOf } from '../../edi/examples/faults.js';
import { orderLines } from '../../edi/examples/read-a-file.js';
import { countSets } from '../../edi/examples/stream.js';
import { orderFile } from '../../edi/examples/write.js';
import { SET_NUMBERS } from '../../edi/sets/index.js';
import { cli } from '../cli/support.js';

interface Block {
  readonly language: string;
  readonly text: string;
}

const blocksOf = (page: string): Block[] =>
  [...readFileSync(page, 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));

const HOW_TO = 'docs/how-to/read-an-edi-file.md';
const README = 'edi/README.md';
const folder = mkdtempSync(join(tmpdir(), 'selvedge-edi-pages-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('how to read an EDI file', () => {
  const blocks = blocksOf(HOW_TO);
  const commands = blocks.flatMap(({ language, text }, n) =>
    language === 'sh' ? [{ command: text.trim(), shown: blocks[n + 1] }] : [],
  );

  test('begins with what the example file begins with', () => {
    expect(readFileSync('docs/how-to/order.edi', 'latin1').startsWith(blocks[0]?.text ?? '?')).toBe(true);
  });

  test.each(commands)('$command prints what the page shows', async ({ command, shown }) => {
    const [npx, program, ...argv] = command.split(' ');
    expect([npx, program]).toEqual(['npx', 'selvedge']);
    const ran = await cli({ TEMPORAL_ADDRESS: '', DATABASE_URL: '' }, ...argv);
    expect(ran.err).toBe('');
    if (argv.includes('--json')) {
      expect(JSON.parse(ran.out)).toHaveLength(5);
      return;
    }
    // An ellipsis stands for lines that are left out; what is between two of them is there without a gap.
    let from = 0;
    for (const piece of (shown?.text ?? '').split('…\n')) {
      const at = ran.out.indexOf(piece, from);
      expect({ piece, found: at >= from }).toEqual({ piece, found: true });
      from = at + piece.length;
    }
  });

  test('there are three commands', () => {
    expect(commands).toHaveLength(3);
  });

  test('the program is the file beside it, and says what the page shows', async () => {
    const at = blocks.findIndex(({ language }) => language === 'ts');
    expect(blocks[at]?.text).toBe(readFileSync('docs/how-to/read-edi.ts', 'utf8'));
    // Faults of a transaction come before its lines, those of the envelope where they are.
    expect((await readOrders('docs/how-to/order.edi')).join('\n')).toBe(blocks[at + 1]?.text.trimEnd());
  });
});

describe('the README of edi', () => {
  const programs = blocksOf(README).filter(({ language }) => language === 'ts');

  test('shows the examples as they are', () => {
    const names = ['read-a-file', 'stream', 'faults', 'write'];
    expect(programs.map(({ text }) => text)).toEqual(
      names.map((name) => readFileSync(`edi/examples/${name}.ts`, 'utf8')),
    );
  });

  test('lists every set that has a schema', () => {
    const listed = [...readFileSync(README, 'utf8').matchAll(/^\| (\d{3}) /gm)].map(([, set]) => set);
    expect(SET_NUMBERS.filter((set) => !listed.includes(set))).toEqual([]);
  });

  test('reads a file', () => {
    expect(orderLines('test/fixtures/edi/order.edi')).toEqual([
      'B012345678: 10 CA at 7.50',
      'B012345679: 24 EA at 12.5',
    ]);
  });

  test('reads a stream', async () => {
    expect([...(await countSets('test/fixtures/edi/order-several.edi'))]).toEqual([['850', 3]]);
  });

  test('says what is wrong', () => {
    expect(faultsOf(readFileSync('test/fixtures/edi/good-bad-good.edi'))).toEqual([
      '850 0001: accepted',
      '850 0002: refused',
      'fatal at byte 413, BEG (segment 2), element 3: BEG03 (purchase order number) is missing; it must be there [AK403 1]',
      '850 0003: accepted',
    ]);
  });

  test('writes an order that reads back, and refuses one that would not', () => {
    const path = join(folder, 'order.edi');
    const written = orderFile('4X7QK2LM', '012345678905', '10');
    writeFileSync(path, written);
    expect(orderLines(path)).toEqual(['012345678905: 10 CA at 7.50']);
    expect(orderFile('4X7QK2LM', '0123*', '10')).toContain('PO107');
  });
});
