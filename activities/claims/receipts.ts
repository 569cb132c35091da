/** Mappings and units of a delivery: who of several gets what the order still takes. */
import { choiceOf, type ReceiptAnswer } from '../../domain/receipt/answers.js';
import { broughtBy, wantedSince } from '../../domain/receipt/brought.js';
import type { GoodsIn, GoodsInLine } from '../../domain/receipt/document.js';
import type { Content, MappedGoods, ReceiptFacts } from '../../domain/receipt/facts.js';
import { refusedOf } from '../../domain/receipt/documents.js';
import {
  cameAlthoughGivenUp,
  grantInOrder,
  withoutReceivedElsewhere,
  type Brought,
  type Queued,
  type ReceiptGrant,
} from '../../domain/receipt/grants.js';
import { WRITE_OFF } from '../../domain/receipt/plan.js';
import type { PurchaseOrder } from '../../domain/receipt/purchase-order.js';
import { itemKeyDivision } from '../../domain/sku.js';
import type { Db, Queryable } from '../../store/database.js';
import { unfinishedOf } from '../../store/inbox-siblings.js';
import {
  lookupItems,
  lookupLocation,
  lookupPrepacks,
  lookupReason,
  mappersOf,
  type LookedUpCode,
} from '../../store/mapping-lookups.js';
import {
  addExtra,
  cameAfterAll,
  giveBackReceipt,
  giveUp,
  givenUpOn,
  holdingsOn,
  lockOrder,
  ordersGivenUpBy,
  releaseUnits,
  settledAmong,
  withdrawGivenUp,
  writeClaim,
} from '../../store/receipts.js';
import { deliveryOf, purchaseOrderId } from '../intake/sources/goods-in.js';
import type { ClaimsDeps } from './index.js';
import type { Claims } from './contract.js';

/** Units of receiving: eaches, cartons of one item, prepacks whose `sku` is their own code. */
const EACH = 'EA';
const CARTON = 'CTN';
const PREPACK = 'PPK';

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
  const contents = new Map<string, Content>();
  for (const { code, units } of entries) {
    const found = items.get(code);
    if (found === undefined || found.state === 'unknown') return failed('unknown-sku');
    if (found.state === 'ambiguous') return failed('ambiguous-sku');
    const pack = uom === CARTON ? found.unitsPerCase : uom === EACH || uom === PREPACK ? 1 : null;
    if (pack === null) return failed('unknown-pack');
    const { item } = found;
    // One article may stand in a prepack under two codes.
    const before = contents.get(item)?.units ?? 0;
    contents.set(item, { item, division: itemKeyDivision(item), units: before + units * pack });
  }
  return { lineNo, problem: 'none', contents: [...contents.values()] };
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

/** Deliveries of the order that happened before this one and have neither claimed nor ended, in source order. */
async function deliveriesBefore(q: Queryable, poNo: string, document: GoodsIn, zone: string): Promise<GoodsIn[]> {
  const { source } = document;
  const rows = await unfinishedOf(q, { source, kind: 'goods-in', documentId: purchaseOrderId(poNo) });
  const before = rows
    .map((row) => deliveryOf(row, zone))
    .filter(
      (each) => each.state === 'completed' && each.goodsInNo !== document.goodsInNo && inOrder(each, document) < 0,
    );
  const settled = await settledAmong(q, before);
  return before.filter((each) => !settled.has(keyOf(each))).sort(inOrder);
}

const inOrder = (a: GoodsIn, b: GoodsIn): number =>
  Date.parse(a.completedAt) - Date.parse(b.completedAt) || a.seq - b.seq;

interface Claimed {
  lines: MappedGoods[];
  answers: readonly ReceiptAnswer[];
  zone: string;
}

/**
 * Serves earlier deliveries of the order first, whether or not their sagas have run, then this one. What it was granted
 * at its first claim stays; refused units are released, and what it takes since comes on top.
 */
