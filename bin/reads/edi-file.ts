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
    if (fault !== undefined) throw new WrongUsage(visible(`${nameOf(path)}: ${fault.message}`, 2000));
    yield item;
  }
}

/** Bytes of a file; what the system says when they cannot be read becomes a sentence. */
async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  try {
    if (path === STDIN) yield* process.stdin as AsyncIterable<Uint8Array>;
    else yield* chunksOfFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === undefined ? error : new WrongUsage(sentenceOf(path, code), { cause: error });
  }
}

async function* chunksOfFile(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  try {
    yield* file.createReadStream({ highWaterMark: CHUNK, autoClose: false }) as AsyncIterable<Uint8Array>;
  } finally {
    await file.close();
  }
}

function sentenceOf(path: string, code: string): string {
  switch (code) {
    case 'EISDIR':
      return `${nameOf(path)} is a folder; name the files in it`;
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
