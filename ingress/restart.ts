/** Starting a saga again that was ended from outside before it had finished (design.md 4, point 6). */
import { appendAudit } from '../store/audit.js';
import { hasRole } from '../store/desk-judge.js';
import type { Person } from '../store/desk-people.js';
import { Refusal, type IngressDeps } from './deps.js';
import { refuseWhileRestored } from './restored.js';

/**
 * Restarts the saga that a case says was ended from outside; it goes on where it stopped, and nothing posts twice.
 * @throws Refusal when the case is none of those, is no longer open, or is another role's.
 */
export async function restartOf(deps: IngressDeps, caseId: string, person: Person): Promise<void> {
  const { db } = deps.store;
  await refuseWhileRestored(db);
  const row = await db.selectFrom('case').selectAll().where('id', '=', caseId).executeTakeFirst();
  if (row === undefined) throw new Refusal(404, `There is no case ${caseId.slice(0, 40)}.`);
  if (row.kind !== 'orphan' || row.workflow_id === null || row.closed_at !== null)
    throw new Refusal(409, `${row.id} has no saga that was ended from outside and could be started again.`);
  if (!hasRole(person, row))
    throw new Refusal(409, `${row.id} belongs to ${row.owner} (deputy ${row.deputy}), not to ${person.id}.`);
  await deps.temporal.restart(row.workflow_id);
  await appendAudit(db, {
    actor: person.id,
    identity: 'proven',
    action: 'restart-saga',
    subject: row.workflow_id,
    why: `restarted from ${row.id}`,
    detail: { case: row.id },
  });
}
