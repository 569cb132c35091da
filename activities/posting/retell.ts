/** Flags that were recorded and never told: a process died between the two. The desk takes a repetition for the same case. */
import { flagTold, untoldFlags } from '../../store/postings.js';
import type { PostingDeps } from './deps.js';
import { told } from './found.js';

/** Older than this nobody is telling it any more. */
const SETTLES_MS = 30_000;
const MOST = 100;

/** Tells them now, once each; answers how many. */
export async function retellFlags(deps: PostingDeps, olderThanMs = SETTLES_MS): Promise<number> {
  if (deps.raise === undefined) return 0;
  const flags = await untoldFlags(deps.store.db, olderThanMs, MOST);
  for (const flag of flags) {
    await deps.raise(told(flag, flag));
    await flagTold(deps.store.db, flag);
  }
  return flags.length;
}
