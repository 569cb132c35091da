/** Blue Cherry's verbs, registered as `blueCherry.*` on the queue `blue-cherry`. */
import type { ErpDocument } from '../../domain/documents.js';
import { askedDigestOf } from '../posting/content.js';
import type { PostingRequest, PostingResult } from '../posting/contract.js';
import { postOnce } from '../posting/post-once.js';
import { reverseOnce } from '../posting/reversal.js';
import { cancelSalesOrderWith } from './cancel-order.js';
import type { BlueCherry } from './contract.js';
import { blueCherryErp, type BlueCherryDeps } from './erp.js';
import { asTrouble, findSoldWith } from './find-sold.js';
import { purchaseOrderVerbs } from './purchase-orders.js';

export type { BlueCherryDeps, BlueCherrySettings } from './erp.js';

/** Builds the verbs from a store, a client and the site's configuration. */
export function createBlueCherryActivities(deps: BlueCherryDeps): BlueCherry {
  const posting = { ...deps, erp: blueCherryErp(deps) };
  const post = (request: PostingRequest): Promise<PostingResult> =>
    asTrouble(() =>
      postOnce(posting, {
        reference: request.reference,
        content: { operation: 'create', undoes: null, document: request.document satisfies ErpDocument },
        digest: askedDigestOf(request.document),
        seq: request.seq,
        links: request.links,
      }),
    );
  return {
    findSold: findSoldWith(deps, posting),
    postCreditMemo: post,
    postStockAdjustment: post,
    postReceipt: post,
    createReplacementOrder: post,
    reverseCreditMemo: (request) => asTrouble(() => reverseOnce(posting, request)),
    reverseStockAdjustment: (request) => asTrouble(() => reverseOnce(posting, request)),
    reverseReceipt: (request) => asTrouble(() => reverseOnce(posting, request)),
    ...purchaseOrderVerbs(deps, posting),
    cancelReplacementOrder: (request) => asTrouble(() => reverseOnce(posting, request)),
    cancelSalesOrder: cancelSalesOrderWith(deps, posting),
  };
}
