/** An X12 file for `selvedge edi`: read item by item from a path or standard input, whatever its size. */
import { open } from 'node:fs/promises';
import { read, visible } from '../../edi/index.js';
import type { Item, Profile } from '../../edi/index.js';
import { WrongUsage } from '../output.js';

const CHUNK = 256 * 1024;

/** Standard input, as it is named on the command line. */
export const STDIN = '-';

/** What a file is called in sentences. */
export const nameOf = (path: string): string => (path === STDIN ? 'standard input' : visible(path, 1000));

/**
 * Items of a file, as they come. @throws WrongUsage when there is no such file, it cannot be read, or it holds no X12.
 */
export async function* itemsOf(path: string, profile: Profile): AsyncGenerator<Item> {
  for await (const item of read(chunksOf(path), { profile })) {
    const [fault] = item.faults.filter(({ rule }) => rule === 'not-x12' || rule === 'empty-file');
    if (fault !== undefined) throw new WrongUsage(`${nameOf(path)}: ${fault.message}`);
    yield item;
  }
}

async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  if (path === STDIN) {
    yield* process.stdin as AsyncIterable<Uint8Array>;
    return;
  }
  const file = await opened(path);
  try {
    if ((await file.stat()).isDirectory()) throw new WrongUsage(`${nameOf(path)} is a folder; name the files in it`);
    yield* file.createReadStream({ highWaterMark: CHUNK, autoClose: false }) as AsyncIterable<Uint8Array>;
  } finally {
    await file.close();
  }
}

async function opened(path: string) {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw new WrongUsage(sentenceOf(path, (error as NodeJS.ErrnoException).code), { cause: error });
  }
}

function sentenceOf(path: string, code = 'an unknown error'): string {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `${nameOf(path)} is not there`;
    case 'EACCES':
    case 'EPERM':
      return `${nameOf(path)} may not be read by this user`;
    default:
      return `${nameOf(path)} cannot be read (${code})`;
  }
}
