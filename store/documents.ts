/** Files and large payloads by SHA-256, so that histories carry a key, never a file. A directory; the store knows what is in it. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Generated } from 'kysely';
import type { Queryable } from './database.js';
import { openBytes, sealBytes, type Sealing } from './sealed.js';

export interface DocumentTables {
  blob: { sha256: string; bytes: string; media_type: string; name: string; stored_at: Generated<string> };
}

/** Most bytes of one document: an hour of the largest feed, well below what a worker may hold. */
const MOST_BYTES = 64 * 1024 * 1024;

export interface Blob {
  sha256: string;
  bytes: number;
  mediaType: string;
  name: string;
}

const pathOf = (dir: string, sha256: string): string => join(dir, sha256.slice(0, 2), sha256);

/**
 * Keeps a document, sealed where there are keys. The same content is kept once, whoever brings it. The file is complete and on disk before the row
 * exists, so a row never names a missing file.
 * @throws RangeError for more than 64 MB.
 */
export async function putBlob(
  q: Queryable,
  dir: string,
  content: Uint8Array,
  about: { mediaType: string; name: string },
  sealing: Sealing | null = null,
): Promise<Blob> {
  if (content.byteLength > MOST_BYTES)
    throw new RangeError(`${about.name} has ${content.byteLength} bytes; a document may have ${MOST_BYTES}`);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const path = pathOf(dir, sha256);
  const there = await stat(path).then(
    () => true,
    () => false,
  );
  if (!there) await writeWhole(path, sealBytes(content, sealing));
  await q
    .insertInto('blob')
    .values({ sha256, bytes: String(content.byteLength), media_type: about.mediaType, name: about.name })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return { sha256, bytes: content.byteLength, ...about };
}

/** Writes beside the place and renames into it: a reader sees the whole file or none. */
async function writeWhole(path: string, content: Uint8Array): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = await open(draft, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * The content under a key, checked against it.
 * @throws Error when the key is not a SHA-256, no such document was kept, or its file was changed.
 */
export async function getBlob(dir: string, sha256: string, sealing: Sealing | null = null): Promise<Uint8Array> {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`"${sha256}" is not the key of a document`);
  const kept = await readFile(pathOf(dir, sha256)).catch((cause: unknown) => {
    throw new Error(`document ${sha256} is not in ${dir}`, { cause });
  });
  const content = openBytes(kept, sealing);
  const found = createHash('sha256').update(content).digest('hex');
  if (found !== sha256) throw new Error(`document ${sha256} was changed on disk: it now has ${found}`);
  return content;
}
