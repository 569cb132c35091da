/**
 * Goods received, not invoiced, by supplier and period, at the order's cost and rate as the ERP accrues them, tied to the
 * journals that were read back when the receipts were posted.
 */
import { Big } from 'big.js';
import { sql } from 'kysely';
import { add, extend, subtract, zero, type Money } from '../domain/money.js';
import { counted } from '../domain/wording.js';
import type { Queryable } from '../store/database.js';
import { amount, partOf, text, units, type Part, type ReportOptions, type Row } from './report.js';

const COLUMNS = [
  ...[text('supplier'), text('period'), text('currency'), units('unitsReceived', 'units received')],
  ...[units('unitsInvoiced', 'units invoiced'), amount('received'), amount('invoiced', "invoiced at the order's cost")],
  ...[amount('balance', 'not invoiced at the end'), amount('receivedBase', 'received, base')],
  ...[amount('invoicedBase', 'invoiced, base'), amount('balanceBase', 'not invoiced at the end, base')],
  ...[amount('tied', 'received, tied to a journal'), amount('untied', 'not tied'), text('why', 'not tied why')],
];
/** Balances run on from period to period: they are no sums. */
const NO_SUMS = ['balance', 'balanceBase'];
const UNDATED = 'not known';
const MOST_LINES = 200_000;

/** One movement of the account, by order line: units received (or, negative, taken back), or invoiced. */
interface Moved {
  po_no: string;
  supplier: string;
  currency: string;
  rate: string;
  unit_cost: string;
  period: string;
  units: number;
  /** `invoice`, or how the receipt's journal was read back. */
  how: string;
  documents: number;
  /** Goods in base currency as posted; null where the order's own cost tells. */
  goods: string | null;
}

/**
 * What we posted, with what the ERP took of it; a contra carries its own negative lines. `by hand`: reversed in the ERP by
 * a person, so its contra is not ours. What the order has beyond it was received elsewhere.
 */
const MOVED = (about: string | null) => sql<Moved>`
  with receipt as (
    select p.content -> 'document' ->> 'poNo' as po_no, (l.line ->> 'poLine')::int as po_line,
      left(p.business_date::text, 7) as period, (l.line ->> 'quantity')::int as units,
      (l.line -> 'goods' ->> 'minor')::numeric as goods,
      case when p.reversed_by is not null then 'by hand' else coalesce(p.journal, 'none') end as how, p.external_ref
    from posting p cross join lateral jsonb_array_elements(p.content -> 'document' -> 'lines') with ordinality l (line, n)
    where p.kind = 'po-receipt' and p.state in ('posted', 'reversed')
      and not exists (select from posting_line x where x.external_ref = p.external_ref and x.line = l.n and x.state = 'refused')
  ), ours as (
    select po_no, po_line, period, how, sum(units) as units, sum(goods) as goods, count(distinct external_ref) as documents
    from receipt where how <> 'by hand' group by po_no, po_line, period, how
  ), moved as (
    select * from ours
    union all
    select l.po_no, l.po_line, ${UNDATED}, 'elsewhere', l.received - coalesce(s.units, 0), null, 1
    from purchase_order_line l
      left join (select po_no, po_line, sum(units) as units from ours group by po_no, po_line) s using (po_no, po_line)
    where l.received > coalesce(s.units, 0)
    union all
    select v.po_no, b.po_line, left(v.invoice_date::text, 7), 'invoice', b.units, null, 1
    from supplier_invoice v join supplier_invoice_line b using (po_no, place)
  )
  select m.po_no, o.supplier, o.currency, o.rate, l.unit_cost, m.period, m.units::int as units, m.how,
    m.documents::int as documents, m.goods::text as goods
  from moved m join purchase_order o using (po_no) join purchase_order_line l using (po_no, po_line)
  where ${about}::text is null or o.po_no = ${about} or o.supplier = ${about}
  order by o.supplier, o.currency, m.period limit ${MOST_LINES + 1}`;

interface Bucket {
  supplier: string;
  period: string;
  currency: string;
  unitsReceived: number;
  unitsInvoiced: number;
  received: Money;
  invoiced: Money;
  receivedBase: Money;
  invoicedBase: Money;
  tied: Money;
  /** Documents and units by the reason why their journal is not known. */
  reasons: Map<string, number>;
}

const COST_DECIMALS = 6;
const costAtRate = ({ unit_cost, rate }: Moved): string =>
  new Big(unit_cost).times(rate).round(COST_DECIMALS, Big.roundHalfUp).toFixed();

