/** Granting the units of order lines to returns, in source order, under the locks of the order lines. */
import { money, minorOf, type Money } from '../../domain/money.js';
import type { ReturnDocument } from '../../domain/return/document.js';
import type { Grant } from '../../domain/return/facts.js';
import { foldGrants, type OrderLineSold, type Wish as FoldWish } from '../../domain/return/grants.js';
import type { TiedLine } from '../../domain/return/lines.js';
import {
  forgetGivenBack,
  giveBackGrants,
  grantsOf,
  insertWishes,
  orderLinesOf,
  writeGrant,
  type WrittenGrant,
} from '../../store/claims.js';
import { wishesFor, type StandingWish } from '../../store/claim-queue.js';
import type { Db, Queryable } from '../../store/database.js';
import { lockFor } from '../../store/locks.js';

interface TiedToSale {
  lineNo: number;
  quantity: number;
  line: OrderLineSold;
}

/** The lines of a return that have an original order line. */
const tiedToSale = (tied: readonly TiedLine[]): TiedToSale[] =>
  tied.flatMap(({ line, orderNo, sold }) =>
    sold === null
      ? []
      : [
          {
            lineNo: line.lineNo,
            quantity: line.quantity,
            line: {
              orderNo,
              orderLine: sold.orderLine,
              unitPrice: sold.unitPrice,
              quantity: sold.quantity,
              discount: sold.discount,
              net: sold.net,
              tax: sold.tax,
            },
          },
        ],
  );

const keyOf = (line: { orderNo: string; orderLine: number }): string => `${line.orderNo}/${line.orderLine}`;

const toFact = (written: WrittenGrant): Grant => ({
  lineNo: written.lineNo,
  asked: written.asked,
  left: written.left,
  granted: written.granted,
  net: money(written.netMinor, written.currency),
  tax: money(written.taxMinor, written.currency),
  siblings: written.siblings,
});

/**
 * The grants of one version of a return. Earlier wishes on the same order lines get theirs first, whether or not
 * their sagas have run; what is written never changes until it is given back. Grants of earlier versions of the same return are given back:
 * the newer version takes their place.
 */
export function grantReturn(db: Db, document: ReturnDocument, tied: readonly TiedLine[]): Promise<Grant[]> {
  const lines = tiedToSale(tied);
  const { source, returnNo, version } = document;
  return db.transaction().execute(async (tx) => {
    const held = await orderLinesOf(tx, source, returnNo);
    await lockFor(tx, 'order-line', [...lines.map((each) => keyOf(each.line)), ...held.map(keyOf)]);
    await insertWishes(
      tx,
      lines.map((each) => wishOf(document, each)),
    );
    await giveBackGrants(tx, {
      source,
      returnNo,
      why: `version ${version} took its place`,
      before: version,
    });
    await forgetGivenBack(tx, source, returnNo, version);
    const mine = await grantsOf(tx, source, returnNo, version);
    const settled = (each: TiedToSale): boolean =>
      mine.some((grant) => grant.lineNo === each.lineNo && keyOf(grant) === keyOf(each.line));
    const open = new Map(lines.filter((each) => !settled(each)).map((each) => [keyOf(each.line), each.line]));
    for (const line of open.values()) await grantOrderLine(tx, line, document);
    const written = await grantsOf(tx, source, returnNo, version);
    return lines.flatMap((each) => {
      const grant = written.find((one) => one.lineNo === each.lineNo);
      return grant === undefined ? [] : [toFact(grant)];
    });
  });
}

const wishOf = (document: ReturnDocument, each: TiedToSale) => ({
  source: document.source,
  returnNo: document.returnNo,
  version: document.version,
  lineNo: each.lineNo,
  orderNo: each.line.orderNo,
  orderLine: each.line.orderLine,
  quantity: each.quantity,
  sourceTime: document.processedAt,
  seq: document.seq,
});

const toFoldWish = (wish: StandingWish, currency: string): FoldWish => {
  const base = {
    returnNo: wish.returnNo,
    lineNo: wish.lineNo,
    quantity: wish.quantity,
    sourceTime: wish.sourceTime,
    seq: wish.seq,
    state: 'active' as const,
  };
  if (wish.granted === null) return base;
  const amount = (minor: string): Money => money(minor, wish.granted?.currency || currency);
  const { quantity, netMinor, taxMinor } = wish.granted;
  return { ...base, granted: { quantity, net: amount(netMinor), tax: amount(taxMinor) } };
};

/** Folds the queue of one order line and writes the grants of this return and of every wish before it. */
async function grantOrderLine(tx: Queryable, line: OrderLineSold, document: ReturnDocument): Promise<void> {
  const queue = await wishesFor(tx, line, document);
  const folded = foldGrants(
    line,
    queue.map((wish) => toFoldWish(wish, line.net.currency)),
  );
  const last = folded.map((grant) => grant.returnNo).lastIndexOf(document.returnNo);
  for (const grant of folded.slice(0, last + 1)) {
    const wish = queue.find(
      (each) => each.granted === null && each.returnNo === grant.returnNo && each.lineNo === grant.lineNo,
    );
    if (wish === undefined) continue;
    await writeGrant(tx, {
      source: wish.source,
      returnNo: grant.returnNo,
      version: wish.version,
      lineNo: grant.lineNo,
      orderNo: line.orderNo,
      orderLine: line.orderLine,
      asked: grant.asked,
      left: grant.left,
      granted: grant.granted,
      netMinor: String(minorOf(grant.net)),
      taxMinor: String(minorOf(grant.tax)),
      currency: grant.net.currency,
      siblings: grant.siblings,
    });
  }
}
