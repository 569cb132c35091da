import { appendAudit } from './audit.js';
import type { Db } from './database.js';
import { noteEvent } from './desk-events.js';
import { hasRole } from './desk-judge.js';
import type { Person } from './desk-people.js';

/** Somebody of the owner's or deputy's role has seen the case (T-35). Answers why not, or `null` when noted. */
export async function acknowledgeCase(db: Db, caseId: string, person: Person): Promise<string | null> {
  return db.transaction().execute(async (tx) => {
    const row = await tx.selectFrom('case').selectAll().where('id', '=', caseId).forUpdate().executeTakeFirst();
    if (row === undefined) return `There is no case ${caseId.slice(0, 40)}.`;
    if (row.state !== 'open') return `${row.id} is ${row.state} already.`;
    if (!hasRole(person, row)) return `${row.id} belongs to ${row.owner} (deputy ${row.deputy}), not to ${person.id}.`;
    await tx
      .updateTable('case')
      .set({ state: 'acknowledged', acknowledged_at: new Date() })
      .where('id', '=', row.id)
      .execute();
    await noteEvent(tx, { caseId: row.id, kind: 'acknowledged', by: person.id, note: 'seen' });
    await appendAudit(tx, {
      actor: person.id,
      identity: 'proven',
      action: 'acknowledge-case',
      subject: `case/${row.id}`,
      why: 'seen',
      detail: {},
    });
    return null;
  });
}
