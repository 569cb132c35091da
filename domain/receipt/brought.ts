/** Cartons and prepacks as eaches, and how what came differs from what the order takes. */
import type { ReceiptAnswer } from './answers.js';
import { choiceOf } from './answers.js';
import type { GoodsIn, GoodsInLine } from './document.js';
import type { ReceiptFacts } from './facts.js';
import type { Brought } from './grants.js';
import type { PurchaseOrder } from './purchase-order.js';

/** Units of one item in one line of a delivery. */
export interface LineUnits {
  lineNo: number;
  item: string;
  sku: string;
  quality: GoodsInLine['quality'];
  expected: number;
  received: number;
  /** Of `received`. */
  damaged: number;
}

/** The lines of a delivery in eaches. Damage of a prepack is spread over its sizes in their order. */
export function inEaches(document: GoodsIn, lines: ReceiptFacts['lines']): LineUnits[] {
  return document.lines.flatMap((line) => {
    let damaged = line.damagedUnits;
    const contents = lines.find(({ lineNo }) => lineNo === line.lineNo)?.contents ?? [];
    return contents.map(({ item, units }) => {
      const received = line.received * units;
      const ruined = Math.min(damaged, received);
      damaged -= ruined;
      const { lineNo, sku, quality } = line;
      return { lineNo, item, sku, quality, expected: line.expected * units, received, damaged: ruined };
    });
  });
}

/** What a delivery asks of its order's lines: all that came, damaged or not. */
export const broughtBy = (document: GoodsIn, lines: ReceiptFacts['lines']): Brought[] =>
  inEaches(document, lines)
    .map(({ lineNo, item, quality, received: units }) => ({ lineNo, item, quality, units }))
    .filter(({ units }) => units > 0);

/**
 * What it asks for once more, after the order was raised: sound units it was not granted. An article that was put on the
 * order is asked for as soon as somebody says so, more of one that was on it once its taking is decided.
 */
export function wantedSince(
  document: GoodsIn,
  facts: Pick<ReceiptFacts, 'lines' | 'grants' | 'extra'>,
  answers: readonly ReceiptAnswer[],
): Brought[] {
  const take = choiceOf(answers, 'extra') === 'take';
  const added = choiceOf(answers, 'not-on-order') === 'look-again';
  return inEaches(document, facts.lines)
    .map((line) => ({ line, first: grantedTo(line, facts.grants), since: grantedTo(line, facts.extra) }))
    .filter(({ first }) => take || (added && first === 0))
    .map(({ line: { lineNo, item, quality, received, damaged }, first, since }) => ({
      ...{ lineNo, item, quality },
      units: received - damaged - first - since,
    }))
    .filter(({ units }) => units > 0);
}

const grantedTo = ({ lineNo, item }: Pick<LineUnits, 'lineNo' | 'item'>, grants: ReceiptFacts['grants']): number =>
  grants.filter((grant) => grant.lineNo === lineNo && grant.item === item).reduce((sum, { units }) => sum + units, 0);

/** Units of one line that are another matter than receiving what was ordered. */
export interface Disputed {
  lineNo: number;
  item: string;
  sku: string;
  units: number;
}
export interface Differences {
  notOnOrder: Disputed[];
  extra: Disputed[];
  damaged: Disputed[];
  short: Disputed[];
}

/** How a delivery differs from its order and from what was expected. What more is to come is not short. */
export function differencesOf(document: GoodsIn, order: PurchaseOrder, facts: ReceiptFacts): Differences {
  const lines = inEaches(document, facts.lines);
  const ordered = new Set(order.lines.map(({ item }) => item));
  const of = (units: (line: LineUnits) => number): Disputed[] =>
    lines.map((line) => ({ ...pick(line), units: units(line) })).filter((each) => each.units > 0);
  const granted = (line: LineUnits): number => grantedTo(line, facts.grants) + grantedTo(line, facts.extra);
  return {
    notOnOrder: of((line) => (ordered.has(line.item) ? 0 : line.received)),
    // Damaged units count last: what the order does not take of them is damaged all the same.
    extra: of((line) => (ordered.has(line.item) ? line.received - line.damaged - granted(line) : 0)),
    damaged: of((line) => (ordered.has(line.item) ? line.damaged : 0)),
    short: document.moreToCome ? [] : of((line) => (ordered.has(line.item) ? line.expected - line.received : 0)),
  };
}

const pick = ({ lineNo, item, sku }: LineUnits): Omit<Disputed, 'units'> => ({ lineNo, item, sku });
