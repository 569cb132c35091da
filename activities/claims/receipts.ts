/** Mappings and units of a delivery: who of several gets what the order still takes. */
import type { ReceiptAnswer } from '../../domain/receipt/answers.js';
import { broughtBy } from '../../domain/receipt/brought.js';
import type { GoodsIn, GoodsInLine } from '../../domain/receipt/document.js';
import type { Content, MappedGoods, ReceiptFacts } from '../../domain/receipt/facts.js';
import { grantInOrder, topUp, type Queued } from '../../domain/receipt/grants.js';
import { WRITE_OFF } from '../../domain/receipt/plan.js';
import type { PurchaseOrder } from '../../domain/receipt/purchase-order.js';
import { itemKeyDivision } from '../../domain/sku.js';
import type { Db, Queryable } from '../../store/database.js';
import { unfinishedOf } from '../../store/inbox.js';
import {
  lookupItems,
  lookupLocation,
  lookupPrepacks,
  lookupReason,
  mappersOf,
  type LookedUpCode,
} from '../../store/mapping-lookups.js';
import {
  giveBackReceipt,
  giveUp,
  givenUpOn,
  grantsOnOrder,
  lockOrder,
  withdrawGivenUp,
  writeGrants,
} from '../../store/receipts.js';
import { deliveryOf, purchaseOrderId } from '../intake/sources/goods-in.js';
import type { ClaimsDeps } from './index.js';
import type { Claims } from './contract.js';

/** The unit of a prepack, whose `sku` is its own code; any other unit but eaches is a carton of one item. */
const PREPACK = 'PPK';
const EACH = 'EA';

type Lookups = { items: Map<string, LookedUpCode>; prepacks: Awaited<ReturnType<typeof lookupPrepacks>> };

async function lookups(q: Queryable, { source, businessDate, lines }: GoodsIn): Promise<Lookups> {
  const packs = lines.filter(({ uom }) => uom === PREPACK).map(({ sku }) => sku);
  const prepacks = await lookupPrepacks(q, source, packs, businessDate);
  const inside = [...prepacks.values()].flat().map(({ code }) => code);
  const codes = [...lines.filter(({ uom }) => uom !== PREPACK).map(({ sku }) => sku), ...inside];
  return { prepacks, items: await lookupItems(q, source, codes, businessDate) };
}

function mapLine(line: GoodsInLine, { items, prepacks }: Lookups): MappedGoods {
  const { lineNo, sku, uom } = line;
  const failed = (problem: MappedGoods['problem']): MappedGoods => ({ lineNo, problem, contents: [] });
  const entries = uom === PREPACK ? prepacks.get(sku) : [{ code: sku, units: 1 }];
  if (entries === undefined) return failed('unknown-pack');
  const contents: Content[] = [];
  for (const { code, units } of entries) {
    const found = items.get(code);
    if (found === undefined || found.state === 'unknown') return failed('unknown-sku');
    if (found.state === 'ambiguous') return failed('ambiguous-sku');
    const pack = uom === EACH || uom === PREPACK ? 1 : found.unitsPerCase;
    if (pack === null) return failed('unknown-pack');
    contents.push({ item: found.item, division: itemKeyDivision(found.item), units: units * pack });
  }
  return { lineNo, problem: 'none', contents };
}

async function mapped(deps: ClaimsDeps, document: GoodsIn): Promise<MappedGoods[]> {
  const map = async (): Promise<MappedGoods[]> => {
    const found = await lookups(deps.store.db, document);
    return document.lines.map((line) => mapLine(line, found));
  };
  const first = await map();
  const unknown = first.some(({ problem }) => problem === 'unknown-sku' || problem === 'unknown-pack');
  if (!unknown || deps.refreshItems === undefined) return first;
  await deps.refreshItems();
  return map();
}

const keyOf = ({ source, goodsInNo }: Pick<GoodsIn, 'source' | 'goodsInNo'>): string => `${source}/${goodsInNo}`;

