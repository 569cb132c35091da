/** The revision that follows another: same reference, same asking, its own content. */
import type { NewRevision } from '../../store/posting-moves.js';
import type { PostingContent, PostingRow, PostingState } from '../../store/postings.js';
import { lineCountOf } from './content.js';
import { externalRefOf } from './reference.js';

/** What to insert after `newest`. Lanes are the earlier revision's; a correction brings its own. */
export function nextRevisionOf(newest: PostingRow, content: PostingContent, state: PostingState): NewRevision {
  const revision = newest.revision + 1;
  return {
    externalRef: externalRefOf(newest.reference, revision),
    reference: newest.reference,
    revision,
    tenant: newest.tenant,
    kind: content.document.kind,
    operation: content.operation,
    askedDigest: newest.asked_digest,
    content,
    lanes: newest.lanes,
    businessDate: content.document.businessDate,
    seq: newest.seq,
    links: newest.links,
    state,
    lineCount: lineCountOf(content.document),
  };
}
