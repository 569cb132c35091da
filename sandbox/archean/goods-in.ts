/** Goods-in as Archean keeps them: the newest version of each record, and every version a reader may see by its seq. */
import type { ArcheanGoodsIn } from '../../clients/archean/schema.js';
import { refill, type Kept } from '../core/index.js';
import type { Log, Sequence } from './log.js';
import { createReferences, type References } from './orders.js';
import type { Webhooks } from './webhooks.js';

/** Told of what was emitted. `unreadable` names a row that no reader can make sense of. */
export interface GoodsInWitness {
  /** A delivery was completed, corrected or reversed. */
  delivered(row: ArcheanGoodsIn, className: string): void;
  unreadable(key: string): void;
}

/** What one pack holds: articles as this system spells them, and how many of each. */
export type PackContents = { sku: string; units: number }[];

export interface HeldGoodsIn {
  records: Map<string, ArcheanGoodsIn>;
  log: ReturnType<Log<unknown>['held']>;
  refs: ReturnType<References<ArcheanGoodsIn>['held']>;
  packs: Map<string, PackContents>;
}

export interface GoodsInBooks extends Kept<HeldGoodsIn> {
  /** Every version of a completed goods-in is a row; rows that were malformed on purpose are `unknown`. */
  goodsInLog: Log<unknown>;
  /** References of announcements and of amendments, one series. */
  goodsInRefs: References<ArcheanGoodsIn>;
  /** What this system itself knows of a prepack or a carton, by the code its lines bear. */
  packs: Map<string, PackContents>;
  /** Writes a version of a record; the seq is given here. `prompt`: never visible late. */
  saveGoodsIn(
    row: Omit<ArcheanGoodsIn, 'seq'>,
    options?: { className?: string | undefined; prompt?: boolean | undefined },
  ): ArcheanGoodsIn;
  addMalformedGoodsIn(row: Record<string, unknown>): unknown;
  goodsIn(id: string): ArcheanGoodsIn | undefined;
  /** The newest version of every record, oldest change first. */
  allGoodsIn(): ArcheanGoodsIn[];
}

interface Makings {
  log: Log<unknown>;
  sequence: Sequence;
  webhooks: Webhooks;
  witness: () => GoodsInWitness | null;
}

/** Whether readers of the listing see a record: announcements are ours, they come back completed or not at all. */
const listed = ({ state }: Pick<ArcheanGoodsIn, 'state'>): boolean => state === 'COMPLETED' || state === 'REVERSED';

/** Empty books of goods-in. */
export function createGoodsIn({ log, sequence, webhooks, witness }: Makings): GoodsInBooks {
  const records = new Map<string, ArcheanGoodsIn>();
  const packs = new Map<string, PackContents>();
  const refs = createReferences<ArcheanGoodsIn>();
  return {
    goodsInLog: log,
    goodsInRefs: refs,
    packs,
    saveGoodsIn: (row, { className = 'event', prompt = false } = {}) => {
      const written: ArcheanGoodsIn = { ...row, seq: sequence.next() };
      records.set(written.id, written);
      if (!listed(written)) return written;
      log.append(written.seq, written, prompt);
      witness()?.delivered(written, className);
      webhooks.send({ type: 'goodsin.completed', seq: written.seq, id: written.id });
      return written;
    },
    addMalformedGoodsIn: (row) => {
      const seq = sequence.next();
      const written = { ...row, seq };
      log.append(seq, written);
      witness()?.unreadable(typeof row['id'] === 'string' ? row['id'] : `seq ${seq}`);
      webhooks.send({ type: 'goodsin.completed', seq, id: '' });
      return written;
    },
    goodsIn: (id) => records.get(id),
    allGoodsIn: () => [...records.values()].sort((a, b) => a.seq - b.seq),
    held: () => ({ records, log: log.held(), refs: refs.held(), packs }),
    resume: (held) => {
      refill(records, held.records);
      refill(packs, held.packs);
      log.resume(held.log);
      refs.resume(held.refs);
    },
  };
}
