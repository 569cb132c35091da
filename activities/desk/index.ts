/** The desk: opens questions, judges decisions, holds sagas that share a cause (design.md 6). */
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { resolveTimer } from '../../domain/case-clocks.js';
import { recordClocks } from '../../store/desk-sweeps.js';
import { closeAsking, escalateCase, type Asked } from '../../store/desk-cases.js';
import { joinCauseCase, leaveCauseCase } from '../../store/desk-causes.js';
import { judgeDecision, openQuestionCase } from '../../store/desk-decisions.js';
import { clearCase, raiseCase } from '../../store/desk-raised.js';
import type { Desk, Recorded } from './contract.js';
import type { DeskDeps } from './deps.js';
import { releaseCause } from './causes.js';
import { remindOfCases } from './reminders.js';
import { sweepDesk, type RoundDone } from './sweep.js';

export type { DeskDeps, Sagas, UnfinishedClaim } from './deps.js';
export type { RoundDone } from './sweep.js';

/** Limits on one question: what a person can read, and what the store keeps. */
const MOST_CHOICES = 20;
const LONGEST_SHOWN = 400_000;

/** The desk's verbs, one sweep round, and the release of a cause for whoever confirms a mapping. */
export interface DeskActivities extends Desk {
  sweep(): Promise<RoundDone>;
  /** One round over the clocks of all open cases. */
  remind(): Promise<RoundDone>;
  /** A cause may have gone: wakes what it held, as far as it has. Answers the workflows woken, in order. */
  solveCause(cause: { code: string; cause: string; by?: string }): Promise<{ woken: string[] }>;
}

/** Names this very execution of an activity, so that its retry is not taken for a second decision of a person. */
function requestKey(): string | undefined {
  try {
    const { workflowExecution, activityId } = Context.current().info;
    return workflowExecution === undefined ? undefined : `${workflowExecution.runId}/${activityId}`;
  } catch {
    // Called outside a worker (a test, a tool): nothing retries it unseen.
    return undefined;
  }
}

function checkQuestion({ question }: Asked): void {
  const size = JSON.stringify(question.shown ?? null).length;
  const fault =
    question.choices.length === 0
      ? 'offers no choice'
      : question.choices.length > MOST_CHOICES
        ? `offers ${question.choices.length} choices; ${MOST_CHOICES} are allowed`
        : size > LONGEST_SHOWN
          ? `shows ${size} characters; ${LONGEST_SHOWN} are allowed`
          : null;
  if (fault !== null) throw ApplicationFailure.nonRetryable(`question "${question.question}" ${fault}`, 'InvalidInput');
}

/** Builds the desk over the store. Refusals of decisions are results, never thrown: the saga decides how to tell. */
export function createDeskActivities(deps: DeskDeps): DeskActivities {
  const now = (): string => new Date().toISOString();
  const cursor = { claims: 0 };
  return {
    openQuestion: async (asked) => {
      checkQuestion(asked);
      const { code, timer = resolveTimer(code) } = asked.question;
      const due = deps.due(timer, now());
      const { row, decided } = await openQuestionCase(deps.db, asked, due, deps.rules);
      return { caseId: row.id, asking: row.asking, digest: row.digest, dueAt: row.due_at, decided };
    },
    recordDecision: async (sent): Promise<Recorded> => {
      const key = requestKey();
      return judgeDecision(deps.db, { ...sent, ...(key === undefined ? {} : { requestKey: key }) }, deps.rules);
    },
    closeQuestion: (end) => closeAsking(deps.db, end),
    escalate: (step) => {
      const key = requestKey();
      return escalateCase(deps.db, { ...step, ...(key === undefined ? {} : { requestKey: key }) });
    },
    raise: (raised) => raiseCase(deps.db, raised, deps.due(resolveTimer(raised.code, raised.severity), now())),
    clear: (cleared) => clearCase(deps.db, cleared),
    joinCause: (join) => joinCauseCase(deps.db, join, deps.isSolved, deps.due(resolveTimer(join.code), now())),
    leaveCause: (leave) => leaveCauseCase(deps.db, leave),
    recordClocks: ({ workflowId, clocks }) => recordClocks(deps.db, workflowId, clocks),
    solveCause: async ({ code, cause, by }) => ({ woken: await releaseCause(deps, { code, cause }, by) }),
    sweep: () => sweepDesk(deps, cursor),
    remind: () => remindOfCases(deps),
  };
}
