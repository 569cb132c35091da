/** What others may write about goods to come: announce them, amend them, take them back (facts/archean-r247.md 3.3, 3.8). */
import { z } from 'zod';
import type { ArcheanGoodsIn } from '../../clients/archean/schema.js';
import { Refusal, type Reply } from '../core/index.js';
import type { ArcheanBooks } from './books.js';
import { readWrite } from './orders.js';

const ExpectedLines = z
  .array(
    z.object({
      lineNo: z.number().int().positive(),
      sku: z.string().min(1).max(60),
      expected: z.number().int().positive().max(1_000_000),
      uom: z.string().min(1).max(10).default('EA'),
      quality: z.enum(['FIRST', 'IRREGULAR']).default('FIRST'),
    }),
  )
  .min(1)
  .max(2000);

/** POST /goods-in. */
const GoodsInWrite = z.object({
  externalRef: z.string().min(1).max(60),
  poNo: z.string().min(1).max(40),
  location: z.string().min(1).max(40),
  lines: ExpectedLines,
});
/** POST /goods-in/{id}/amend: the lines as they are expected from now on. */
const GoodsInAmendment = z.object({ externalRef: z.string().min(1).max(60), lines: ExpectedLines });

const toCome = (lines: z.infer<typeof ExpectedLines>): ArcheanGoodsIn['lines'] =>
  lines.map((line) => ({ ...line, received: 0, damagedUnits: 0 }));

/** Announces goods: 201 with the EXPECTED record, 200 with it when the same was announced before. */
export function expectGoodsIn(books: ArcheanBooks, body: unknown): Reply {
  const wanted = readWrite(GoodsInWrite, body);
  const { first, held } = books.goodsInRefs.once(wanted.externalRef, wanted, () =>
    books.saveGoodsIn({
      id: books.nextId('GIN'),
      version: 1,
      externalRef: wanted.externalRef,
      poNo: wanted.poNo,
      location: wanted.location,
      state: 'EXPECTED',
      completedAt: null,
      completedBy: '',
      followedBy: null,
      lines: toCome(wanted.lines),
    }),
  );
  return { status: first ? 201 : 200, body: books.goodsIn(held.id) ?? held, stored: first };
}

/** The record, or 404; 409 TOO_LATE in a state that cannot be changed any more. */
function changeable(books: ArcheanBooks, id: string, tooLate: readonly ArcheanGoodsIn['state'][]): ArcheanGoodsIn {
  const record = books.goodsIn(id);
  if (record === undefined) throw new Refusal(404, 'NOT_FOUND', `there is no goods-in ${id}`);
  if (tooLate.includes(record.state))
    throw new Refusal(409, 'TOO_LATE', `goods-in ${id} is ${record.state} and cannot be changed any more`);
  return record;
}

/** Replaces what is expected. The same reference and lines again change nothing, whatever has happened since. */
export function amendGoodsIn(books: ArcheanBooks, id: string, body: unknown): Reply {
  const wanted = readWrite(GoodsInAmendment, body);
  const { first } = books.goodsInRefs.once(wanted.externalRef, { amends: id, ...wanted }, () => {
    const before = changeable(books, id, ['COMPLETED', 'REVERSED', 'CANCELLED']);
    return books.saveGoodsIn({ ...before, version: before.version + 1, lines: toCome(wanted.lines) });
  });
  return { status: 200, body: books.goodsIn(id), stored: first };
}

/** Takes an announcement back; done already is 200 too. */
export function cancelGoodsIn(books: ArcheanBooks, id: string): Reply {
  const before = changeable(books, id, ['COMPLETED', 'REVERSED']);
  if (before.state === 'CANCELLED') return { status: 200, body: before, stored: false };
  const body = books.saveGoodsIn({ ...before, version: before.version + 1, state: 'CANCELLED' });
  return { status: 200, body, stored: true };
}
