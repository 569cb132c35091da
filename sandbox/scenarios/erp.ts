/** What a scenario or a history needs of the ERP: books to write the past into, and their dump to read back. */
import type { BlueCherry } from '../blue-cherry/index.js';
import type { ReckonedDocument } from '../reckoning/index.js';

export type Erp = Pick<BlueCherry, 'books' | 'dump'>;

/** Whether the ERP holds what a return led to: its credit memos, or where there are none its adjustments. */
export function holdsAny(erp: Pick<Erp, 'dump'>, documents: readonly ReckonedDocument[]): boolean {
  const memos = documents.filter((document) => document.kind === 'credit memo');
  const wanted = memos.length > 0 ? memos : documents;
  const lines = (all: readonly { sku: string; quantity: string }[]): string =>
    all.map((line) => `${line.sku}×${line.quantity}`).join();
  const held = erp.dump().documents.filter((one) => one.status !== 'REJECTED');
  return wanted.some((document) =>
    held.some(
      (one) =>
        one.kind === document.kind &&
        one.division === document.division &&
        (document.kind === 'credit memo'
          ? one.orderNo === document.orderNo && one.amount === document.amount
          : one.warehouse === document.warehouse && lines(one.lines) === lines(document.lines)),
    ),
  );
}