/** Deliveries of the order that happened before this one and that no saga has finished, in source order. */
async function deliveriesBefore(q: Queryable, poNo: string, document: GoodsIn, zone: string): Promise<GoodsIn[]> {
  const { source } = document;
  const rows = await unfinishedOf(q, { source, kind: 'goods-in', documentId: purchaseOrderId(poNo) });
  return rows
    .map((row) => deliveryOf(row, zone))
    .filter((each) => each.state === 'completed' && each.goodsInNo !== document.goodsInNo && inOrder(each, document) < 0)
    .sort(inOrder);
}

const inOrder = (a: GoodsIn, b: GoodsIn): number =>
  Date.parse(a.completedAt) - Date.parse(b.completedAt) || a.seq - b.seq;

/** Serves earlier deliveries of the order first, whether or not their sagas have run, then this one. */
function claimUnits(
  db: Db,
  document: GoodsIn,
  order: PurchaseOrder,
  { lines, answers, zone }: { lines: MappedGoods[]; answers: readonly ReceiptAnswer[]; zone: string },
): Promise<Pick<ReceiptFacts, 'grants' | 'givenUp'>> {
  const mine = keyOf(document);
  return db.transaction().execute(async (tx) => {
    await lockOrder(tx, order.poNo);
    const held = await grantsOnOrder(tx, order.poNo);
    const served: Queued[] = [...held]
      .filter(([key]) => key !== mine)
      .map(([key, { grants }]) => ({ goodsInNo: key, brought: [], granted: grants }));
    for (const earlier of await deliveriesBefore(tx, order.poNo, document, zone)) {
      if (held.has(keyOf(earlier))) continue;
      const found = await lookups(tx, earlier);
      const brought = broughtBy(earlier, earlier.lines.map((line) => mapLine(line, found)), []);
      const granted = grantInOrder(order, [...served, { goodsInNo: keyOf(earlier), brought, granted: null }]);
      const grants = granted.get(keyOf(earlier)) ?? [];
      await writeGrants(tx, earlier, order.poNo, grants);
      served.push({ goodsInNo: keyOf(earlier), brought: [], granted: grants });
    }
    const standing = held.get(mine);
    const own = standing?.version === document.version ? standing.grants : [];
    const grants = topUp(order, served, own, broughtBy(document, lines, answers));
    await writeGrants(tx, document, order.poNo, grants);
    return { grants, givenUp: await givenUpOn(tx, order.poNo) };
  });
}

const claimReceipt =
  (deps: ClaimsDeps): Claims['claimReceipt'] =>
  async ({ document, order, answers, zone }) => {
    const { db } = deps.store;
    const { source, location, businessDate } = document;
    const lines = await mapped(deps, document);
    const place = await lookupLocation(db, source, location, businessDate);
    const whole = place !== null && lines.every(({ problem }) => problem === 'none');
    const claimed =
      order === null || order.status !== 'open' || !whole
        ? { grants: [], givenUp: order === null ? [] : await givenUpOn(db, order.poNo) }
        : await claimUnits(db, document, order, { lines, answers, zone });
    const skus = document.lines.map(({ sku }) => sku);
    return {
      location: place === null ? null : { warehouse: place.warehouse, divisions: place.divisions },
      lines,
      ...claimed,
      writeOffReason: await lookupReason(db, source, WRITE_OFF, businessDate),
      mappedBy: await mappersOf(db, { source, location, skus, charges: [], deductions: [] }, businessDate),
    };
  };

export const createReceiptClaims = (
  deps: ClaimsDeps,
): Pick<Claims, 'claimReceipt' | 'giveUp' | 'giveBackReceipt'> => ({
  claimReceipt: claimReceipt(deps),
  giveUp: ({ document, poNo, lines, by, why }) => giveUp(deps.store.db, document, poNo, { lines, by, why }),
  giveBackReceipt: async ({ source, goodsInNo, why }) => {
    await giveBackReceipt(deps.store.db, { source, goodsInNo, why });
    await withdrawGivenUp(deps.store.db, source, goodsInNo);
  },
});
