/** The stub step that both contenders take: one stock adjustment that the stub worker answers at once. */
import type { StockAdjustment } from '../../domain/documents.js';

export const stepName = (index: number): string => `restock-${index + 1}`;
export const stepTitle = (index: number): string => `Restock 1 unit into warehouse 0${index % 9}`;

export const stepDocument = (index: number): StockAdjustment => ({
  kind: 'stock-adjustment',
  division: 'WOM',
  warehouse: `0${index % 9}`,
  businessDate: '2026-03-02',
  reasonCode: 'RET',
  lines: [{ item: 'WOM|00123|NVY|||08', quantity: 1 }],
  memo: 'stub',
});
