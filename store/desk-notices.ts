/** What people are told. Like ones are gathered into one notice until it leaves. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Queryable } from './database.js';
import type { NoticeKind } from './desk.js';

/** How long like notices are gathered before they leave, in milliseconds. A critical one never waits. */
const GATHER_MS = 1_000;
/** A notice taken by a sender that died is taken again after this. */
const TAKEN_FOR_MS = 60_000;
const MOST_AT_ONCE = 50;
const FIRST_RETRY_MS = 500;
const LONGEST_WAIT_MS = 5 * 60_000;

/** Adds a case to the notice its group still has waiting, or begins one. A critical one takes the waiting one along. */
export async function noteNotice(
  q: Queryable,
  about: {
    kind: NoticeKind;
    caseId: string;
    groupKey: string;
    code: string;
    severity: string;
    roles: string[];
  },
): Promise<void> {
  const wait = about.severity === 'critical' ? 0 : GATHER_MS;
  const { rows } = await sql<{ id: string }>`
    insert into notice (id, kind, group_key, code, severity, roles, not_before)
    values (${randomUUID()}, ${about.kind}, ${about.groupKey}, ${about.code}, ${about.severity},
            ${JSON.stringify([...new Set(about.roles)])}, clock_timestamp() + ${wait} * interval '1 millisecond')
    on conflict (group_key, kind) where state = 'pending' do update set
      severity = case when excluded.severity = 'critical' then 'critical' else notice.severity end,
      roles = case when excluded.severity = 'critical' then excluded.roles else notice.roles end,
      not_before = least(notice.not_before, excluded.not_before)
    returning id`.execute(q);
  const id = rows[0]?.id ?? '';
  await q
    .insertInto('notice_case')
    .values({ notice_id: id, case_id: about.caseId })
    .onConflict((c) => c.doNothing())
    .execute();
}

export interface DueNotice {
  id: string;
  kind: NoticeKind;
  code: string;
  severity: string;
  roles: string[];
  attempts: number;
  /** Channels it has left by already. */
  sentBy: string[];
  cases: NoticeCase[];
}
export interface NoticeCase {
  id: string;
  /** Of the case: an overdue approval's notice is X-60, its case stays an approval. */
  code: string;
  title: string;
  businessKey: string;
  minor: string | null;
  currency: string | null;
  units: number;
  steps: string[];
  dueAt: string | null;
  /** False when it was decided or closed before the notice left. */
  open: boolean;
  /** False for a case that takes no decision. */
  decides: boolean;
  /** A saga asks it: many of them can be decided at once. */
  asks: boolean;
}

/** Takes the notices that are due, so that no other sender has them; `now` is the store's clock. */
export async function takeDueNotices(q: Queryable): Promise<DueNotice[]> {
  const { rows } = await sql<Omit<DueNotice, 'cases' | 'sentBy'> & { sent_to: string }>`
    update notice set state = 'sending', claimed_at = clock_timestamp(), attempts = attempts + 1
    where id in (
      select id from notice
      where (state in ('pending', 'retry') and not_before <= clock_timestamp())
         or (state = 'sending' and claimed_at < clock_timestamp() - ${TAKEN_FOR_MS} * interval '1 millisecond')
      order by (severity = 'critical') desc, created_at
      limit ${MOST_AT_ONCE} for update skip locked)
    returning id, kind, code, severity, roles, attempts, sent_to`.execute(q);
  return Promise.all(
    rows.map(async ({ sent_to: sentTo, ...row }) => ({
      ...row,
      sentBy: sentTo.split(', '),
      cases: await casesOf(q, row.id),
    })),
  );
}

async function casesOf(q: Queryable, noticeId: string): Promise<NoticeCase[]> {
  const { rows } = await sql<NoticeCase>`
    select c.id, c.code, jsonb_array_length(c.choices) > 0 as decides, c.kind = 'question' as asks, c.title, c.business_key as "businessKey", c.amount_minor as minor, c.currency, c.units, c.steps,
           c.due_at as "dueAt", c.state in ('open', 'acknowledged', 'investigating', 'waiting') as open
    from notice_case n join "case" c on c.id = n.case_id
    where n.notice_id = ${noticeId} order by c.opened_at, c.id`.execute(q);
  return rows;
}

/** The notice left by one channel; the others may still fail, and then only they are tried again. */
export async function noticeLeftBy(q: Queryable, id: string, channel: string): Promise<void> {
  await sql`
    update notice set sent_to = case when sent_to = '' then ${channel} else sent_to || ', ' || ${channel} end
    where id = ${id}`.execute(q);
}

/** The notice is done with. */
export async function noticeSent(q: Queryable, id: string): Promise<void> {
  await q
    .updateTable('notice')
    .set({ state: 'sent', sent_at: new Date(), last_error: '' })
    .where('id', '=', id)
    .execute();
}

/** The notice did not leave: it is tried again, later each time. */
export async function noticeFailed(q: Queryable, id: string, attempts: number, why: string): Promise<void> {
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 16));
  await sql`
    update notice set state = 'retry', last_error = ${why.slice(0, 500)},
      not_before = clock_timestamp() + ${wait} * interval '1 millisecond'
    where id = ${id}`.execute(q);
}

/** Age in milliseconds of the oldest notice that has not left; 0 when none waits. */
export async function oldestUnsentMs(q: Queryable): Promise<number> {
  const { rows } = await sql<{ ms: number }>`
    select coalesce(extract(epoch from clock_timestamp() - min(created_at)) * 1000, 0)::float8 as ms
    from notice where state <> 'sent'`.execute(q);
  return Math.max(0, Math.round(rows[0]?.ms ?? 0));
}

/** Mail addresses of the active people who have one of `roles`; without any, of integration support (SG-25). */
export async function addressesOf(q: Queryable, roles: string[]): Promise<string[]> {
  const having = async (wanted: string[]): Promise<string[]> => {
    const { rows } = await sql<{ mail: string }>`
      select mail from person
      where active and mail <> '' and exists (
        select 1 from jsonb_array_elements_text(roles) r where r = any(${wanted}::text[]))
      order by id`.execute(q);
    return rows.map((row) => row.mail);
  };
  const found = await having(roles);
  return found.length > 0 ? found : having(['integration-support']);
}
