/** People who may decide: roles, limits, the digest of their key. A change needs a second person. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { sql, type Selectable } from 'kysely';
import { z } from 'zod';
import { appendAudit } from './audit.js';
import type { Db, Queryable } from './database.js';
import type { PersonTable } from './desk.js';

export type Person = Selectable<PersonTable>;

export interface PersonSeed {
  id: string;
  name: string;
  roles: string[];
  /** SHA-256 of the person's key, hex. */
  keyDigest: string;
  mail: string;
  limits: {
    /** Minor units as text; `null`: no limit. */
    document: string | null;
    customerDay: string | null;
    day: string | null;
    currency: string;
  };
}

const Minor = z.string().regex(/^\d{1,18}$/, 'minor units as digits');
/** What may be changed of a person; what is left out stays. */
export const PersonChange = z.strictObject({
  name: z.string().min(1).max(120).optional(),
  roles: z.array(z.string().min(1).max(40)).max(20).optional(),
  keyDigest: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'SHA-256 of the key in hex')
    .optional(),
  mail: z.string().max(200).optional(),
  limitDocument: Minor.nullable().optional(),
  limitCustomerDay: Minor.nullable().optional(),
  limitDay: Minor.nullable().optional(),
  active: z.boolean().optional(),
});
export type PersonChange = z.infer<typeof PersonChange>;

const rowOf = (seed: PersonSeed) => ({
  id: seed.id,
  name: seed.name,
  roles: JSON.stringify(seed.roles),
  key_digest: seed.keyDigest,
  mail: seed.mail,
  limit_document: seed.limits.document,
  limit_customer_day: seed.limits.customerDay,
  limit_day: seed.limits.day,
  limit_currency: seed.limits.currency,
});

/** Adds people the store does not know yet. Those it knows stay as they are: the store holds the truth. */
export async function seedPeople(db: Db, people: readonly PersonSeed[]): Promise<string[]> {
  return db.transaction().execute(async (tx) => {
    const added: string[] = [];
    for (const seed of people) {
      const row = await tx
        .insertInto('person')
        .values(rowOf(seed))
        .onConflict((c) => c.column('id').doNothing())
        .returning('id')
        .executeTakeFirst();
      if (row === undefined) continue;
      added.push(row.id);
      await appendAudit(tx, {
        actor: 'configuration',
        identity: 'system',
        action: 'add-person',
        subject: `person/${seed.id}`,
        why: 'named in the configuration',
        detail: { roles: seed.roles, limits: seed.limits },
      });
    }
    return added;
  });
}

/** The active person of an id. */
export async function findPerson(q: Queryable, id: string): Promise<Person | undefined> {
  return q.selectFrom('person').selectAll().where('id', '=', id).where('active', '=', true).executeTakeFirst();
}

/** The active person of a mail address, compared without regard to case; undefined when nobody or more than one has it. */
export async function personOfMail(q: Queryable, mail: string): Promise<Person | undefined> {
  const { rows } = await sql<Person>`
    select * from person where lower(mail) = lower(${mail}) and mail <> '' and active limit 2`.execute(q);
  return rows.length === 1 ? rows[0] : undefined;
}

/** Active people who may decide a case of this owner and deputy, by name; two hundred at most. */
export async function colleaguesFor(
  q: Queryable,
  { owner, deputy }: { owner: string; deputy: string },
): Promise<Person[]> {
  const roles = [owner, deputy, `${owner}-lead`, `${deputy}-lead`];
  const { rows } = await sql<Person>`
    select * from person where active and roles ?| ${roles}::text[] order by name limit 200`.execute(q);
  return rows;
}

/** Whose key this is, compared in constant time per person; undefined when nobody's. */
export async function personOfKey(q: Queryable, key: string): Promise<Person | undefined> {
  const digest = createHash('sha256').update(key).digest();
  const people = await q.selectFrom('person').selectAll().where('active', '=', true).execute();
  let found: Person | undefined;
  for (const person of people) if (timingSafeEqual(Buffer.from(person.key_digest, 'hex'), digest)) found = person;
  return found;
}

/** Asks for a change of a person's roles, limits or key. It has no effect until somebody else confirms it. */
export async function proposePersonChange(
  db: Db,
  proposal: { personId: string; change: unknown; why: string; by: string },
): Promise<{ changeId: string }> {
  const change = PersonChange.parse(proposal.change);
  return db.transaction().execute(async (tx) => {
    await mustKnow(tx, proposal.by);
    await mustKnow(tx, proposal.personId);
    const row = await tx
      .insertInto('person_change')
      .values({
        person_id: proposal.personId,
        change: JSON.stringify(change),
        why: proposal.why,
        proposed_by: proposal.by,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await auditChange(tx, 'propose-person-change', proposal.by, proposal.personId, proposal.why, change);
    return { changeId: row.id };
  });
}

/** A second person confirms a change; neither the one who asked for it nor the one it is about may. */
export async function confirmPersonChange(db: Db, confirm: { changeId: string; by: string }): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await mustKnow(tx, confirm.by);
    const row = await tx
      .selectFrom('person_change')
      .selectAll()
      .where('id', '=', confirm.changeId)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) throw new RangeError(`there is no change ${confirm.changeId} to confirm`);
    if (row.confirmed_at !== null)
      throw new RangeError(`change ${row.id} was already confirmed by ${row.confirmed_by ?? ''}`);
    if (row.proposed_by === confirm.by)
      throw new RangeError(`${confirm.by} asked for change ${row.id}: a second person must confirm it`);
    if (row.person_id === confirm.by)
      throw new RangeError(`change ${row.id} is about ${confirm.by}: somebody else must confirm it`);
    const change = PersonChange.parse(row.change);
    await tx
      .updateTable('person')
      .set({
        ...(change.name === undefined ? {} : { name: change.name }),
        ...(change.roles === undefined ? {} : { roles: JSON.stringify(change.roles) }),
        ...(change.keyDigest === undefined ? {} : { key_digest: change.keyDigest }),
        ...(change.mail === undefined ? {} : { mail: change.mail }),
        ...(change.limitDocument === undefined ? {} : { limit_document: change.limitDocument }),
        ...(change.limitCustomerDay === undefined ? {} : { limit_customer_day: change.limitCustomerDay }),
        ...(change.limitDay === undefined ? {} : { limit_day: change.limitDay }),
        ...(change.active === undefined ? {} : { active: change.active }),
      })
      .where('id', '=', row.person_id)
      .execute();
    await tx
      .updateTable('person_change')
      .set({ confirmed_by: confirm.by, confirmed_at: new Date() })
      .where('id', '=', row.id)
      .execute();
    await auditChange(tx, 'confirm-person-change', confirm.by, row.person_id, row.why, change);
  });
}

async function mustKnow(q: Queryable, id: string): Promise<void> {
  if ((await findPerson(q, id)) === undefined) throw new RangeError(`nobody is known as "${id}"`);
}

async function auditChange(
  q: Queryable,
  action: string,
  actor: string,
  personId: string,
  why: string,
  change: PersonChange,
): Promise<void> {
  await appendAudit(q, {
    actor,
    identity: 'proven',
    action,
    subject: `person/${personId}`,
    why,
    detail: change,
  });
}
