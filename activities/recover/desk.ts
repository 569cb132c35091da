/** Questions, decisions and cases, as histories tell of them. */
import { resolveTimer } from '../../domain/case-clocks.js';
import type { ToldCall, ToldSaga } from '../../domain/told.js';
import type { Db } from '../../store/database.js';
import { closeAsking, type DueTimes } from '../../store/desk-cases.js';
import { joinCauseCase } from '../../store/desk-causes.js';
import { clearCase, raiseCase } from '../../store/desk-raised.js';
import { skipCaseNumbers } from '../../store/recovery-claims.js';
import { restoreDecision, restoreQuestion } from '../../store/recovery-desk.js';
import type { Desk, OpenedQuestion, Recorded } from '../desk/contract.js';

export interface DeskRecovered {
  questions: number;
  decisions: number;
  /** Cases that only tell, and places in cases of a cause, of sagas that go on. */
  cases: number;
}
/** Warning and due moments of a clock of the policy that starts at `at`. */
export type Due = (timer: string, at: string) => DueTimes;

type InputOf<V extends keyof Desk> = Desk[V] extends (input: infer I) => unknown ? I : never;
const named = (verb: keyof Desk): string => `desk.${verb}`;
export const DESK_VERBS: readonly string[] = (
  ['openQuestion', 'recordDecision', 'closeQuestion', 'raise', 'clear', 'joinCause', 'leaveCause'] as const
).map(named);

const done = (calls: readonly ToldCall[], verb: keyof Desk): (ToldCall & { endedAt: string })[] =>
  calls.flatMap((call) =>
    call.verb === named(verb) && call.outcome === 'done' && call.endedAt !== null
      ? [{ ...call, endedAt: call.endedAt }]
      : [],
  );
const byEnd = (a: ToldCall, b: ToldCall): number => (a.endedAt ?? '').localeCompare(b.endedAt ?? '');

/** Opens what was asked, records what was decided, closes what was closed; raises and joins again for sagas that go on. */
export async function recoverDesk(
  db: Db,
  sagas: readonly ToldSaga[],
  { since, due, write }: { since: string; due: Due; write: boolean },
): Promise<DeskRecovered> {
  const recovered: DeskRecovered = { questions: 0, decisions: 0, cases: 0 };
  const calls = sagas.flatMap(({ calls: all }) => all).filter(({ endedAt }) => endedAt !== null && endedAt >= since);
  calls.sort(byEnd);
  const opened = done(calls, 'openQuestion');
  if (write) await skipCaseNumbers(db, Math.max(0, ...opened.map(numberOf)));
  for (const call of opened) if (await question(db, call, due, write)) recovered.questions += 1;
  for (const call of done(calls, 'recordDecision')) if (await decision(db, call, write)) recovered.decisions += 1;
  if (write)
    for (const call of done(calls, 'closeQuestion')) await closeAsking(db, call.input as InputOf<'closeQuestion'>);
  for (const saga of sagas.filter(({ running }) => running)) recovered.cases += await standing(db, saga, due, write);
  return recovered;
}

const numberOf = ({ result }: ToldCall): number =>
  Number(/^C-(\d{1,12})$/.exec((result as OpenedQuestion).caseId)?.[1] ?? 0);

async function question(db: Db, call: ToldCall & { endedAt: string }, due: Due, write: boolean): Promise<boolean> {
  const asked = call.input as InputOf<'openQuestion'>;
  const { caseId, asking, dueAt } = call.result as OpenedQuestion;
  const { code, timer = resolveTimer(code) } = asked.question;
  const told = { asked, caseId, asking, dueAt, openedAt: call.endedAt };
  return restoreQuestion(db, told, due(timer, call.endedAt), write);
}

async function decision(db: Db, call: ToldCall & { endedAt: string }, write: boolean): Promise<boolean> {
  const recorded = call.result as Recorded;
  if (recorded.state !== 'decided') return false;
  const { workflowId, door, raw, decisionId } = call.input as InputOf<'recordDecision'>;
  const { identity, ...input } = recorded.decision;
  const told = { workflowId, door, raw, identity, input, decisionId: decisionId ?? null, decidedAt: call.endedAt };
  return restoreDecision(db, told, write);
}

/** What stands open for a saga that goes on: told cases it has not cleared, causes it still waits for. */
async function standing(db: Db, saga: ToldSaga, due: Due, write: boolean): Promise<number> {
  const calls = [...saga.calls].sort(byEnd);
  const raised = new Map<string, InputOf<'raise'>>();
  const joined = new Map<string, InputOf<'joinCause'>>();
  for (const call of calls) {
    if (call.outcome !== 'done') continue;
    const about = call.input as InputOf<'raise'> & InputOf<'joinCause'>;
    const [case_, cause] = [`${about.code}/${about.subject ?? ''}`, `${about.code} ${about.cause}`];
    if (call.verb === named('raise')) raised.set(case_, about);
    if (call.verb === named('clear')) raised.delete(case_);
    if (call.verb === named('leaveCause')) joined.delete(cause);
    if (call.verb === named('joinCause') && !(call.result as { solved: boolean }).solved) {
      const gone = saga.solved.some((one) => `${one.code} ${one.cause}` === cause && one.at >= (call.endedAt ?? ''));
      if (gone) joined.delete(cause);
      else joined.set(cause, about);
    }
  }
  if (write) {
    const now = new Date().toISOString();
    for (const one of raised.values()) await raiseCase(db, one, due(resolveTimer(one.code, one.severity), now));
    const waits = () => Promise.resolve(false);
    for (const one of joined.values()) await joinCauseCase(db, one, waits, due(resolveTimer(one.code), now));
    for (const call of calls)
      if (call.verb === named('clear') && call.outcome === 'done')
        await cleared(db, call.input as InputOf<'clear'>, raised);
  }
  return raised.size + joined.size;
}

/** A case that the store still holds open and its saga has cleared since. */
async function cleared(db: Db, one: InputOf<'clear'>, raised: ReadonlyMap<string, unknown>): Promise<void> {
  if (!raised.has(`${one.code}/${one.subject ?? ''}`)) await clearCase(db, one);
}
