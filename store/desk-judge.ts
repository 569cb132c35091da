/** Who may decide what. Pure rules and the sums they need; desk-decisions.ts records what comes of them. */
import { sql } from 'kysely';
import { customer as maskedCustomer } from '../domain/mask.js';
import { format } from '../domain/money.js';
import type { Queryable } from './database.js';
import type { CaseRow } from './desk-cases.js';
import type { Door, Identity } from './desk.js';
import { lockName } from './desk-events.js';
import type { DecisionInput } from './desk-input.js';
import type { Person } from './desk-people.js';

/** How a house decides: whether a typed name is enough, whose midnight ends a day, where the desk is. */
export interface DeskRules {
  identity: 'proven' | 'claimed';
  /** IANA zone of the company. */
  zone: string;
  /** Address of the desk door, for sentences. */
  deskUrl: string;
}
export interface Attempt {
  input: DecisionInput;
  person: Person;
  identity: Identity;
  door: Door;
}

/** Choices that move money or stock whatever a question says of them (design.md 6). */
const ALWAYS_PROOF = ['approve', 'correct', 'adopt', 'already-entered', 'reverse', 'keep', 'send-back'];
/** Choices that end a question of two people at once. */
const REFUSING = ['reject', 'decline', 'refuse'];
/** Entering what was wrong is no approval of it: the person who corrected may correct again. */
const ENTERING = ['correct', 'adopt', 'already-entered'];

/** `retry` of what was shown decides nothing new; everything that moves money or stock needs proof (R-801). */
export const needsProof = (choice: string, row?: Pick<CaseRow, 'choices'>): boolean =>
  ALWAYS_PROOF.includes(choice) ||
  (row === undefined ? choice !== 'retry' : row.choices.some((c) => c.choice === choice && c.proof));
export const endsTwoPeople = (choice: string): boolean => REFUSING.includes(choice);

/** Why this person may not make this decision on this open case; `null` when nothing stands against it. */
export async function objection(
  q: Queryable,
  row: CaseRow,
  attempt: Attempt,
  rules: DeskRules,
): Promise<string | null> {
  const { input, person } = attempt;
  const known = row.choices.map((c) => c.choice);
  if (!known.includes(input.choice))
    return `"${input.choice}" is no choice of ${row.id}. Allowed: ${known.join(', ')}.`;
  if (!hasRole(person, row))
    return (
      `${person.id} may not decide ${row.id}: it belongs to ${row.owner} (deputy ${row.deputy}), ` +
      `and ${person.id} has ${person.roles.length === 0 ? 'no role' : `the role ${person.roles.join(', ')}`}.`
    );
  if (input.shown !== '' && input.shown !== row.digest)
    return `${row.id} no longer shows what was decided on (${input.shown}). Look at it again and decide on what it shows now.`;
  if (!needsProof(input.choice, row)) return null;
  return (
    withoutProof(row, attempt, rules) ??
    (await asRequester(q, row, attempt)) ??
    (await aboveLimit(q, row, person, rules))
  );
}

/** The owner's role, the deputy's, or a lead of either (R-094). */
export function hasRole(person: Pick<Person, 'roles'>, row: Pick<CaseRow, 'owner' | 'deputy'>): boolean {
  const allowed = [row.owner, row.deputy, `${row.owner}-lead`, `${row.deputy}-lead`];
  return person.roles.some((role) => allowed.includes(role));
}

function withoutProof(row: CaseRow, { input, identity, person }: Attempt, rules: DeskRules): string | null {
  if (identity === 'claimed' && rules.identity === 'proven')
    return (
      `"${input.choice}" moves money or stock, and a typed name does not prove who decides. ` +
      `Decide at the desk with the key of ${person.id}: selvedge decide ${row.id} --choice ${input.choice} --why "…" ` +
      `(or POST ${rules.deskUrl}/decisions).`
    );
  if (input.shown === '')
    return (
      `"${input.choice}" moves money or stock, so the decision must carry what was shown: ` +
      `add "shown" with the digest that ${row.id} holds.`
    );
  if (input.why.trim() === '')
    return `"${input.choice}" moves money or stock, so the decision must say why: add "why" with a sentence.`;
  return null;
}

/** R-802: neither who made the source event nor who last corrected or retried it approves it. */
async function asRequester(q: Queryable, row: CaseRow, { input, person }: Attempt): Promise<string | null> {
  if (row.requesters.includes(person.id))
    return `${person.id} asked for ${row.id} and may not decide it: somebody else must (R-802).`;
  if (ENTERING.includes(input.choice)) return null;
  const { rows } = await sql<{ by: string; choice: string }>`
    select "by", choice from decision
    where workflow_id = ${row.workflow_id} and state = 'accepted' and choice in ('correct', 'retry')
    order by recorded_at desc limit 1`.execute(q);
  const last = rows[0];
  if (last === undefined || last.by !== person.id) return null;
  return `${person.id} chose "${last.choice}" on this document before and may not approve it: somebody else must (R-802).`;
}

