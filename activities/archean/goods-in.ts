/** Goods-in records between wire and domain, and how one of them is found again. */
import { ApplicationFailure } from '@temporalio/common';
import { ArcheanGoodsIn } from '../../clients/archean/schema.js';
import type { ExpectedLineWrite, GoodsInReply } from '../../clients/archean/writes.js';
import type { AnnouncedLine } from '../../domain/expected/plan.js';
import type { Told } from './contract.js';
import type { ArcheanDeps } from './deps.js';
import { asTrouble, refusalOf } from './trouble.js';

/** Lines as Archean takes them: eaches. */
export const toWire = (lines: readonly AnnouncedLine[]): ExpectedLineWrite[] =>
  lines.map(({ lineNo, code, expected }) => ({ lineNo, sku: code, expected, uom: 'EA' }));

/** A record as it was read. @throws ApplicationFailure Malformed, to be tried again: a person must mend it there. */
export function recordOf(raw: unknown): ArcheanGoodsIn {
  const parsed = ArcheanGoodsIn.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw ApplicationFailure.create({
    type: 'Malformed',
    message: `A goods-in of Archean cannot be read: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
    nextRetryDelay: 10_000,
  });
}

/** What a reference of ours was used for, as it stands now; undefined when it never arrived there. */
export async function foundBy({ client }: ArcheanDeps, externalRef: string): Promise<ArcheanGoodsIn | undefined> {
  const raw = await asTrouble(() => client.findGoodsInBy(externalRef));
  return raw === undefined ? undefined : recordOf(raw);
}

/** What an answer to a write means; `TOO_LATE` is no refusal: the goods are there. @throws ApplicationFailure for any other no. */
export function toldOf(reply: GoodsInReply, what: string, goodsInNo: string): Told {
  if (reply.outcome === 'stored') return { state: 'done', goodsInNo: reply.record.id };
  if (reply.code === 'TOO_LATE') return { state: 'too-late', goodsInNo, why: reply.message };
  throw refusalOf(what, reply.code, reply.message);
}
