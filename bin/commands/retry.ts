/** `retry`: a question is asked again of the ERP, an ended saga starts where it stopped, a waiting one says for what. */
import type { Command } from 'commander';
import { restartSaga } from '../../clients/temporal/index.js';
import { appendAudit } from '../../store/audit.js';
import { listCases, type CaseDetail } from '../../store/desk-read.js';
import { newestEvent } from '../../store/inbox.js';
import { sagaId } from '../../workflows/process.js';
import { PROCESSES, sagaOf } from '../../workflows/processes.js';
import { claimOf } from '../../views/claims.js';
import { deskDoor } from '../reads/desk-door.js';
import { sagaState, type SagaState } from '../reads/sagas.js';
import { Refused, withCommon, WrongUsage, type CommonOptions } from '../output.js';
import { waits } from '../../views/case-words.js';
import { at, counted } from '../../views/format.js';
import { keyOf, withAccess, type Access } from './access.js';
import { caseId, caseNamed } from './cases.js';
import { decideOne } from './decide.js';

const LONGEST_ID = 300;
type Saga = NonNullable<ReturnType<typeof sagaOf>>;

interface RetryOptions extends CommonOptions {
  why: string;
}

export function retryCommand(program: Command): void {
  withCommon(program.command('retry'))
    .description('goes on from the failed step')
    .argument('<case or workflow>', 'as in C-12, return-to-stock:archean:RTN-000871 or RTN-000871')
    .option('--why <text>', 'what has been mended', '')
    .action(async (about: string, options: RetryOptions) => {
      if (options.why.length > 500) throw new WrongUsage('--why is longer than 500 characters');
      if (about.length > LONGEST_ID || about.trim() === '')
        throw new WrongUsage('say what: a case, a workflow id or the number of a return or another document');
      await withAccess(options, async (access) => {
        if (/^c-\d/i.test(about)) await retryCase(access, caseId(about), options.why);
        else await retrySaga(access, await workflowOf(access, about.trim()), options.why);
      });
    });
}

/** A number is the saga's whose document the inbox knows by it. @throws Refused when it knows none. */
async function workflowOf({ db }: Access, about: string): Promise<string> {
  if (about.includes(':')) return about;
  for (const process of PROCESSES)
    if ((await newestEvent(db, { ...process, key: about })) !== undefined) return sagaId(process, about);
  throw new Refused(`Nothing is known of ${about}: no feed has read it. See selvedge feed, or check the number.`);
}

async function retryCase(access: Access, id: string, why: string): Promise<void> {
  const found = await caseNamed(access.db, id);
  if (found.kind === 'cause')
    throw new Refused(
      `${id} holds sagas for a missing mapping: it closes when the row is there. ${found.steps.join(' ')}`,
    );
  if (found.kind === 'question' && waits(found.state)) return decideRetry(access, found, why);
  if (found.workflow === null || sagaOf(found.workflow) === undefined)
    throw new Refused(`${id} belongs to no saga that could be retried. ${found.steps.join(' ')}`.trim());
  await retrySaga(access, found.workflow, why);
}

async function decideRetry(access: Access, found: CaseDetail, why: string): Promise<void> {
  const known = found.choices.map(({ choice }) => choice);
  if (!known.includes('retry'))
    throw new Refused(
      `${found.case} needs a decision, not a retry. Its choices: ${known.join(', ')}. See selvedge case ${found.case}.`,
    );
  const door = deskDoor(access.where.ingress, keyOf(access.where.env));
  await decideOne(access, door, found.case, { choice: 'retry', why, data: {} });
}

async function retrySaga(access: Access, workflowId: string, why: string): Promise<void> {
  const saga = sagaOf(workflowId);
  if (saga === undefined)
    throw new Refused(
      `"${workflowId}" names no saga. One is named like return-to-stock:archean:RTN-000871; selvedge find shows it.`,
    );
  const state = await sagaState(await access.temporal(), workflowId);
  if (state.state === 'running') return retryRunning(access, workflowId, state, why);
  await restart(access, workflowId, saga, state, why);
}

/** A running saga retries by itself; what stops it can only be a question. */
async function retryRunning(access: Access, workflowId: string, state: SagaState, why: string): Promise<void> {
  const { db, output, zone } = access;
  const asked = (await listCases(db, { workflow: workflowId })).filter((row) => row.kind === 'question');
  const retried = asked.filter((row) => row.choices.some(({ choice }) => choice === 'retry'));
  const [only] = retried;
  if (only !== undefined && retried.length === 1) return decideRetry(access, await caseNamed(db, only.id), why);
  if (asked.length > 0) {
    const named = asked.map((row) => `${row.id} (${row.title})`).join('; ');
    throw new Refused(
      `${workflowId} waits for ${counted(asked.length, 'decision')}: ${named}. ${retried.length > 1 ? 'Say which case to retry.' : 'Decide it; a retry would change nothing.'}`,
    );
  }
  const holds = await heldBy(db, workflowId);
  output.result({ workflow: workflowId, state: 'running', pending: state.pending, heldBy: holds }, () =>
    [
      `${workflowId} runs and goes on by itself.`,
      ...holds.map((id) => `It is held by ${id}: see selvedge case ${id}.`),
      ...(state.pending.length === 0 && holds.length === 0 ? ['It waits for a clock or for news from outside.'] : []),
      ...state.pending.map((call) => {
        const next = call.nextAt === null ? 'it is being tried now' : `it is tried next at ${at(call.nextAt, zone)}`;
        return `It waits for ${call.activity}, attempt ${call.attempt}${call.why === '' ? '' : ` (${call.why})`}; ${next}.`;
      }),
    ].join('\n'),
  );
}

async function heldBy(db: Access['db'], workflowId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('case_hold')
    .select('case_id')
    .where('workflow_id', '=', workflowId)
    .where('released_at', 'is', null)
    .orderBy('case_id')
    .limit(20)
    .execute();
  return rows.map((row) => row.case_id);
}

/** Starts an ended or forgotten saga again: it finds its own claim, grants and postings, so nothing posts twice. */
async function restart(
  access: Access,
  workflowId: string,
  { of, key }: Saga,
  state: SagaState,
  why: string,
): Promise<void> {
  const { db, output } = access;
  const claim = await claimOf(db, workflowId);
  if (claim?.finished === true)
    throw new Refused(`${workflowId} has finished; there is nothing to retry. See selvedge find ${key}.`);
  const known = await newestEvent(db, { ...of, key });
  if (claim === undefined && known === undefined)
    throw new Refused(
      `Nothing is known of ${of.kind} ${key}: no feed has read it. See selvedge feed, or check the number.`,
    );
  const person = await access.person();
  const client = await access.temporal();
  await restartSaga(client, workflowId);
  const now = await sagaState(client, workflowId);
  if (now.state !== 'running' && now.status === state.status)
    throw new Refused(`${workflowId} has ended as ${now.status.toLowerCase()} and is not started again.`);
  await appendAudit(db, {
    actor: person.id,
    identity: 'proven',
    action: 'restart-saga',
    subject: workflowId,
    why,
    detail: { before: state.status },
  });
  output.result({ workflow: workflowId, state: 'restarted', before: state.status, by: person.id }, () =>
    [
      `${workflowId} was ${state.status === '' ? 'forgotten by Temporal' : state.status.toLowerCase()} and runs again.`,
      'It goes on where it stopped; nothing posts twice.',
    ].join('\n'),
  );
}
