/**
 * RP-23: the daily control sheet. Of every flow, what was received is posted, held, waiting, without effect or adopted, and
 * what was posted is what was received; what does not tie is named.
 */
import { sql } from 'kysely';
import { add, extend, format, minorOf, money, subtract, zero, type Money } from '../domain/money.js';
import { counted } from '../domain/wording.js';
import type { Queryable } from '../store/database.js';
import { dayEvents, MEASURES, outcomeOf, RECEIVED, type DayEvent, type Outcome } from './day-events.js';
import { spanOf, type Span } from './days.js';
import {
  amount,
  moneyOf,
  partOf,
  text,
  units,
  type Part,
  type ReportBody,
  type ReportOptions,
  type Row,
} from './report.js';

/** Rows of the inbox one sheet reads. */
const MOST_EVENTS = 200_000;
/** Source prices have three decimals: so many minor units of a document are rounding (config/policy.yaml, roundingPerDocument). */
const ROUNDING_MINOR = 5n;
const OUTCOMES: readonly Outcome[] = ['posted', 'held', 'waiting', 'no effect', 'adopted'];
const SHEET = [
  text('flow'),
  text('what'),
  units('count'),
  units('units'),
  amount('money', 'money, net'),
  amount('tax'),
];
const DOCUMENTS = [
  text('flow'),
  units('documents'),
  units('units', 'units received'),
  amount('money', 'money, net'),
  amount('tax'),
];
const OFF = [
  text('flow'),
  text('about'),
  text('what'),
  text('received'),
  text('posted'),
  text('explained', 'explained by'),
];
const OPEN = [text('flow'), text('about'), text('what'), text('asked', 'waits for')];

const FLOWS: Record<string, string> = {
  'archean return': 'returns of Archean',
  'archean goods-in': 'deliveries of Archean',
  'archean movement': 'movements of Archean',
  'blue-cherry purchase-order': 'purchase orders of Blue Cherry',
};
const flowOf = ({ source, kind }: { source: string; kind: string }): string =>
  FLOWS[`${source} ${kind}`] ?? `${source} ${kind}`;

/** Count, units, and money and tax by currency. */
interface Sum {
  count: number;
  units: number;
  money: Map<string, Money>;
  tax: Map<string, Money>;
}
const nothing = (): Sum => ({ count: 0, units: 0, money: new Map(), tax: new Map() });

function into(map: Map<string, Money>, of: Money | null): void {
  if (of !== null) map.set(of.currency, add(map.get(of.currency) ?? zero(of.currency), of));
}

type Measured = Pick<DayEvent, 'units' | 'net' | 'currency' | 'tax'>;
const netOf = ({ net, currency }: Measured): Money | null =>
  net === null || currency === null ? null : extend(net, 1, currency);
const taxOf = ({ tax, currency }: Measured): Money | null => moneyOf(tax, currency);

function count(sum: Sum, event: Measured): void {
  sum.count += 1;
  sum.units += Number(event.units ?? 0);
  into(sum.money, netOf(event));
  into(sum.tax, taxOf(event));
}

/** `a` less the others, in every measure. */
function lessAll(a: Sum, others: readonly Sum[]): Sum {
  const left: Sum = { count: a.count, units: a.units, money: new Map(a.money), tax: new Map(a.tax) };
  for (const other of others) {
    left.count -= other.count;
    left.units -= other.units;
    for (const of of other.money.values()) into(left.money, subtract(zero(of.currency), of));
    for (const of of other.tax.values()) into(left.tax, subtract(zero(of.currency), of));
  }
  return left;
}
const isNothing = ({ count: n, units: u, money: m, tax: t }: Sum): boolean =>
  n === 0 && u === 0 && [...m.values(), ...t.values()].every((of) => minorOf(of) === 0n);

