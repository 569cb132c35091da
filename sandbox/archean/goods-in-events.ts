/** Goods come in: as announced, otherwise, unannounced, counted again or taken back (facts/archean-r247.md 3.3). */
import { z } from 'zod';
import { ArcheanGoodsIn, type ArcheanGoodsInLine } from '../../clients/archean/schema.js';
import type { Clock, Random } from '../core/index.js';
import type { ArcheanBooks } from './books.js';
import { PLACES, type Erp } from './fill.js';
import { movementsBetween, piecesOf, type PackKnowledge } from './packs.js';

/** How a delivery is told of: under which label it is reckoned, and whether readers may see it late. */
export interface Manner {
  className?: string;
  prompt?: boolean;
}

interface Context {
  books: ArcheanBooks;
  clock: Clock;
  random: Random;
  erp: () => Erp;
}

const Whole = z.number().int().nonnegative().max(1_000_000);
/** What a payload may say of a line: one that was expected by its `lineNo`, or one more with its `sku`. */
const GivenLine = z.strictObject({
  lineNo: z.number().int().positive().optional(),
  sku: z.string().min(1).max(60).optional(),
  expected: Whole.optional(),
  received: Whole.optional(),
  damagedUnits: Whole.optional(),
  uom: z.string().min(1).max(10).optional(),
  quality: z.enum(['FIRST', 'IRREGULAR']).optional(),
});
type GivenLine = z.infer<typeof GivenLine>;
const Change = z.strictObject({
  id: z.string().optional(),
  lines: z.array(GivenLine).max(2000).optional(),
  completedAt: z.iso.datetime().optional(),
  completedBy: z.string().max(60).optional(),
});
const Completion = Change.extend({
  poNo: z.string().max(40).optional(),
  location: z.string().max(40).optional(),
  /** False: a delivery of its own, though one may be expected. */
  announced: z.boolean().optional(),
  /** More is to come: what was expected and not received waits on a record of its own. */
  more: z.boolean().optional(),
});

type Lines = ArcheanGoodsInLine[];
type Row = Omit<ArcheanGoodsIn, 'seq'>;

const knowledge = ({ books, erp }: Context): PackKnowledge => ({
  packs: books.packs,
  item: (code) => erp().item(code),
});

/** What was expected counts in the unit it was received in, so far as the pack is known. */
function expectedIn(context: Context, before: ArcheanGoodsInLine, uom: string): number {
  if (before.uom === uom) return before.expected;
  const eachesOf = (unit: string): number =>
    piecesOf({ ...before, uom: unit }, knowledge(context)).reduce((sum, piece) => sum + piece.units, 0);
  const [from, to] = [eachesOf(before.uom), eachesOf(uom)];
  return to === 0 ? before.expected : Math.ceil((before.expected * from) / to);
}

/** A line with what is said of it; what is not said stays, and what was expected has come. */
function counted(context: Context, before: ArcheanGoodsInLine, given: GivenLine, received: number): ArcheanGoodsInLine {
  const uom = given.uom ?? before.uom;
  const expected = given.expected ?? expectedIn(context, before, uom);
  return {
    lineNo: before.lineNo,
    sku: given.sku ?? before.sku,
    expected,
    received: given.received ?? (uom === before.uom && given.expected === undefined ? received : expected),
    uom,
    quality: given.quality ?? before.quality,
    damagedUnits: given.damagedUnits ?? before.damagedUnits,
  };
}

/** Lines that nobody expected, numbered after those that were. */
function extras(known: Lines, given: readonly GivenLine[]): Lines {
  const rest = given.filter((one) => !known.some((line) => line.lineNo === one.lineNo));
  let next = Math.max(0, ...known.map((line) => line.lineNo), ...rest.map((line) => line.lineNo ?? 0));
  return rest.map((one) => {
    if (one.sku === undefined)
      throw new RangeError(
        `line ${one.lineNo ?? 'without a number'} is none of ${known.map((line) => line.lineNo).join(', ') || 'the record'}; name its sku to add it`,
      );
    const { lineNo = (next += 1), sku, expected = 0, received = expected === 0 ? 1 : expected } = one;
    const { damagedUnits = 0, uom = 'EA', quality = 'FIRST' } = one;
    return { lineNo, sku, expected, received, uom, quality, damagedUnits };
  });
}

