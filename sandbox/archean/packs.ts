/** Cartons and prepacks in eaches: Archean counts its stock piece by piece, however goods were packed. */
import type { ArcheanGoodsIn, ArcheanGoodsInLine, ArcheanMovement } from '../../clients/archean/schema.js';
import type { ItemFacts } from '../reckoning/index.js';
import type { PackContents } from './goods-in.js';

export interface PackKnowledge {
  packs: ReadonlyMap<string, PackContents>;
  item(code: string): ItemFacts | undefined;
}

/** What one of a line's units holds; nothing when nobody knows the pack, and then its goods are not counted yet. */
export function piecesOf(line: Pick<ArcheanGoodsInLine, 'sku' | 'uom'>, known: PackKnowledge): PackContents {
  if (line.uom === 'EA') return [{ sku: line.sku, units: 1 }];
  const own = known.packs.get(line.sku);
  if (own !== undefined) return own;
  const units = line.uom === 'CTN' ? (known.item(line.sku)?.unitsPerCase ?? 0) : 0;
  return units > 0 ? [{ sku: line.sku, units }] : [];
}

interface Counted {
  lineNo: number;
  sku: string;
  condition: string;
  quantity: number;
}

/** Adds a record's eaches to the count, per line and article; `sign` -1 takes them off. */
function count(into: Map<string, Counted>, row: Omit<ArcheanGoodsIn, 'seq'>, known: PackKnowledge, sign: 1 | -1): void {
  for (const line of row.lines)
    for (const { sku, units } of piecesOf(line, known)) {
      const key = `${line.lineNo}\n${sku}`;
      const held = into.get(key) ?? { lineNo: line.lineNo, sku, condition: line.quality, quantity: 0 };
      held.quantity += sign * units * line.received;
      into.set(key, held);
    }
}

/** The movements by which a version differs from the one before (`null`: the first); a reversed one holds nothing. */
export function movementsBetween(
  before: Omit<ArcheanGoodsIn, 'seq'> | null,
  after: ArcheanGoodsIn,
  known: PackKnowledge,
  stamp: { nextId: () => string; now: string },
): Omit<ArcheanMovement, 'seq'>[] {
  const counted = new Map<string, Counted>();
  if (after.state === 'COMPLETED') count(counted, after, known, 1);
  if (before !== null) count(counted, before, known, -1);
  return [...counted.values()]
    .filter(({ quantity }) => quantity !== 0)
    .map(({ lineNo, sku, condition, quantity }) => ({
      id: stamp.nextId(),
      type: quantity > 0 ? 'GOODS_IN' : 'VOID',
      sku,
      location: after.location,
      quantity,
      occurredAt: (before === null ? after.completedAt : null) ?? stamp.now,
      recordedAt: stamp.now,
      reasonCode: '',
      documentType: 'GOODS_IN',
      documentId: after.id,
      documentLine: lineNo,
      correlationId: after.poNo,
      condition,
    }));
}
