/**
 * A customer's day: what a return adds to it, in source order wherever the limit could be passed. The sum itself
 * counts whoever claimed before, so that no order of events lets a credit past the limit unseen; a return that could
 * pass it lets those that were earlier at their source claim first, as far as they have come in.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { add, compare, extend, minorOf, money, sum, zero, type Money } from '../../domain/money.js';
import type { Policy } from '../../domain/policy.js';
import { toBase } from '../../domain/limits.js';
import type { ReturnDocument } from '../../domain/return/document.js';
import { addToCustomerDay, customerDaySum, unclaimedBefore } from '../../store/customer-day.js';
import type { Db } from '../../store/database.js';
import { waiting } from '../posting/failures.js';

/** A refund is stated net; with tax it is never credited at more than so many percent of it. */
const MOST_PERCENT = 130n;
/** One that came in longer ago and has not claimed is held by something else; nobody waits for it. */
const FRESH_MS = 30_000;
const IN_PLACE_MS = 1_000;
const LOOK_MS = 50;
const AGAIN_MS = 250;

/** A return's part of its customer's day. `customer`: whom its invoices credit. */
interface Part {
  customer: string;
  document: ReturnDocument;
  credit: Money;
  policy: Policy;
}

/** Adds a return's credit to its customer's day and answers the day's sum. Sales without a customer stand alone. */
export async function addToDay(db: Db, part: Part): Promise<Money> {
  const { customer, credit } = part;
  const { businessDate, source, returnNo } = part.document;
  if (customer === '') return credit;
  await earlierFirst(db, part);
  const total = await addToCustomerDay(db, {
    customer,
    businessDate,
    source,
    returnNo,
    amountMinor: credit.minor,
    currency: credit.currency,
  });
  return money(total, credit.currency);
}

async function earlierFirst(db: Db, part: Part): Promise<void> {
  const until = performance.now() + IN_PLACE_MS;
  while (await mayPassUnseen(db, part)) {
    if (performance.now() > until) throw waiting('NotYet', 'An earlier return of the customer claims first', AGAIN_MS);
    await sleep(LOOK_MS);
  }
}

/** Whether the day's limit could be passed by this return and by earlier ones that have not claimed their part yet. */
async function mayPassUnseen(db: Db, { customer, document, credit, policy }: Part): Promise<boolean> {
  const { businessDate, source, returnNo, seq, processedAt } = document;
  const limit = policy.limits.creditPerCustomerDay;
  if (limit === null || BigInt(credit.minor) <= 0n) return false;
  const place = { source, returnNo, customer, businessDate, zone: policy.zone, sourceTime: processedAt, seq };
  const earlier = await unclaimedBefore(db, place, FRESH_MS);
  if (earlier.length === 0) return false;
  const standing = money(await customerDaySum(db, customer, businessDate), limit.currency);
  const most = earlier.map(({ net, currency }) => toBase(extend(net, 1, currency), policy));
  if (most.includes(null)) return true;
  const coming = most.reduce<Money>((all, each) => (each === null ? all : add(all, each)), zero(limit.currency));
  const withTax = money((minorOf(coming) * MOST_PERCENT + 99n) / 100n, limit.currency);
  return compare(sum([standing, credit, withTax], limit.currency), limit) > 0;
}