/** Refuses a count that cannot be: more ruined than came, or a row of no valid shape. */
function checked(context: Context, row: Row): Row {
  for (const line of row.lines) {
    const pieces = piecesOf(line, knowledge(context)).reduce((sum, piece) => sum + piece.units, 0) * line.received;
    if (pieces > 0 && line.damagedUnits > pieces)
      throw new RangeError(`line ${line.lineNo}: ${line.damagedUnits} damaged of ${pieces} received`);
  }
  ArcheanGoodsIn.parse({ ...row, seq: 0 });
  return row;
}

/** What may have come without an announcement: all that is open on the purchase order, else an article by chance. */
function likely(context: Context, poNo: string): Lines {
  const erp = context.erp();
  const order = erp.receivable().find((one) => one.poNo === poNo) ?? erp.purchaseOrder(poNo);
  const line = { expected: 0, uom: 'EA', quality: 'FIRST' as const, damagedUnits: 0 };
  const open = (order?.lines ?? []).map((one) => ({
    ...line,
    lineNo: one.poLine,
    sku: erp.codeOf(one.sku) ?? one.sku,
    received: one.ordered - one.cancelled,
  }));
  if (open.length > 0) return open;
  const rows = context.books.stock.rows();
  const sku = rows.length === 0 ? 'NO-SUCH-CODE' : context.random.pick(rows).sku;
  return [{ ...line, lineNo: 1, sku, received: context.random.int(5, 60) }];
}

/** A delivery that nobody announced, as it will be counted. */
function unannounced(context: Context, given: z.infer<typeof Completion>): Row {
  const { books, random } = context;
  const open = context.erp().receivable();
  const poNo = given.poNo ?? (open.length > 0 ? random.pick(open).poNo : `PO-${String(random.int(100_000, 499_999))}`);
  const warehouse = context.erp().purchaseOrder(poNo)?.warehouse ?? '01';
  const known = likely(context, poNo);
  const lines =
    given.lines === undefined
      ? known
      : [
          ...known.flatMap((line) => {
            const said = given.lines?.find((one) => one.lineNo === line.lineNo);
            return said === undefined ? [] : [counted(context, line, { expected: 0, ...said }, line.received)];
          }),
          ...extras(known, given.lines),
        ];
  return {
    id: books.nextId('GIN'),
    version: 0,
    externalRef: '',
    poNo,
    location: PLACES[warehouse] ?? 'FC-UK-1',
    state: 'EXPECTED',
    completedAt: null,
    completedBy: '',
    followedBy: null,
    lines,
  };
}

/** The record an event names, in this state. */
function named(books: ArcheanBooks, id: string, state: ArcheanGoodsIn['state']): ArcheanGoodsIn {
  const record = books.goodsIn(id);
  if (record?.state === state) return record;
  throw new RangeError(
    record === undefined ? `there is no goods-in ${id}` : `goods-in ${id} is ${record.state}, not ${state}`,
  );
}

function announced({ books }: Context, given: z.infer<typeof Completion>): ArcheanGoodsIn | undefined {
  if (given.id !== undefined) return named(books, given.id, 'EXPECTED');
  if (given.announced === false) return undefined;
  const waiting = books.allGoodsIn().filter((one) => one.state === 'EXPECTED');
  // Records are numbered as they are opened: the lowest number is the oldest announcement, however often it was amended.
  waiting.sort((a, b) => (a.id < b.id ? -1 : 1));
  return waiting.find((one) => given.poNo === undefined || one.poNo === given.poNo);
}

/** Opens a record for what was expected and has not come, of the quality it was announced in; null when all has come. */
function followUp({ books }: Context, before: Row, lines: Lines): Row | null {
  const rest = lines
    .filter((line) => line.expected > line.received)
    .map((line) => ({
      ...line,
      expected: line.expected - line.received,
      received: 0,
      quality: before.lines.find((one) => one.lineNo === line.lineNo)?.quality ?? line.quality,
      damagedUnits: 0,
    }));
  if (rest.length === 0) return null;
  const fresh = { version: 1, state: 'EXPECTED', completedAt: null, completedBy: '', followedBy: null } as const;
  return { ...before, ...fresh, id: books.nextId('GIN'), lines: rest };
}

