/** What has become of each return so far, by our own store: finished, asked about, held, or still on its way. */
import { sql } from 'kysely';
import type { Db } from '../../store/database.js';

/** A case that is open now. */
export interface StandingCase {
  id: string;
  code: string;
  kind: 'question' | 'cause' | 'raised' | 'orphan';
  question: string;
  cause: string;
  /** Minor units the choices of a refund question would credit; null where there is no such choice. */
  asSold: string | null;
  asRefunded: string | null;
}

export interface Standing {
  returnNo: string;
  /** No line of it is goods. */
  chargesOnly: boolean;
  finished: { outcome: string; kind: string } | null;
  cases: StandingCase[];
}

/** What a return came to, in the words of a history's README, and what it waits for. */
export interface Verdict {
  outcome: string;
  /** Code of the open question or cause; null when it waits for nobody. */
  waitsFor: string | null;
  case: string | null;
}

const OPEN = sql`c.state in ('open', 'acknowledged', 'investigating', 'waiting')`;

/** Minor units of the credits a choice of the question would post. */
const creditOf = (choice: string) => sql`(
  select sum((credit #>> '{document,total,minor}')::bigint)
  from jsonb_array_elements(case when jsonb_typeof(c.shown #> array['choices', ${choice}, 'credits']) = 'array'
    then c.shown #> array['choices', ${choice}, 'credits'] end) credit)`;

/** Every return that has arrived, in the order of its number. */
export async function standings(db: Db): Promise<Standing[]> {
  const { rows } = await sql<Omit<Standing, 'finished'> & { outcome: string | null; kind: string | null }>`
    with arrived as (
      select distinct on (source_id) source_id, payload from event
      where kind = 'return' and state <> 'malformed' order by source_id, version desc),
    about as (
      select case when c.kind = 'cause' then h.business_key else c.business_key end as key,
        jsonb_build_object('id', c.id, 'code', c.code, 'kind', c.kind, 'question', c.question, 'cause', c.cause,
          'asSold', ${creditOf('as-sold')}::text, 'asRefunded', ${creditOf('approve')}::text) as standing
      from "case" c left join case_hold h on c.kind = 'cause' and h.case_id = c.id and h.released_at is null
      where ${OPEN}),
    cases as (select key, jsonb_agg(standing) as standing from about group by key)
    select a.source_id as "returnNo",
      not exists (select from jsonb_array_elements(a.payload -> 'lines') line where line ->> 'kind' <> 'CHARGE')
        as "chargesOnly",
      case when e.finished_at is not null then e.result ->> 'outcome' end as outcome,
      e.result ->> 'kind' as kind,
      coalesce(cases.standing, '[]') as cases
    from arrived a
    left join event_claim e on e.kind = 'return' and e.key = a.source_id and e.version = 1
    left join cases on cases.key = a.source_id
    order by a.source_id`.execute(db);
  return rows.map(({ outcome, kind, ...row }) => ({
    ...row,
    finished: outcome === null ? null : { outcome, kind: kind ?? '' },
  }));
}

/** Documents on their way to the ERP or not yet settled there. */
export async function unsettled(db: Db): Promise<number> {
  const { rows } = await sql<{ count: string }>`
    select count(*) from posting where state in ('intended', 'sent', 'accepted')`.execute(db);
  return Number(rows[0]?.count ?? 0);
}

/** The case a return waits in: a person's question or a missing mapping. */
const waitOf = ({ cases }: Standing): StandingCase | undefined =>
  cases.find(({ kind }) => kind === 'question' || kind === 'cause');

/** True when nothing more will come of it by itself. */
export const hasComeToRest = (standing: Standing): boolean =>
  standing.finished !== null || waitOf(standing) !== undefined;

/** Classes by the question that is asked first about them; those of a plain return are about something else. */
const CLASS_OF_QUESTION: Readonly<Record<string, string>> = {
  'original-order': 'no-original',
  quantity: 'exceeds',
  'before-dispatch': 'plain',
  'credit-limit': 'plain',
};

function classOf({ code, question, cause, asSold, asRefunded }: StandingCase): string {
  if (question === 'refund')
    return asRefunded !== null && BigInt(asRefunded) < BigInt(asSold ?? '0')
      ? 'refund-below-sold'
      : 'refund-above-sold';
  if (code === 'X-03' && cause.startsWith('location ')) return 'unmapped-location';
  return CLASS_OF_QUESTION[question] ?? code;
}

/** What a return came to; `unfinished` while it is on its way. */
export function verdictOf(standing: Standing): Verdict {
  const { finished, chargesOnly } = standing;
  if (finished !== null) {
    const outcome = finished.outcome === 'posted' ? finished.kind : finished.outcome;
    return { outcome, waitsFor: null, case: null };
  }
  const wait = waitOf(standing);
  if (wait === undefined) return { outcome: 'unfinished', waitsFor: null, case: null };
  const found = classOf(wait);
  return { outcome: chargesOnly ? `charge-${found}` : found, waitsFor: wait.code, case: wait.id };
}
