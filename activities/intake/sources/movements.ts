/** Archean's movements as the inbox keeps them: proof for the saga of their document (facts/archean-r247.md 3.3). */
import { ArcheanMovement } from '../../../clients/archean/schema.js';
import { GoodsInNo } from '../../../domain/receipt/document.js';
import { ReturnNo } from '../../../domain/return/document.js';
import { digestOf } from '../../../store/canonical.js';
import type { NewEvent } from '../../../store/inbox.js';
import { ARCHEAN, dateFault, faultsOf, malformed } from './rows.js';
import type { FeedSource } from './source.js';

/** Movement types of facts/archean-r247.md 3.3; anything else is an exception, never ignored. */
const MOVEMENT_TYPES = new Set([
  'GOODS_IN',
  'DISPATCH',
  'RETURN_RESTOCK',
  'RETURN_QUARANTINE',
  'ADJUSTMENT',
  'COUNT',
  'TRANSFER_OUT',
  'TRANSFER_IN',
  'WRITE_OFF',
  'VOID',
]);

/** The objects whose documents movements belong to, and what their numbers look like. */
const OWNERS = {
  RETURN: { kind: 'return', key: ReturnNo },
  GOODS_IN: { kind: 'goods-in', key: GoodsInNo },
} as const;

const NOT_SWITCHED_ON: Record<'DISPATCH' | 'NONE', string> = {
  DISPATCH: 'dispatches are not switched on yet (SG-07): kept, nothing posted',
  NONE: 'stock movements without a document are not switched on yet (SG-01): kept, nothing posted',
};

/**
 * One row of GET /movements as the inbox keeps it. One that belongs to a return or a delivery is proof for its saga
 * (facts/archean-r247.md 3.3, one event, one door); others are kept and counted until their process is switched on.
 */
export function movementEvent(raw: unknown, now: Date): NewEvent {
  const parsed = ArcheanMovement.safeParse(raw);
  if (!parsed.success) return malformed(ARCHEAN, 'movement', raw, faultsOf(parsed.error));
  const wire = parsed.data;
  if (!MOVEMENT_TYPES.has(wire.type)) return malformed(ARCHEAN, 'movement', raw, `type: "${wire.type}" is not known`);
  const fault = dateFault(wire.recordedAt, 'recordedAt', now);
  if (fault !== null) return malformed(ARCHEAN, 'movement', raw, fault);
  const { documentType } = wire;
  const off = documentType === 'DISPATCH' || documentType === 'NONE';
  if (!off && !OWNERS[documentType].key.safeParse(wire.documentId).success)
    return malformed(
      ARCHEAN,
      'movement',
      raw,
      `documentId: "${wire.documentId}" is the number of no ${OWNERS[documentType].kind}`,
    );
  return {
    source: ARCHEAN,
    kind: 'movement',
    sourceId: wire.id,
    version: 1,
    payload: wire,
    digest: digestOf(wire),
    sourceTime: wire.recordedAt,
    seq: wire.seq,
    documentId: wire.documentType === 'NONE' ? null : `${wire.documentType}/${wire.documentId}`,
    state: off ? 'ignored' : 'new',
    reason: off ? NOT_SWITCHED_ON[documentType] : null,
    wishes: [],
    codes: [],
  };
}

/** The object whose document a movement belongs to. @throws RangeError for one that belongs to none we know. */
export function ownerOf({ documentType, documentId }: ArcheanMovement): { kind: string; key: string } {
  if (documentType === 'DISPATCH' || documentType === 'NONE')
    throw new RangeError(`a movement of ${documentType} belongs to no process`);
  return { kind: OWNERS[documentType].kind, key: documentId };
}

export const movements: FeedSource = {
  source: ARCHEAN,
  kind: 'movement',
  page: ({ archean }, afterSeq, limit) => archean.movementsAfter(afterSeq, limit),
  event: (raw, _zone, now) => movementEvent(raw, now),
};