/** One row a currency; count and units in the first. */
function sumRows(flow: string, what: string, sum: Sum): Row[] {
  const currencies = [...new Set([...sum.money.keys(), ...sum.tax.keys()])].sort();
  return (currencies.length === 0 ? [''] : currencies).map((currency, index) => ({
    ...{ flow, what, count: index === 0 ? sum.count : null, units: index === 0 ? sum.units : null },
    ...{ money: sum.money.get(currency) ?? null, tax: sum.tax.get(currency) ?? null },
  }));
}

/** What was received, counted from the inbox alone: the joins of the outcomes may neither lose nor double a row. */
async function receivedOf(q: Queryable, span: Span): Promise<Map<string, Sum>> {
  const { rows } = await sql<Measured & { source: string; kind: string }>`
    select e.source, e.kind, ${MEASURES} from ${RECEIVED(span)} order by e.source, e.kind limit ${MOST_EVENTS}`.execute(
    q,
  );
  const flows = new Map<string, Sum>();
  for (const row of rows) {
    const sum = flows.get(flowOf(row)) ?? nothing();
    flows.set(flowOf(row), sum);
    count(sum, row);
  }
  return flows;
}

function outcomesOf(events: readonly DayEvent[]): Map<string, Map<Outcome, Sum>> {
  const flows = new Map<string, Map<Outcome, Sum>>();
  for (const event of events) {
    const flow = flows.get(flowOf(event)) ?? new Map<Outcome, Sum>(OUTCOMES.map((each) => [each, nothing()]));
    flows.set(flowOf(event), flow);
    const sum = flow.get(outcomeOf(event));
    if (sum !== undefined) count(sum, event);
  }
  return flows;
}

interface Off {
  row: Row;
  explained: boolean;
}

const isReversal = (event: DayEvent): boolean => /^[a-z-]+-reversal:/.test(event.workflow_id ?? '');

/** Why a row that was posted or adopted does not tie to its documents, or null. */
function offOf(event: DayEvent): Off | null {
  const outcome = outcomeOf(event);
  if ((outcome !== 'posted' && outcome !== 'adopted') || event.kind === 'purchase-order' || isReversal(event))
    return null;
  const off = (what: string, received: string, posted: string): Off => ({
    row: { flow: flowOf(event), about: event.key, what, received, posted, explained: event.decided ?? '' },
    explained: event.decided !== null,
  });
  if (event.documents === 0) return { ...off('no document is posted', '', 'nothing'), explained: false };
  const net = netOf(event);
  if (event.kind === 'return' && net !== null) {
    const posted = money(event.posted_net ?? '0', event.posted_currency ?? net.currency);
    if (posted.currency !== net.currency) return off('another currency', net.currency, posted.currency);
    const apart = minorOf(subtract(posted, net));
    if ((apart < 0n ? -apart : apart) > ROUNDING_MINOR) return off('money differs', format(net), format(posted));
  }
  if (event.kind === 'goods-in' && event.units !== null && Number(event.units) !== Number(event.posted_units ?? 0))
    return off('units differ', counted(Number(event.units), 'unit'), counted(Number(event.posted_units ?? 0), 'unit'));
  return null;
}

function documentsPart(events: readonly DayEvent[], limit: number): Part {
  const flows = new Map<string, Sum>();
  for (const event of events.filter((each) => ['posted', 'adopted'].includes(outcomeOf(each)) && each.documents > 0)) {
    const sum = flows.get(flowOf(event)) ?? nothing();
    flows.set(flowOf(event), sum);
    sum.count += event.documents;
    sum.units += Number(event.posted_units ?? 0);
    into(sum.money, moneyOf(event.posted_net, event.posted_currency));
    into(sum.tax, moneyOf(event.posted_tax, event.posted_currency));
  }
  const rows = [...flows].flatMap(([flow, sum]) =>
    sumRows(flow, '', sum).map((row) => ({
      ...{ flow, documents: row['count'] ?? null, units: row['units'] ?? null },
      ...{ money: row['money'] ?? null, tax: row['tax'] ?? null },
    })),
  );
  return partOf({ name: 'documents', title: 'What was posted for them', columns: DOCUMENTS }, rows, limit);
}

