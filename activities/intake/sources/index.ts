/** The feeds there are. */
import { goodsIn } from './goods-in.js';
import { movements } from './movements.js';
import { purchaseOrders } from './purchase-orders.js';
import { returns } from './returns.js';
import type { FeedSource, ObjectSource } from './source.js';

export type { FeedSource, ObjectSource, PurchaseOrderReads, Systems } from './source.js';

export const RETURNS_FEED = 'archean.returns';
export const GOODS_IN_FEED = 'archean.goods-in';
export const PURCHASE_ORDERS_FEED = 'blue-cherry.purchase-orders';
export const MOVEMENTS_FEED = 'archean.movements';

/** Feeds of business objects, each with a saga of its own. */
export const OBJECTS: Readonly<Record<string, ObjectSource>> = {
  [RETURNS_FEED]: returns,
  [GOODS_IN_FEED]: goodsIn,
  [PURCHASE_ORDERS_FEED]: purchaseOrders,
};

export const SOURCES: Readonly<Record<string, FeedSource>> = { ...OBJECTS, [MOVEMENTS_FEED]: movements };
