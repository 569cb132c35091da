import { createReadStream } from 'node:fs';
import { AMAZON, read } from '../index.js';

/** Transactions by set, of a file of any size: memory holds one transaction at a time. */
export async function countSets(path: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for await (const item of read(createReadStream(path), { profile: AMAZON }))
    if (item.kind === 'transaction') counts.set(item.set, (counts.get(item.set) ?? 0) + 1);
  return counts;
}
