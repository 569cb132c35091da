/** Asking somebody else to look after a case. It never widens who may decide it. */
import { appendAudit } from './audit.js';
import type { Db, Queryable } from './database.js';
import { isOpen, type CaseRow } from './desk-cases.js';
import { noteEvent } from './desk-events.js';
import { hasRole } from './desk-judge.js';
import { findPerson, type Person } from './desk-people.js';

export interface Reassignment {
  caseId: string;
  /** Who asks for it. */
  person: Person;
  /** A person's id, or the deputy role, which then is the owner, and the owner its deputy. */
  to: string;
  why: string;
}

/** Gives a case to a person of its roles, or to its deputy. Answers why not, or `null` when it is done. */
export async function reassignCase(db: Db, { caseId, person, to, why }: Reassignment): Promise<string | null> {
  if (why.trim() === '') return 'Say why somebody else should look after it.';
  return db.transaction().execute(async (tx) => {
    const row = await tx.selectFrom('case').selectAll().where('id', '=', caseId).forUpdate().executeTakeFirst();
    if (row === undefined) return `There is no case ${caseId.slice(0, 40)}.`;
    if (!isOpen(row.state)) return `${row.id} is no longer open.`;
    if (!hasRole(person, row)) return `${row.id} belongs to ${row.owner} (deputy ${row.deputy}), not to ${person.id}.`;
    const change = await changeOf(tx, row, to);
    if (typeof change === 'string') return change;
    await tx.updateTable('case').set(change).where('id', '=', row.id).execute();
    await noteEvent(tx, { caseId: row.id, kind: 'reassigned', by: person.id, note: `to ${to}: ${why.trim()}` });
    await appendAudit(tx, {
      actor: person.id,
      identity: 'proven',
      action: 'reassign-case',
      subject: `case/${row.id}`,
      why: why.trim(),
      detail: { from: { owner: row.owner, assignee: row.assignee }, to },
    });
    return null;
  });
}

type Change = Pick<CaseRow, 'assignee'> & Partial<Pick<CaseRow, 'owner' | 'deputy'>>;

async function changeOf(q: Queryable, row: CaseRow, to: string): Promise<Change | string> {
  if (to === row.deputy && row.deputy !== row.owner) return { owner: row.deputy, deputy: row.owner, assignee: '' };
  if (to === row.owner) return row.assignee === '' ? `${row.id} belongs to ${row.owner} already.` : { assignee: '' };
  const known = await findPerson(q, to);
  if (known === undefined) return `Nobody is known as "${to.slice(0, 40)}". Name a person, or ${row.deputy}.`;
  if (!hasRole(known, row))
    return `${known.id} may not decide ${row.id}: it belongs to ${row.owner} (deputy ${row.deputy}). Name one of those.`;
  if (known.id === row.assignee) return `${known.id} looks after ${row.id} already.`;
  return { assignee: known.id };
}