/** R-087, R-802: each document, each customer's day, and all that one person approves in a day. */
async function aboveLimit(q: Queryable, row: CaseRow, person: Person, rules: DeskRules): Promise<string | null> {
  const limits = [person.limit_document, person.limit_customer_day, person.limit_day];
  if (row.amount_minor === null || limits.every((limit) => limit === null)) return null;
  const amount = comparable(row, person);
  if (amount === null)
    return (
      `${row.id} is about ${row.currency ?? ''}, ${person.id} has limits in ${person.limit_currency}, ` +
      `and no rate between them is recorded. Add the rate to the policy, or let somebody without limits decide.`
    );
  const money = (minor: bigint): string => format({ minor: String(minor), currency: person.limit_currency });
  const over = (what: string, total: bigint, limit: string | null): string | null =>
    limit === null || total <= BigInt(limit)
      ? null
      : `${person.id} may decide up to ${money(BigInt(limit))} ${what}; this makes it ${money(total)}. Somebody with a higher limit must decide ${row.id}.`;
  return (
    over('per document', amount, person.limit_document) ??
    (person.limit_customer_day === null || row.customer === ''
      ? null
      : over(
          `per customer and day (customer ${maskedCustomer(row.customer)}, ${row.business_date ?? ''})`,
          amount + (await approvedForCustomer(q, row, person.limit_currency)),
          person.limit_customer_day,
        )) ??
    (person.limit_day === null
      ? null
      : over('a day', amount + (await approvedToday(q, person, rules.zone, row)), person.limit_day))
  );
}

/** The amount at stake in the currency of the person's limits, without sign; `null` when it cannot be compared. */
export function comparable(
  row: Pick<CaseRow, 'base_minor' | 'base_currency' | 'amount_minor' | 'currency'>,
  person: Pick<Person, 'limit_currency'>,
): bigint | null {
  const absolute = (minor: string): bigint => (BigInt(minor) < 0n ? -BigInt(minor) : BigInt(minor));
  if (row.base_minor !== null && row.base_currency === person.limit_currency) return absolute(row.base_minor);
  if (row.amount_minor !== null && row.currency === person.limit_currency) return absolute(row.amount_minor);
  return null;
}

/** Only what moved money or stock adds up; a rejection does not. */
const MOVED = sql`(d.choice = any(${ALWAYS_PROOF}::text[]) or exists (
  select 1 from jsonb_array_elements(c.choices) x where x->>'choice' = d.choice and (x->>'proof')::boolean))`;
/** A document counts once however many of its questions were agreed to. */
const SUM_OF_DOCUMENTS = sql`
  select coalesce(sum(most), 0)::text as total from (
    select max(abs(case when c.base_minor is not null then c.base_minor else c.amount_minor end)) as most`;

/** What others agreed to for this customer on this business date, apart from this very document. */
async function approvedForCustomer(q: Queryable, row: CaseRow, currency: string): Promise<bigint> {
  await lockName(q, `customer-day:${row.customer}/${row.business_date ?? ''}`);
  const { rows } = await sql<{ total: string }>`
    ${SUM_OF_DOCUMENTS} from "case" c join decision d on d.id = c.decision_id
    where c.customer = ${row.customer} and c.business_date = ${row.business_date} and c.decided_at is not null
      and coalesce(c.base_currency, c.currency) = ${currency} and c.workflow_id <> ${row.workflow_id}
      and ${MOVED}
    group by c.workflow_id) s`.execute(q);
  return BigInt(rows[0]?.total ?? '0');
}

/** What this person agreed to since the company's midnight, first approvals of two included. */
export async function approvedToday(
  q: Queryable,
  person: Person,
  zone: string,
  apart?: Pick<CaseRow, 'workflow_id'>,
): Promise<bigint> {
  await lockName(q, `person-day:${person.id}`);
  const { rows } = await sql<{ total: string }>`
    ${SUM_OF_DOCUMENTS} from decision d join "case" c on c.id = d.case_id
    where d."by" = ${person.id} and d.state in ('first', 'accepted')
      and (d.recorded_at at time zone ${zone})::date = (clock_timestamp() at time zone ${zone})::date
      and coalesce(c.base_currency, c.currency) = ${person.limit_currency}
      and c.workflow_id <> ${apart?.workflow_id ?? ''}
      and ${MOVED}
    group by c.workflow_id) s`.execute(q);
  return BigInt(rows[0]?.total ?? '0');
}
