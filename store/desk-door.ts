/** Refusals at the desk door itself: a key used in another person's name. Kept like every other decision. */
import type { Db } from './database.js';
import { insertDecision } from './desk-decision-rows.js';
import type { DecisionInput } from './desk-input.js';
import { noteRefusal } from './desk-verdicts.js';

/** Keeps a decision that never reaches its saga, with why; readable on its case and audited. */
export async function refuseAtDoor(
  db: Db,
  refused: { workflowId: string; caseId: string | null; by: string; input: DecisionInput; raw: unknown },
  why: string,
): Promise<void> {
  const { workflowId, caseId, by } = refused;
  await db.transaction().execute(async (tx) => {
    await insertDecision(tx, { ...refused, door: 'desk', identity: 'proven', state: 'refused', refusal: why });
    await noteRefusal(tx, { caseId, by, identity: 'proven', workflowId, door: 'desk' }, why);
  });
}
