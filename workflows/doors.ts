/** The two doors of Temporal through which decisions come: `decide` as an update and as a signal. The store judges both. */
import { ApplicationFailure, CancellationScope, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Recorded } from '../activities/desk/contract.js';
import { decideSignal, decideUpdate } from './messages.js';
import { desk, tell } from './systems.js';

const EXAMPLE =
  '{"question":"credit-limit","asking":1,"choice":"approve","why":"goodwill, ticket 8812","shown":"9f2c…","by":"fin-2"}';
const description = `Answer an open question. Example: ${EXAMPLE}`;

/**
 * Installs both doors, before the saga's first await. A refusal is thrown from the update, because the Web UI shows no
 * return values; for a signal it goes to `refused`.
 */
export function openDoors(decided: (recorded: Recorded) => void, refused: (why: string) => void): void {
  setHandler(
    decideUpdate,
    async (raw) => {
      const recorded = await CancellationScope.nonCancellable(() => judge('update', raw));
      decided(recorded);
      if (recorded.state === 'refused') throw refusalOf(recorded.why);
      return sentenceOf(recorded);
    },
    { description },
  );
  setHandler(
    decideSignal,
    async (raw) => {
      const recorded = await CancellationScope.nonCancellable(() => judge('signal', raw));
      decided(recorded);
      if (recorded.state === 'refused') refused(recorded.why);
    },
    { description },
  );
}

/** The reason alone: the Web UI's form would show people the lines of code it comes from, too. */
function refusalOf(why: string): ApplicationFailure {
  const refusal = ApplicationFailure.nonRetryable(why, 'DecisionRefused');
  refusal.stack = '';
  return refusal;
}

function sentenceOf(recorded: Exclude<Recorded, { state: 'refused' }>): string {
  if (recorded.state === 'decided') return `Decided: ${recorded.decision.choice}`;
  return recorded.state === 'kept' ? recorded.why : 'Agreed; a second person must agree as well.';
}

/** A decision of the desk door comes as the id under which it is stored with proven identity. */
function judge(door: 'update' | 'signal', raw: unknown): Promise<Recorded> {
  const { workflowId } = workflowInfo();
  const decisionId = decisionIdOf(raw);
  const sent =
    decisionId === undefined
      ? { workflowId, door, raw: raw ?? null }
      : { workflowId, door: 'desk' as const, raw: null, decisionId };
  return tell(`Judge a decision sent by ${door}`, desk.recordDecision, sent);
}

function decisionIdOf(raw: unknown): string | undefined {
  if (typeof raw !== 'object' || raw === null || !('decisionId' in raw)) return undefined;
  return typeof raw.decisionId === 'string' ? raw.decisionId : undefined;
}
