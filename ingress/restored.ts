/** A restored store shows cases as they were: nothing is decided on them before it was brought up to date. */
import type { Db } from '../store/database.js';
import { reliance, restoredInWords } from '../store/watch.js';
import { Refusal } from './deps.js';

/** @throws Refusal 503 while the store is held. */
export async function refuseWhileRestored(db: Db): Promise<void> {
  const now = await reliance(db);
  if (now.state === 'restored')
    throw new Refusal(503, `Nothing can be decided now: ${restoredInWords(now.why)}.`, { state: 'refused' });
}