function openPart(events: readonly DayEvent[], limit: number): Part {
  const rows = events
    .map((event) => ({ event, what: outcomeOf(event) }))
    .filter(({ what }) => what === 'held' || what === 'waiting')
    .map(({ event, what }) => ({ flow: flowOf(event), about: event.key, what, asked: event.asked ?? 'its saga' }));
  return partOf({ name: 'open', title: 'What is held or waits', columns: OPEN }, rows.slice(0, limit + 1), limit);
}

/** The sheet and, by flow, whether it adds up. */
function sheetOf(received: Map<string, Sum>, events: readonly DayEvent[]): { rows: Row[]; wrong: string[] } {
  const outcomes = outcomesOf(events);
  const wrong: string[] = [];
  const rows = [...new Set([...received.keys(), ...outcomes.keys()])].sort().flatMap((flow) => {
    const all = received.get(flow) ?? nothing();
    const ways = outcomes.get(flow) ?? new Map<Outcome, Sum>();
    const difference = lessAll(all, [...ways.values()]);
    if (!isNothing(difference)) wrong.push(flow);
    return [
      ...sumRows(flow, 'received', all),
      ...OUTCOMES.flatMap((each) => sumRows(flow, each, ways.get(each) ?? nothing())),
      ...sumRows(flow, 'difference', difference),
    ];
  });
  return { rows, wrong };
}

function verdict(
  span: Span,
  wrong: readonly string[],
  off: readonly Off[],
  whole: boolean,
): { addsUp: boolean; words: string } {
  const unexplained = off.filter(({ explained }) => !explained);
  const day = span.from === span.to ? span.from : `${span.from} to ${span.to}`;
  if (!whole)
    return { addsUp: false, words: `More than ${MOST_EVENTS} rows came in: the sheet of ${day} is not whole.` };
  if (wrong.length + unexplained.length === 0)
    return {
      addsUp: true,
      words: `The sheet of ${day} adds up: received = posted + held + waiting + no effect + adopted in every flow, and what was posted ties${off.length === 0 ? '' : `, ${counted(off.length, 'difference')} explained by decisions`}.`,
    };
  const names = unexplained.slice(0, 10).map(({ row }) => String(row['about'] as string));
  return {
    addsUp: false,
    words: [
      `The sheet of ${day} does NOT add up.`,
      ...(wrong.length === 0 ? [] : [`Received is not the sum of its outcomes for ${wrong.join(', ')}.`]),
      ...(unexplained.length === 0
        ? []
        : [
            `Posted otherwise than received, with no decision that explains it: ${names.join(', ')}${unexplained.length > 10 ? ' and more' : ''}.`,
          ]),
    ].join(' '),
  };
}

/** Reads the sheet of the days asked for; today unless told. */
export async function controlSheet(q: Queryable, options: ReportOptions): Promise<ReportBody> {
  const { limit } = options;
  const span = spanOf({ ...options, to: options.to ?? options.from }, 0);
  const read = await dayEvents(q, span, MOST_EVENTS);
  const events = read.slice(0, MOST_EVENTS);
  const { rows, wrong } = sheetOf(await receivedOf(q, span), events);
  const off = events.map(offOf).filter((each) => each !== null);
  const { addsUp, words } = verdict(span, wrong, off, read.length <= MOST_EVENTS);
  const sheet: Part = {
    name: 'sheet',
    title: 'Received, and what became of it',
    columns: SHEET,
    rows,
    totals: [],
    cutOff: false,
  };
  const differs = partOf(
    { name: 'differences', title: 'Posted otherwise than received', columns: OFF },
    off.map(({ row }) => row),
    limit,
  );
  return {
    parts: [sheet, documentsPart(events, limit), differs, openPart(events, limit)],
    addsUp,
    notes: [
      words,
      'Money of a return is what its source refunds, before tax, less what was kept back; tax is that of the units granted. Deliveries state units alone. A return half posted is held or waits: RP-04.',
    ],
  };
}
