/** RP-18: open exceptions by type, owner, age, severity and money; every one of them after it. */
import { sql } from 'kysely';
import { maskedAbout } from '../domain/mask.js';
import { ageMs } from './age.js';
import { sentenceFor } from '../store/desk-read.js';
import type { Queryable } from '../store/database.js';
import {
  amount,
  duration,
  instant,
  moneyOf,
  partOf,
  text,
  units,
  type Part,
  type ReportBody,
  type ReportOptions,
} from './report.js';

const BY_TYPE = [
  text('code'),
  text('sentence', 'what it is'),
  text('owner'),
  text('severity'),
  text('age', 'open for'),
  units('cases'),
  units('held', 'documents held'),
  units('overdue'),
  units('taken', 'taken up'),
  duration('oldest'),
  amount('money', 'money at stake'),
];
const EACH = [
  text('case'),
  text('code'),
  text('sentence', 'what it is'),
  text('owner'),
  text('severity'),
  text('state'),
  text('about'),
  text('title'),
  instant('opened'),
  duration('age'),
  instant('due'),
  text('late', 'overdue'),
  amount('money', 'money at stake'),
  units('units'),
];

/**
 * Open cases with their money: a case of a cause stands for all it holds, one currency a row. `first` marks the one row
 * that counts the case where it has several.
 */
const open = (owner: string | null) => sql`
  with open_case as (
    select * from "case" where state in ('open', 'acknowledged', 'investigating', 'waiting')
      and (${owner}::text is null or owner = ${owner})
  ), held as (
    select h.case_id, h.currency, sum(h.amount_minor) as minor, count(*) as documents, sum(h.units) as units
    from case_hold h join open_case c on c.id = h.case_id
    where h.released_at is null group by h.case_id, h.currency
  ), at_stake as (
    select c.*, case when c.kind = 'cause' then h.minor else c.amount_minor::numeric end as minor,
      case when c.kind = 'cause' then h.currency else c.currency end as money_currency,
      coalesce(h.documents, 0) as documents, case when c.kind = 'cause' then h.units else c.units end as all_units,
      row_number() over (partition by c.id order by h.currency nulls last) = 1 as first
    from open_case c left join held h on h.case_id = c.id and c.kind = 'cause'
  )`;

interface TypeRow {
  code: string;
  owner: string;
  severity: string;
  band: number;
  cases: string;
  documents: string;
  overdue: string;
  taken: string;
  opened: string;
  minor: string | null;
  currency: string | null;
}

const BANDS = ['under 1 day', '1 to 3 days', '3 to 7 days', 'over 7 days'];

async function byType(q: Queryable, { now, owner, limit }: ReportOptions): Promise<Part> {
  const moment = now.toISOString();
  const { rows } = await sql<TypeRow>`
    ${open(owner)}
    select code, owner, severity, band, money_currency as currency, sum(minor)::text as minor,
      count(*) filter (where first) as cases, sum(documents) as documents, min(opened_at) as opened,
      count(*) filter (where first and due_at < ${moment}::timestamptz) as overdue,
      count(*) filter (where first and acknowledged_at is not null) as taken
    from (select *, width_bucket(extract(epoch from ${moment}::timestamptz - opened_at)::numeric,
      array[86400, 259200, 604800]::numeric[]) as band from at_stake) banded
    group by code, owner, severity, band, money_currency
    order by code, owner, severity, band desc, money_currency limit ${limit + 1}`.execute(q);
  return partOf(
    { name: 'by-type', title: 'Open exceptions by type, owner, age and severity', columns: BY_TYPE },
    rows.map((row) => ({
      ...{ code: row.code, sentence: sentenceFor(row.code), owner: row.owner, severity: row.severity },
      ...{ age: BANDS[row.band] ?? '', cases: Number(row.cases), held: Number(row.documents) },
      ...{ overdue: Number(row.overdue), taken: Number(row.taken), oldest: ageMs(row.opened, now) },
      money: moneyOf(row.minor, row.currency),
    })),
    limit,
  );
}

interface CaseOpen {
  id: string;
  code: string;
  owner: string;
  severity: string;
  state: string;
  business_key: string;
  cause: string;
  title: string;
  customer: string;
  opened_at: string;
  due_at: string | null;
  minor: string | null;
  currency: string | null;
  units: string | null;
}

async function each(q: Queryable, { now, owner, limit }: ReportOptions): Promise<Part> {
  const { rows } = await sql<CaseOpen>`
    ${open(owner)}
    select id, code, owner, severity, state, business_key, cause, title, customer, opened_at, due_at, minor::text as minor,
      money_currency as currency, all_units::text as units
    from at_stake order by due_at nulls last, opened_at, id, money_currency limit ${limit + 1}`.execute(q);
  return partOf(
    { name: 'cases', title: 'Every open exception, the most urgent first', columns: EACH },
    rows.map((row) => ({
      ...{ case: row.id, code: row.code, sentence: sentenceFor(row.code), owner: row.owner, severity: row.severity },
      ...{
        state: row.state,
        about: row.business_key === '' ? row.cause : row.business_key,
        title: maskedAbout(row.title, row.customer),
      },
      ...{ opened: row.opened_at, age: ageMs(row.opened_at, now), due: row.due_at },
      late: row.due_at !== null && Date.parse(row.due_at) < now.getTime() ? 'overdue' : '',
      money: moneyOf(row.minor, row.currency),
      units: Number(row.units ?? 0),
    })),
    limit,
  );
}

/** Reads the report. */
export async function openExceptions(q: Queryable, options: ReportOptions): Promise<ReportBody> {
  return { parts: [await byType(q, options), await each(q, options)], notes: [] };
}
