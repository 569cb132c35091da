/** What earlier versions of an object, or earlier runs of its saga, posted: as steps that can be reversed. */
import type { PostedUnder, PostingResult, ReversalRequest } from '../activities/posting/contract.js';
import type { DocumentKind } from '../domain/documents.js';
import { negate } from '../domain/money.js';
import type { PostedStep, Stakes } from './postings.js';
import type { Run } from './saga/run.js';
import { blueCherry, postings, type Call } from './systems.js';

const REVERSALS: Record<DocumentKind, () => Call<ReversalRequest, PostingResult>> = {
  'credit-memo': () => blueCherry.reverseCreditMemo,
  'stock-adjustment': () => blueCherry.reverseStockAdjustment,
  'sales-order': () => blueCherry.cancelReplacementOrder,
  'po-receipt': () => blueCherry.reverseReceipt,
};

/** Who stands behind the object, for every question about its reversal. */
type Behind = Pick<Stakes, 'requesters' | 'customer' | 'businessDate'>;

/**
 * Looks what stands posted under these workflows, as far as `wanted`, and takes it over as this saga's own: it is past
 * its pivot then. Waits while one of the documents is on its way.
 */
export async function takeOver(
  run: Run,
  workflowIds: string[],
  behind: Behind,
  wanted: (step: string) => boolean = () => true,
): Promise<PostedStep[]> {
  const posted = await run.read('Look what earlier versions posted', postings.postedUnder, { workflowIds });
  const earlier = postedBefore(
    behind,
    posted.filter(({ step }) => wanted(step)),
  );
  if (earlier.length === 0) return earlier;
  run.posted.splice(0, run.posted.length, ...earlier);
  run.board.serves(earlier.map(({ posting }) => posting.document.division));
  return run.passPivot(earlier);
}

/** Posted documents as steps that can be reversed, whichever saga posted them. */
export function postedBefore(behind: Behind, earlier: readonly PostedUnder[]): PostedStep[] {
  return earlier.map(({ reference, step, document: content, result }) => {
    const reverse = REVERSALS[content.kind]();
    const credit = 'total' in content ? content.total : null;
    return {
      reference,
      result,
      posting: {
        step,
        title: `${content.kind} ${result.documents.map((d) => d.number).join(', ') || 'whose outcome is not known'}`,
        document: content,
        stakes: {
          amount: credit === null ? null : negate(credit),
          baseAmount: credit,
          units: 0,
          twoPeople: false,
          ...behind,
        },
        corrections: [],
        send: () => Promise.resolve(result),
        reverse: (request) => reverse.executeWithOptions({ summary: `Reverse ${step}` }, [request]),
      },
    };
  });
}
