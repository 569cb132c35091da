/** What a customer was credited in a day: the sum a limit looks at, added to under a lock on that customer. */
import { sql } from 'kysely';
import type { Db, Queryable } from './database.js';
import { lockFor } from './locks.js';

export interface DayCredit {
  customer: string;
  businessDate: string;
  source: string;
  returnNo: string;
  /** Minor units of base currency that this return credits as things stand. */
  amountMinor: string;
  currency: string;
}

const lockDay = (tx: Queryable, customer: string, businessDate: string): Promise<void> =>
  lockFor(tx, 'customer-day', [`${customer}/${businessDate}`]);

/**
 * Adds a return's credit to its customer's day and answers the day's sum up to and with this return, in minor units
 * of base currency. Asked again with the same amount it answers the same; with less it corrects its own part. With more,
 * or after it was given back, it stands last: what came between did not count it, so it must count them. The first of a
 * day never counts what came after it, so that of several at once only those above the limit ask.
 */
export function addToCustomerDay(db: Db, credit: DayCredit): Promise<string> {
  return db.transaction().execute(async (tx) => {
    await lockDay(tx, credit.customer, credit.businessDate);
    const held = await tx
      .selectFrom('customer_day')
      .selectAll()
      .where('source', '=', credit.source)
      .where('return_no', '=', credit.returnNo)
      .forUpdate()
      .executeTakeFirst();
    const sameDay = held?.customer === credit.customer && held.business_date === credit.businessDate;
    if (
      held !== undefined &&
      sameDay &&
      held.given_back_at === null &&
      held.amount_minor === credit.amountMinor &&
      held.currency === credit.currency
    )
      return held.total_minor;
    const keeps =
      held !== undefined &&
      sameDay &&
      held.given_back_at === null &&
      held.currency === credit.currency &&
      BigInt(credit.amountMinor) <= BigInt(held.amount_minor);
    const place = keeps ? held.place : await nextPlace(tx, credit);
    const { rows } = await sql<{ total: string }>`
      select coalesce(sum(amount_minor), 0)::bigint + ${credit.amountMinor}::bigint as total from customer_day
      where customer = ${credit.customer} and business_date = ${credit.businessDate} and place < ${place}
        and (source, return_no) <> (${credit.source}, ${credit.returnNo})
        and given_back_at is null and currency = ${credit.currency}`.execute(tx);
    const total = rows[0]?.total ?? credit.amountMinor;
    const values = {
      customer: credit.customer,
      business_date: credit.businessDate,
      place,
      amount_minor: credit.amountMinor,
      currency: credit.currency,
      total_minor: total,
      given_back_at: null,
    };
    await tx
      .insertInto('customer_day')
      .values({ ...values, source: credit.source, return_no: credit.returnNo })
      .onConflict((conflict) => conflict.columns(['source', 'return_no']).doUpdateSet(values))
      .execute();
    return total;
  });
}

async function nextPlace(tx: Queryable, credit: DayCredit): Promise<number> {
  const { rows } = await sql<{ place: number }>`
    select coalesce(max(place), 0) + 1 as place from customer_day
    where customer = ${credit.customer} and business_date = ${credit.businessDate}`.execute(tx);
  return rows[0]?.place ?? 1;
}

/** Takes a return's credit off its customer's day; answers it, or null when there was none to give back. */
export async function giveBackDay(
  tx: Queryable,
  source: string,
  returnNo: string,
): Promise<{ amountMinor: string; currency: string } | null> {
  const held = await tx
    .selectFrom('customer_day')
    .select(['customer', 'business_date'])
    .where('source', '=', source)
    .where('return_no', '=', returnNo)
    .executeTakeFirst();
  if (held === undefined) return null;
  await lockDay(tx, held.customer, held.business_date);
  const row = await tx
    .updateTable('customer_day')
    .set({ given_back_at: sql<string>`clock_timestamp()` })
    .where('source', '=', source)
    .where('return_no', '=', returnNo)
    .where('given_back_at', 'is', null)
    .returning(['amount_minor as amountMinor', 'currency'])
    .executeTakeFirst();
  return row ?? null;
}

/** The whole sum of a customer's day now, in minor units, for those who look at it from outside a saga. */
export async function customerDaySum(q: Queryable, customer: string, businessDate: string): Promise<string> {
  const { rows } = await sql<{ total: string }>`
    select coalesce(sum(amount_minor), 0)::bigint as total from customer_day
    where customer = ${customer} and business_date = ${businessDate} and given_back_at is null`.execute(q);
  return rows[0]?.total ?? '0';
}

export interface DayPlace {
  source: string;
  returnNo: string;
  customer: string;
  businessDate: string;
  /** Company zone that business dates are told in. */
  zone: string;
  sourceTime: string;
  seq: number;
}

/**
 * Returns of a customer's day that were earlier at their source, came in within `freshMs` and have not claimed their part
 * of the day yet, with what they refund, net, as decimal text.
 */
export async function unclaimedBefore(
  q: Queryable,
  place: DayPlace,
  freshMs: number,
): Promise<{ returnNo: string; net: string; currency: string }[]> {
  const { source, returnNo, customer, businessDate, zone, sourceTime, seq } = place;
  const { rows } = await sql<{ returnNo: string; net: string; currency: string }>`
    select e.source_id as "returnNo", e.payload ->> 'currency' as currency,
      (select coalesce(round(sum((l ->> 'refundUnitPrice')::numeric * (l ->> 'quantity')::numeric), 2), 0)::text
        from jsonb_array_elements(e.payload -> 'lines') l) as net
    from event e
    where e.kind = 'return' and e.source = ${source} and e.payload ->> 'customer' = ${customer}
      and e.state in ('new', 'started') and e.source_id <> ${returnNo} and e.payload ->> 'state' = 'PROCESSED'
      and (e.source_time, e.seq) < (${sourceTime}::timestamptz, ${seq}::bigint)
      and (e.source_time at time zone ${zone})::date = ${businessDate}::date
      and e.received_at > clock_timestamp() - ${freshMs} * interval '1 millisecond'
      and not exists (select from event n where n.kind = e.kind and n.source = e.source
        and n.source_id = e.source_id and n.version > e.version)
      and not exists (select from customer_day d where d.source = e.source and d.return_no = e.source_id)
      and not exists (select from event_claim c where c.source = e.source and c.kind = e.kind
        and c.key = e.source_id and c.finished_at is not null)`.execute(q);
  return rows;
}