/** Writes a version and the movements that its difference from the one before makes. */
function written(context: Context, before: Row | null, after: Row, manner: Manner) {
  const { books, clock } = context;
  const goodsIn = books.saveGoodsIn(after, manner);
  const movements = movementsBetween(before, goodsIn, knowledge(context), {
    nextId: () => books.nextId('MOV'),
    now: clock.instant(),
  });
  const { prompt = false } = manner;
  return { goodsIn, movements: movements.map((movement) => books.addMovement(movement, { prompt })) };
}

/**
 * A delivery is counted in: the record named, else the oldest one expected (of that purchase order), else one that
 * nobody announced. What the payload leaves out has come as expected.
 */
export function completeGoodsIn(context: Context, payload: Record<string, unknown>, manner: Manner): unknown {
  const given = Completion.parse(payload);
  const expected = announced(context, given);
  const before = expected ?? unannounced(context, given);
  const lines =
    expected === undefined
      ? before.lines
      : [
          ...before.lines.map((line) => {
            const said = given.lines?.find((one) => one.lineNo === line.lineNo) ?? {};
            return counted(context, line, said, line.expected);
          }),
          ...extras(before.lines, given.lines ?? []),
        ];
  const whole: Row = {
    ...before,
    lines,
    location: given.location ?? before.location,
    version: before.version + 1,
    state: 'COMPLETED',
    completedAt: given.completedAt ?? context.clock.instant(),
    completedBy: given.completedBy ?? 'clerk-1',
  };
  const rest = given.more === true ? followUp(context, before, lines) : null;
  const made = written(context, null, checked(context, { ...whole, followedBy: rest?.id ?? null }), manner);
  return { ...made, followUp: rest === null ? null : context.books.saveGoodsIn(rest) };
}

/** The completed record named, else the newest. */
function completedOne(context: Context, id: string | undefined): ArcheanGoodsIn {
  if (id !== undefined) return named(context.books, id, 'COMPLETED');
  const found = context.books.allGoodsIn().findLast((one) => one.state === 'COMPLETED');
  if (found === undefined) throw new RangeError('no goods-in is COMPLETED yet; send goods-in.completed first');
  return found;
}

/** Without lines of its own a correction finds one piece less on the first line that has more than one. */
function recount(lines: Lines): GivenLine[] {
  const line = lines.find((one) => one.received > 1) ?? lines[0];
  if (line === undefined) return [];
  return [{ lineNo: line.lineNo, received: line.received > 1 ? line.received - 1 : line.received + 1 }];
}

/** A completed record was counted wrong: a later version with other quantities. */
export function correctGoodsIn(context: Context, payload: Record<string, unknown>, manner: Manner): unknown {
  const { id, lines: given, ...rest } = Change.parse(payload);
  const before = completedOne(context, id);
  const said = given ?? recount(before.lines);
  const lines = [
    ...before.lines.map((line) => {
      const own = said.find((one) => one.lineNo === line.lineNo);
      return own === undefined ? line : counted(context, line, own, line.received);
    }),
    ...extras(before.lines, said),
  ];
  const { completedAt = before.completedAt, completedBy = before.completedBy } = rest;
  const next: Row = { ...before, lines, completedAt, completedBy, version: before.version + 1 };
  return written(context, before, checked(context, next), manner);
}

/** A completed record is taken back whole. */
export function reverseGoodsIn(context: Context, payload: Record<string, unknown>, manner: Manner): unknown {
  const { id } = z.strictObject({ id: z.string().optional() }).parse(payload);
  const before = completedOne(context, id);
  return written(context, before, { ...before, version: before.version + 1, state: 'REVERSED' }, manner);
}

/** A row no reader can make sense of; its neighbours on the page are sound. */
export function malformedGoodsIn({ books }: Context, payload: Record<string, unknown>): unknown {
  const row = { id: books.nextId('GIN'), version: 'one', state: 'COMPLETED', lines: 'see attached sheet', ...payload };
  return { goodsIn: books.addMalformedGoodsIn(row) };
}
