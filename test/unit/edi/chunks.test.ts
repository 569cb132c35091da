/** What is read does not depend on how the bytes come. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { read, readSync } from '../../../edi/index.js';
import { isa, wrapped, transaction } from './wrapped.js';

const FOLDER = 'test/fixtures/edi';
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.edi'));

/** Chunks of a size, with an empty one behind each. */
function* inChunks(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
    yield new Uint8Array(0);
  }
}

/** Chunks that all lie in the same memory, as those of a program do that reads into one buffer again and again. */
function* inOneBuffer(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  const buffer = Buffer.alloc(size);
  for (const chunk of inChunks(bytes, size)) {
    buffer.fill(0x45);
    buffer.set(chunk);
    yield buffer.subarray(0, chunk.length);
  }
  buffer.fill(0x45);
}

describe('chunks', () => {
  test.each(files)('%s: whole, a byte at a time and in one buffer that is used again', (name) => {
    const bytes = readFileSync(`${FOLDER}/${name}`);
    const whole = [...readSync(bytes)];
    expect([...readSync(inChunks(bytes, 1))]).toEqual(whole);
    expect([...readSync(inOneBuffer(bytes, 1))]).toEqual(whole);
    expect([...readSync(inOneBuffer(bytes, 37))]).toEqual(whole);
    expect([...readSync(inOneBuffer(bytes, 300))]).toEqual(whole);
  });

  test('an interchange that begins where another is cut off is found, whatever stands behind a chunk in memory', () => {
    const file = Buffer.from(`${isa()}GS*PO*A~${isa({ number: '000000002' })}`);
    for (let size = 1; size < 40; size++) {
      const kinds = [...readSync(inOneBuffer(file, size))].map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'interchange')).toHaveLength(2);
    }
  });

  test('the rest of a segment that is too long is gone, and no more, wherever chunks are cut', () => {
    const file = Buffer.from(`${isa()}GS*PO*A*B*20260301*1200*1*X*004010~${'A'.repeat(200)}~GE*0*1~IEA*1*000000001~`);
    for (let size = 1; size < 60; size++) {
      const items = [...readSync(inChunks(file, size), { limits: { segmentBytes: 120 } })];
      expect(items.map(({ kind }) => kind)).toEqual([
        'interchange',
        'group',
        'between',
        'group-end',
        'interchange-end',
      ]);
    }
  });

  test('a source that fails midway: what came before is handed out, and its own error thrown', async () => {
    const file = Buffer.from(wrapped([transaction('850', 'BEG*00*NE*1**20260301~PO1*1*1*EA~')]));
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield file.subarray(0, file.length - 20);
      await Promise.resolve();
      throw new Error('the line went dead');
    }
    const kinds: string[] = [];
    const work = async (): Promise<void> => {
      for await (const item of read(failing())) kinds.push(item.kind);
    };
    await expect(work()).rejects.toThrow('the line went dead');
    expect(kinds).toEqual(['interchange', 'group', 'transaction']);
  });

  test.each([
    ['text', 'ISA*00'],
    ['a list of texts', ['ISA*00']],
    ['numbers of two bytes', [new Uint16Array(3)]],
    ['a list of numbers', [[73, 83]]],
    ['nothing', [null]],
    ['an ArrayBuffer', [new ArrayBuffer(4)]],
  ])('%s is no bytes, and is refused in words', async (_what, given) => {
    const words = /^bytes \(Uint8Array\) are expected, and here is /;
    expect(() => [...readSync(given as never)]).toThrow(words);
    const work = async (): Promise<void> => {
      for await (const item of read(given as never)) expect(item).toBeUndefined();
    };
    await expect(work()).rejects.toThrow(words);
  });

  test('whoever stops reading ends the source', async () => {
    let ended = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          await Promise.resolve();
          yield Buffer.from(isa());
        }
      } finally {
        ended = true;
      }
    }
    for await (const item of read(source())) if (item.kind === 'interchange') break;
    expect(ended).toBe(true);
  });
});
