import { readCall } from '../posting/calls.js';
import type { PostingDeps } from '../posting/deps.js';
import type { Held, Page } from '../posting/erp.js';
import { PATIENCE_MS } from './tally.js';

/** What changed since an instant of the ERP's clock, page by page (200 documents each), at most `most` pages. */
export async function* changedPages(deps: PostingDeps, since: string, most: number): AsyncGenerator<Held[]> {
  let cursor: string | null = null;
  for (let page = 0; page < most; page += 1) {
    const at: string | null = cursor;
    const read: Page = await readCall(deps, PATIENCE_MS, () => deps.erp.changed(since, at));
    yield read.held;
    cursor = read.cursor;
    if (cursor === null) return;
  }
}
