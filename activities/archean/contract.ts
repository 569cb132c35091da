/** The verbs Archean offers to sagas: what it is told of goods to come, in domain terms. */
import type { Announced, AnnouncedLine } from '../../domain/expected/plan.js';

/** Names a write once and for all: the saga's id and step, and the order's revision. */
interface Named {
  reference: string;
  revision: number;
  poNo: string;
}

/** Done, or the goods were counted in before it was told: then nothing is to be done any more. */
export type Told = { state: 'done'; goodsInNo: string } | { state: 'too-late'; goodsInNo: string; why: string };

export interface Archean {
  /** What came of everything that was announced of an order, as Archean has it now. */
  findExpected(query: { poNo: string }): Promise<Announced[]>;
  /** Announces goods to come. The same reference again answers the first record. Refused: UnknownSku, ReferenceReused, Refused. */
  expectGoods(request: Named & { location: string; lines: AnnouncedLine[] }): Promise<Told>;
  /** Replaces the lines of an announcement. Refused as above. */
  amendExpected(request: Named & { goodsInNo: string; lines: AnnouncedLine[] }): Promise<Told>;
  /** Takes an announcement back; done already is done. */
  cancelExpected(request: Named & { goodsInNo: string }): Promise<Told>;
}