function take(bucket: Bucket, moved: Moved, base: string): void {
  const value = extend(moved.unit_cost, moved.units, moved.currency);
  const reckoned = extend(costAtRate(moved), moved.units, base);
  if (moved.how === 'invoice') {
    bucket.unitsInvoiced += moved.units;
    bucket.invoiced = add(bucket.invoiced, value);
    bucket.invoicedBase = add(bucket.invoicedBase, reckoned);
    return;
  }
  const goods = moved.goods === null ? reckoned : { minor: moved.goods, currency: base };
  bucket.unitsReceived += moved.units;
  bucket.received = add(bucket.received, value);
  bucket.receivedBase = add(bucket.receivedBase, goods);
  if (moved.how === 'verified') bucket.tied = add(bucket.tied, goods);
  else
    bucket.reasons.set(
      moved.how,
      (bucket.reasons.get(moved.how) ?? 0) + (moved.how === 'elsewhere' ? moved.units : moved.documents),
    );
}

const WHY: Record<string, (count: number) => string> = {
  unverified: (n) => `${counted(n, 'receipt')} posted, journal unverified`,
  none: (n) => `${counted(n, 'receipt')} posted, journal not read yet`,
  differs: (n) => `${counted(n, 'receipt')} whose journal differs (X-01)`,
  elsewhere: (n) => `${counted(n, 'unit')} received in the ERP and not by a delivery posted here`,
};

const newBucket = ({ supplier, period, currency }: Moved, base: string): Bucket => ({
  ...{ supplier, period, currency, unitsReceived: 0, unitsInvoiced: 0, received: zero(currency) },
  ...{ invoiced: zero(currency), receivedBase: zero(base), invoicedBase: zero(base), tied: zero(base) },
  reasons: new Map(),
});

/** Undated first, then by period: a balance carries on within its supplier and currency. */
function rowsOf(buckets: readonly Bucket[], base: string, within: (period: string) => boolean): Row[] {
  const place = (bucket: Bucket): string =>
    [bucket.supplier, bucket.currency, bucket.period === UNDATED ? '' : bucket.period].join('\n');
  const running = new Map<string, { balance: Money; balanceBase: Money }>();
  return [...buckets]
    .sort((a, b) => (place(a) < place(b) ? -1 : 1))
    .flatMap(({ reasons, ...bucket }) => {
      const key = `${bucket.supplier}\n${bucket.currency}`;
      const before = running.get(key) ?? { balance: zero(bucket.currency), balanceBase: zero(base) };
      const after = {
        balance: add(before.balance, subtract(bucket.received, bucket.invoiced)),
        balanceBase: add(before.balanceBase, subtract(bucket.receivedBase, bucket.invoicedBase)),
      };
      running.set(key, after);
      const why = [...reasons].map(([how, count]) => WHY[how]?.(count) ?? how).join('; ');
      const untied = subtract(bucket.receivedBase, bucket.tied);
      return within(bucket.period) ? [{ ...bucket, ...after, untied, why }] : [];
    });
}

/** The part and what it cannot tie. */
export async function receivedNotInvoiced(
  q: Queryable,
  { about, baseCurrency, limit, from, to }: ReportOptions,
): Promise<{ part: Part; notes: string[] }> {
  const { rows } = await MOVED(about).execute(q);
  const buckets = new Map<string, Bucket>();
  for (const moved of rows.slice(0, MOST_LINES)) {
    const key = [moved.supplier, moved.period, moved.currency].join('\n');
    const bucket = buckets.get(key) ?? newBucket(moved, baseCurrency);
    buckets.set(key, bucket);
    take(bucket, moved, baseCurrency);
  }
  const within = (period: string): boolean =>
    period === UNDATED || ((from === null || period >= from.slice(0, 7)) && (to === null || period <= to.slice(0, 7)));
  const shown = rowsOf([...buckets.values()], baseCurrency, within);
  const title = 'Goods received, not invoiced, by supplier and period';
  return {
    part: partOf({ name: 'received-not-invoiced', title, columns: COLUMNS }, shown, limit, NO_SUMS),
    notes: [
      "A receipt is tied when its journal was read back with its goods on one account; what an invoice clears is reckoned at the order's cost and rate, because the ERP shows no journal of supplier invoices.",
      ...(rows.length > MOST_LINES
        ? [`More than ${MOST_LINES} movements: ${title.toLowerCase()} is not whole. Ask by supplier (--about).`]
        : []),
    ],
  };
}
