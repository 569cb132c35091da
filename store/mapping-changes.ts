/** Adding, confirming and ending mapping rows: one person proposes, another confirms, the audit keeps both (R-039, R-802). */
import { sql, type RawBuilder } from 'kysely';
import { appendAudit } from './audit.js';
import type { Db, Queryable } from './database.js';
import { lockFor } from './locks.js';
import { causeLock, causesSolvedBy, type Cause } from './mapping-causes.js';
import {
  MAPPINGS,
  MappingRefused,
  parseColumns,
  parseDay,
  toMappingRow,
  type MappingKind,
  type MappingRow,
} from './mappings.js';

const subjectOf = (row: MappingRow): string => `${MAPPINGS[row.kind].table}/${row.id}`;

/** What is mapped, as people say it: `archean FC-UK-1`. */
export const nameOf = (row: Pick<MappingRow, 'kind' | 'values'>): string =>
  MAPPINGS[row.kind].keys.map((key) => String(row.values[key])).join(' ');

export interface ProposedMapping {
  kind: MappingKind;
  values: unknown;
  validFrom: string;
  validTo?: string | null;
  why: string;
  by: string;
}

/**
 * Proposes a row. It maps nothing until another person confirms it.
 * @throws MappingRefused for columns or dates that do not fit, or without a reason.
 */
export async function addMapping(db: Db, proposed: ProposedMapping): Promise<MappingRow> {
  const { kind, why, by } = proposed;
  const values = parseColumns(kind, proposed.values);
  const validFrom = parseDay(proposed.validFrom, 'valid from');
  const validTo = proposed.validTo ? parseDay(proposed.validTo, 'valid to') : null;
  if (validTo !== null && validTo < validFrom)
    throw new MappingRefused(`a mapping cannot end on ${validTo}, before it begins on ${validFrom}`);
  if (why.trim() === '') throw new MappingRefused('say why this mapping is added');
  return db.transaction().execute(async (tx) => {
    const row = await insertRow(tx, kind, values, {
      valid_from: validFrom,
      valid_to: validTo,
      state: 'proposed',
      why,
      added_by: by,
    });
    await appendAudit(tx, {
      actor: by,
      identity: 'proven',
      action: 'propose-mapping',
      subject: subjectOf(row),
      why,
      detail: { kind, values, validFrom, validTo },
    });
    return row;
  });
}

/** Inserts one row of any kind; the caller has parsed its columns. */
export async function insertRow(
  tx: Queryable,
  kind: MappingKind,
  values: Record<string, string | string[] | null>,
  reviewed: Record<string, string | null>,
): Promise<MappingRow> {
  const all = Object.entries({ ...values, ...reviewed });
  const names = all.map(([name]) => sql.id(name));
  const { rows } = await sql<Record<string, unknown>>`
    insert into ${sql.table(MAPPINGS[kind].table)} (${sql.join(names)})
    values (${sql.join(all.map(([, value]) => sql`${value}`))}) returning *`.execute(tx);
  return toMappingRow(kind, rows[0] ?? {});
}

const sameKey = (row: MappingRow): RawBuilder<unknown> =>
  sql.join(
    MAPPINGS[row.kind].keys.map((key) => sql`${sql.id(key)} = ${row.values[key]}`),
    sql` and `,
  );

async function lockRow(tx: Queryable, kind: MappingKind, id: string): Promise<MappingRow> {
  if (!/^\d{1,18}$/.test(id)) throw new MappingRefused(`"${id}" is not the number of a mapping row`);
  const { rows } = await sql<Record<string, unknown>>`
    select * from ${sql.table(MAPPINGS[kind].table)} where id = ${id} for update`.execute(tx);
  if (rows[0] === undefined) throw new MappingRefused(`there is no ${kind} mapping ${id}`);
  return toMappingRow(kind, rows[0]);
}

/** What somebody is shown who is asked to confirm: the row as it would be, or its last day. */
export const shownOf = (row: MappingRow): string =>
  row.state === 'proposed' ? 'row' : `end ${row.endProposed ?? 'none'}`;

/**
 * Confirms a proposed row, or the proposed end of a confirmed one. An open-ended row it follows ends the day before.
 * Answers the causes it solves, so that the caller wakes what they held. Takes the lock of each cause, which joining
 * a case takes too: nobody joins a case that has just been solved.
 * `shown`: what the person was shown (`shownOf`).
 * @throws MappingRefused when it has changed since, the same person proposed it, nothing is proposed, or it overlaps another row.
 */
export function confirmMapping(
  db: Db,
  change: { kind: MappingKind; id: string; by: string; shown?: string | undefined },
): Promise<{ row: MappingRow; solved: Cause[] }> {
  return db.transaction().execute(async (tx) => {
    const row = await lockRow(tx, change.kind, change.id);
    if (change.shown !== undefined && change.shown !== shownOf(row))
      throw new MappingRefused(`row ${row.id} has changed since it was shown; look at it again`);
    if (row.state === 'confirmed') return { row: await confirmEnd(tx, row, change.by), solved: [] };
    refuseSamePerson(row, row.addedBy, change.by);
    await lockFor(tx, 'mapping', [`${row.kind}/${nameOf(row)}`]);
    const solved = causesSolvedBy(row);
    for (const cause of solved) await causeLock(tx, cause);
    await makeRoom(tx, row, change.by);
    const { rows } = await sql<Record<string, unknown>>`
      update ${sql.table(MAPPINGS[row.kind].table)}
      set state = 'confirmed', confirmed_by = ${change.by}, confirmed_at = clock_timestamp()
      where id = ${row.id} returning *`.execute(tx);
    await auditChange(tx, change.by, 'confirm-mapping', row);
    return { row: toMappingRow(row.kind, rows[0] ?? {}), solved };
  });
}

