/** What a source uses and no mapping knows, before the first document needs it (R-040). */
import { sql } from 'kysely';
import type { Queryable } from './database.js';
import { lookupAccounts, lookupItems, lookupLocation } from './mapping-lookups.js';

export interface Uncovered {
  kind: 'location' | 'sku' | 'charge' | 'deduction';
  source: string;
  code: string;
  /** Rows of the source that used it. */
  events: number;
  /** Business dates without a confirmed row, oldest first, at most 400. */
  dates: string[];
  /** Which of them each proposed row would cover once confirmed. */
  proposals: { id: string; addedBy: string; covers: string[] }[];
}

const MOST_CODES = 5000;
const MOST_DATES = 400;

interface Seen {
  source: string;
  kind: Uncovered['kind'];
  code: string;
  businessDate: string;
  events: number;
}

/** Whether a confirmed row covers a code on its date. */
async function isCovered(q: Queryable, seen: Seen): Promise<boolean> {
  if (seen.kind === 'location') return (await lookupLocation(q, seen.source, seen.code, seen.businessDate)) !== null;
  if (seen.kind === 'sku')
    return (await lookupItems(q, seen.source, [seen.code], seen.businessDate)).get(seen.code)?.state === 'found';
  return seen.code in (await lookupAccounts(q, seen.kind, [seen.code], seen.businessDate));
}

/** The codes that may be uncovered, found set-wise: a row or item that covers every day it was seen needs no second look. */
async function suspects(q: Queryable): Promise<Seen[]> {
  const { rows } = await sql<Seen>`
    select s.source, s.kind, s.code, s.business_date as "businessDate", s.events
    from seen_code s
    where case s.kind
      when 'location' then not exists (
        select from location_mapping m where m.source = s.source and m.location = s.code
          and m.state = 'confirmed' and daterange(m.valid_from, m.valid_to, '[]') @> s.business_date)
      when 'sku' then (
        select count(*) from item i
        where i.normalised_code = upper(regexp_replace(s.code, '[-./_[:space:]]', '', 'g'))) <> 1
      when 'charge' then not exists (
        select from charge_mapping m where upper(m.code) = upper(trim(s.code))
          and m.state = 'confirmed' and daterange(m.valid_from, m.valid_to, '[]') @> s.business_date)
      when 'deduction' then not exists (
        select from deduction_mapping m where upper(m.code) = upper(trim(s.code))
          and m.state = 'confirmed' and daterange(m.valid_from, m.valid_to, '[]') @> s.business_date)
      else false end
    order by s.kind, s.source, s.code, s.business_date limit ${MOST_CODES}`.execute(q);
  return rows;
}

const PROPOSALS: Record<Uncovered['kind'], { table: string; key: string; bySource: boolean }> = {
  location: { table: 'location_mapping', key: 'location', bySource: true },
  sku: { table: 'sku_alias', key: 'sku', bySource: true },
  charge: { table: 'charge_mapping', key: 'code', bySource: false },
  deduction: { table: 'deduction_mapping', key: 'code', bySource: false },
};

async function proposalsFor(q: Queryable, gap: Uncovered): Promise<Uncovered['proposals']> {
  const { table, key, bySource } = PROPOSALS[gap.kind];
  const { rows } = await sql<{ id: string; addedBy: string; covers: string[] }>`
    select m.id::text as id, m.added_by as "addedBy",
      coalesce((select array_agg(d::text order by d) from unnest(${gap.dates}::date[]) as d
                where daterange(m.valid_from, m.valid_to, '[]') @> d), '{}') as covers
    from ${sql.table(table)} m
    where m.state = 'proposed' and upper(m.${sql.id(key)}) = upper(${gap.code})
      and ${bySource ? sql`m.source = ${gap.source}` : sql`true`}
    order by m.id`.execute(q);
  return rows;
}

/** Every code that was used on a day no confirmed row covers, with what proposed rows would change about it. */
export async function coverage(q: Queryable): Promise<Uncovered[]> {
  const gaps = new Map<string, Uncovered>();
  for (const seen of await suspects(q)) {
    if (await isCovered(q, seen)) continue;
    const key = `${seen.kind}/${seen.source}/${seen.code}`;
    const { kind, source, code } = seen;
    const gap = gaps.get(key) ?? { kind, source, code, events: 0, dates: [], proposals: [] };
    gap.events += seen.events;
    if (gap.dates.length < MOST_DATES) gap.dates.push(seen.businessDate);
    gaps.set(key, gap);
  }
  for (const gap of gaps.values()) gap.proposals = await proposalsFor(q, gap);
  return [...gaps.values()];
}
