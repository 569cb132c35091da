/** Archean's goods-in records as the inbox keeps them and as their sagas read them (facts/archean-r247.md 3.3). */
import type { z } from 'zod';
import { ArcheanGoodsIn } from '../../../clients/archean/schema.js';
import { businessDateOf } from '../../../domain/business-date.js';
import { GoodsIn } from '../../../domain/receipt/document.js';
import { digestOf } from '../../../store/canonical.js';
import type { EventRow, NewEvent, SeenCode } from '../../../store/inbox.js';
import { ARCHEAN, dateFault, faultsOf, malformed } from './rows.js';
import type { ObjectSource } from './source.js';

const LARGEST_LINES = 2000;
/** Of one line, in its own unit: more is a broken field. */
const MOST_UNITS = 1_000_000;

/** The unit that received and damaged both count in; what a carton or a prepack holds is not known here. */
const EACH = 'EA';

const QUALITIES = { FIRST: 'first', IRREGULAR: 'irregular' } as const;

/** How a delivery names its order in the inbox. */
export const purchaseOrderId = (poNo: string): string => `PURCHASE_ORDER/${poNo.trim()}`;

/** A wire record in domain terms, not checked yet. */
function draftOf(wire: ArcheanGoodsIn, completedAt: string, zone: string): z.input<typeof GoodsIn> {
  return {
    source: ARCHEAN,
    goodsInNo: wire.id,
    version: wire.version,
    seq: wire.seq,
    state: wire.state === 'REVERSED' ? 'reversed' : 'completed',
    poNo: wire.poNo.trim(),
    location: wire.location,
    receivedBy: wire.completedBy,
    completedAt,
    businessDate: businessDateOf(completedAt, zone),
    moreToCome: wire.followedBy !== null,
    lines: wire.lines.map(({ lineNo, sku, uom, quality, expected, received, damagedUnits }) => ({
      ...{ lineNo, sku, uom, expected, received, damagedUnits },
      quality: QUALITIES[quality],
    })),
  };
}

/** What the schema cannot say: line numbers twice, too many of anything, dates nobody means. */
function faultOf(wire: ArcheanGoodsIn, zone: string, now: Date): string | null {
  const numbers = new Set(wire.lines.map((line) => line.lineNo));
  if (numbers.size !== wire.lines.length) return 'lines: two of them bear one line number';
  if (wire.lines.length > LARGEST_LINES) return `lines: more than ${LARGEST_LINES}`;
  const large = wire.lines.find((line) => Math.max(line.expected, line.received) > MOST_UNITS);
  if (large !== undefined) return `lines: line ${large.lineNo} counts more than ${MOST_UNITS} ${large.uom}`;
  const ruined = wire.lines.find((line) => line.uom === EACH && line.damagedUnits > line.received);
  if (ruined !== undefined)
    return `lines: line ${ruined.lineNo} has ${ruined.damagedUnits} damaged of ${ruined.received} received`;
  if (wire.completedAt === null) return 'completedAt: a completed delivery has an instant';
  const dated = dateFault(wire.completedAt, 'completedAt', now);
  if (dated !== null) return dated;
  const document = GoodsIn.safeParse(draftOf(wire, wire.completedAt, zone));
  return document.success ? null : faultsOf(document.error);
}

const isAnnounced = ({ state }: ArcheanGoodsIn): boolean => state === 'EXPECTED' || state === 'CANCELLED';

function codesOf(wire: ArcheanGoodsIn, businessDate: string): SeenCode[] {
  const skus = wire.lines.filter(({ uom }) => uom !== 'PPK').map(({ sku }) => sku);
  return [
    { kind: 'location', code: wire.location, businessDate },
    ...[...new Set(skus)].map((code): SeenCode => ({ kind: 'sku', code, businessDate })),
  ];
}

/** One row of GET /goods-in as the inbox keeps it. What is only announced, or was cancelled, is kept and leads to nothing. */
export function goodsInEvent(raw: unknown, zone: string, now: Date): NewEvent {
  const parsed = ArcheanGoodsIn.safeParse(raw);
  if (!parsed.success) return malformed(ARCHEAN, 'goods-in', raw, faultsOf(parsed.error));
  const wire = parsed.data;
  const announced = isAnnounced(wire);
  const fault = announced ? null : faultOf(wire, zone, now);
  if (fault !== null) return malformed(ARCHEAN, 'goods-in', raw, fault);
  return {
    source: ARCHEAN,
    kind: 'goods-in',
    sourceId: wire.id,
    version: wire.version,
    payload: wire,
    digest: digestOf(wire),
    sourceTime: wire.completedAt,
    seq: wire.seq,
    documentId: wire.poNo.trim() === '' ? null : purchaseOrderId(wire.poNo),
    state: announced ? 'ignored' : 'new',
    reason: announced ? 'announced, not received' : null,
    wishes: [],
    codes: announced || wire.completedAt === null ? [] : codesOf(wire, businessDateOf(wire.completedAt, zone)),
  };
}

/** A delivery of the inbox in domain terms. */
export function deliveryOf(
  { payload, receivedAt }: Pick<EventRow, 'payload'> & Partial<Pick<EventRow, 'receivedAt'>>,
  zone: string,
): GoodsIn {
  const wire = ArcheanGoodsIn.parse(payload);
  const takenIn = receivedAt === undefined ? {} : { takenInOn: businessDateOf(receivedAt, zone) };
  return GoodsIn.parse({ ...draftOf(wire, wire.completedAt ?? '', zone), ...takenIn });
}

export const goodsIn: ObjectSource = {
  source: ARCHEAN,
  kind: 'goods-in',
  page: ({ archean }, afterSeq, limit) => archean.goodsInAfter(afterSeq, limit),
  event: goodsInEvent,
  find: ({ archean }, key) => archean.findGoodsIn(key),
  document: ({ zone }, row) => Promise.resolve(deliveryOf(row, zone)),
};