function claimUnits(
  db: Db,
  document: GoodsIn,
  order: PurchaseOrder,
  { lines, answers, zone }: Claimed,
): Promise<Pick<ReceiptFacts, 'claimed' | 'grants' | 'extra' | 'givenUp'>> {
  const mine = keyOf(document);
  const { poNo } = order;
  return db.transaction().execute(async (tx) => {
    await lockOrder(tx, poNo);
    const holdings = await holdingsOn(tx, poNo);
    const own = holdings.get(mine);
    if (order.status !== 'open' && own?.version !== document.version) return nothingOn(await givenUpOn(tx, poNo));
    const room = withoutReceivedElsewhere(
      order,
      [...holdings.values()].flatMap(({ held }) => held),
    );
    holdings.delete(mine);
    const served = [...holdings].map(([key, { held }]): Queued => ({ goodsInNo: key, brought: [], granted: held }));
    const serve = async (delivery: GoodsIn, brought: Brought[]): Promise<ReceiptGrant[]> => {
      const key = keyOf(delivery);
      const queue = [...served, { goodsInNo: key, brought, granted: null }];
      const granted = grantInOrder(room, queue).get(key) ?? [];
      await writeClaim(tx, delivery, poNo, granted);
      served.push({ goodsInNo: key, brought: [], granted });
      return granted;
    };
    if (own?.version !== document.version)
      for (const earlier of await deliveriesBefore(tx, poNo, document, zone)) {
        const found = await lookups(tx, earlier);
        const mappedLines = earlier.lines.map((line) => mapLine(line, found));
        // What it brings is not known yet: it takes its turn when it is.
        if (mappedLines.some(({ problem }) => problem !== 'none')) continue;
        await serve(earlier, broughtBy(earlier, mappedLines));
      }
    const grants = own?.version === document.version ? own.first : await serve(document, broughtBy(document, lines));
    const extra = own?.version === document.version ? own.extra : [];
    await releaseUnits(tx, document, poNo, refusedOf({ document, facts: { lines, grants } }, answers));
    const wanted = wantedSince(document, { lines, grants, extra }, answers);
    const holding = { goodsInNo: mine, brought: [], granted: [...grants, ...extra] };
    const more = grantInOrder(room, [...served, holding, { goodsInNo: MORE, brought: wanted, granted: null }]);
    await addExtra(tx, document, poNo, more.get(MORE) ?? []);
    const now = await holdingsOn(tx, poNo);
    const held = [...now.values()].flatMap((each) => each.held);
    await cameAfterAll(tx, poNo, cameAlthoughGivenUp(order, held, await givenUpOn(tx, poNo)));
    return { claimed: true, grants, extra: now.get(mine)?.extra ?? [], givenUp: await givenUpOn(tx, poNo) };
  });
}

/** An order that takes nothing was not claimed on. */
const nothingOn = (
  givenUp: ReceiptFacts['givenUp'],
): Pick<ReceiptFacts, 'claimed' | 'grants' | 'extra' | 'givenUp'> => ({
  ...{ claimed: false, grants: [], extra: [], givenUp },
});

/** What a delivery asks for once more stands in the queue under a name of its own. */
const MORE = 'more';

const claimReceipt =
  (deps: ClaimsDeps): Claims['claimReceipt'] =>
  async ({ document, order, answers, zone }) => {
    const { db } = deps.store;
    const { source, location, businessDate } = document;
    const lines = await mapped(deps, document);
    const place = await lookupLocation(db, source, location, businessDate);
    const whole = place !== null && lines.every(({ problem }) => problem === 'none');
    const claimed =
      order === null || !whole
        ? nothingOn(order === null ? [] : await givenUpOn(db, order.poNo))
        : await claimUnits(db, document, order, { lines, answers, zone });
    const skus = document.lines.map(({ sku }) => sku);
    const inside = [...(await lookupPrepacks(db, source, skus, businessDate)).values()].flat().map(({ code }) => code);
    const reasons = choiceOf(answers, 'damaged') === 'damaged-by-us' ? [WRITE_OFF] : [];
    const used = { source, location, skus: [...skus, ...inside], prepacks: skus, reasons, charges: [], deductions: [] };
    return {
      location: place === null ? null : { warehouse: place.warehouse, divisions: place.divisions },
      lines,
      ...claimed,
      writeOffReason: await lookupReason(db, source, WRITE_OFF, businessDate),
      mappedBy: await mappersOf(db, used, businessDate),
    };
  };

export const createReceiptClaims = (
  deps: ClaimsDeps,
): Pick<Claims, 'claimReceipt' | 'giveUp' | 'givenUp' | 'giveBackReceipt' | 'reasonFor'> => ({
  claimReceipt: claimReceipt(deps),
  reasonFor: async ({ source, reason, businessDate }) => {
    const used = { source, location: '', skus: [], reasons: [reason], charges: [], deductions: [] };
    return {
      reason: await lookupReason(deps.store.db, source, reason, businessDate),
      mappedBy: await mappersOf(deps.store.db, used, businessDate),
    };
  },
  giveUp: ({ document, poNo, lines, by, why }) => giveUp(deps.store.db, document, poNo, { lines, by, why }),
  givenUp: async ({ poNo }) => ({ givenUp: await givenUpOn(deps.store.db, poNo) }),
  giveBackReceipt: async ({ source, goodsInNo, why }) => {
    await giveBackReceipt(deps.store.db, { source, goodsInNo, why });
    await withdrawGivenUp(deps.store.db, source, goodsInNo);
    return { gaveUp: await ordersGivenUpBy(deps.store.db, source, goodsInNo) };
  },
});