function refuseSamePerson(row: MappingRow, proposedBy: string, by: string): void {
  if (proposedBy === by)
    throw new MappingRefused(
      `${by} proposed this change of ${row.kind} ${nameOf(row)}; another person must confirm it`,
    );
}

const auditChange = (tx: Queryable, by: string, action: string, row: MappingRow): Promise<string> =>
  appendAudit(tx, {
    actor: by,
    identity: 'proven',
    action,
    subject: subjectOf(row),
    why: row.why,
    detail: { kind: row.kind, values: row.values, validFrom: row.validFrom, validTo: row.validTo },
  });

/** Ends the open-ended row before; any other overlap is refused, since two rows of one day would have to be guessed between. */
async function makeRoom(tx: Queryable, row: MappingRow, by: string): Promise<void> {
  const { rows } = await sql<Record<string, unknown>>`
    select * from ${sql.table(MAPPINGS[row.kind].table)}
    where ${sameKey(row)} and state = 'confirmed' and id <> ${row.id}
      and daterange(valid_from, valid_to, '[]') && daterange(${row.validFrom}::date, ${row.validTo}::date, '[]')
    for update`.execute(tx);
  for (const other of rows.map((r) => toMappingRow(row.kind, r))) {
    if (other.validTo !== null || other.validFrom >= row.validFrom)
      throw new MappingRefused(
        `${row.kind} ${nameOf(row)} is mapped from ${other.validFrom}${other.validTo === null ? '' : ` to ${other.validTo}`} by row ${other.id}; end that row first or choose other dates`,
      );
    await sql`
      update ${sql.table(MAPPINGS[row.kind].table)} set valid_to = ${row.validFrom}::date - 1
      where id = ${other.id}`.execute(tx);
    await auditChange(tx, by, 'end-mapping', other);
  }
}

async function confirmEnd(tx: Queryable, row: MappingRow, by: string): Promise<MappingRow> {
  if (row.endProposed === null || row.endProposedBy === null)
    throw new MappingRefused(`${row.kind} ${nameOf(row)} is confirmed already and no end is proposed`);
  refuseSamePerson(row, row.endProposedBy, by);
  const { rows } = await sql<Record<string, unknown>>`
    update ${sql.table(MAPPINGS[row.kind].table)}
    set valid_to = end_proposed, end_proposed = null, end_proposed_by = null
    where id = ${row.id} returning *`.execute(tx);
  await auditChange(tx, by, 'end-mapping', row);
  return toMappingRow(row.kind, rows[0] ?? {});
}

/**
 * Proposes the last day a row holds; another person confirms it. A row that is only proposed may be taken back by
 * anybody: it maps nothing.
 */
export function endMapping(
  db: Db,
  change: { kind: MappingKind; id: string; lastDay: string; by: string; why: string },
): Promise<MappingRow> {
  const lastDay = parseDay(change.lastDay, 'the last day');
  return db.transaction().execute(async (tx) => {
    const row = await lockRow(tx, change.kind, change.id);
    const table = sql.table(MAPPINGS[row.kind].table);
    if (row.state === 'proposed') {
      await sql`delete from ${table} where id = ${row.id}`.execute(tx);
      await auditChange(tx, change.by, 'withdraw-mapping', { ...row, why: change.why });
      return row;
    }
    if (lastDay < row.validFrom)
      throw new MappingRefused(`row ${row.id} holds from ${row.validFrom}; it cannot end on ${lastDay}`);
    const { rows } = await sql<Record<string, unknown>>`
      update ${table} set end_proposed = ${lastDay}, end_proposed_by = ${change.by}
      where id = ${row.id} returning *`.execute(tx);
    await auditChange(tx, change.by, 'propose-end-of-mapping', { ...row, why: change.why });
    return toMappingRow(row.kind, rows[0] ?? {});
  });
}

/** Rows of a kind, by key and date, at most 2,000; `on` leaves only those that hold on a day, proposed ones included. */
export async function listMappings(
  q: Queryable,
  kind: MappingKind,
  options: { on?: string; state?: 'proposed' | 'confirmed' } = {},
): Promise<MappingRow[]> {
  const { rows } = await sql<Record<string, unknown>>`
    select * from ${sql.table(MAPPINGS[kind].table)}
    where (${options.on ?? null}::date is null
           or daterange(valid_from, valid_to, '[]') @> ${options.on ?? null}::date)
      and (${options.state ?? null}::text is null or state = ${options.state ?? null}::text)
    order by ${sql.join([...MAPPINGS[kind].keys, 'valid_from', 'id'].map((key) => sql.id(key)))}
    limit 2000`.execute(q);
  return rows.map((row) => toMappingRow(kind, row));
}
