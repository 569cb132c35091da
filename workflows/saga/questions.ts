/** Asking people: one open question per name; the store numbers each asking and judges every decision (design.md 6). */
import {
  ApplicationFailure,
  CancellationScope,
  condition,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Decision, Question, Recorded } from '../../activities/desk/contract.js';
import { causeSolved, decideSignal, decideUpdate } from '../messages.js';
import { desk } from '../systems.js';
import type { Ring } from '../../domain/clock-set.js';
import type { Board } from '../board.js';

export type Answer = Decision & { identity: 'proven' | 'claimed' };
/** A shared problem that a mapping solves; it takes no decision. */
export interface Cause {
  code: 'X-02' | 'X-03' | 'X-08';
  cause: string;
  title: string;
}

/** Thrown into a wait when a later version of the object, or a cancel request, overtakes the question. */
export class Overtaken extends Error {}

const EXAMPLE =
  '{"question":"over-refund","asking":1,"choice":"approve","why":"goodwill, ticket 8812","shown":"9f2c…","by":"fin-2"}';

/** What questions need of the run they belong to. */
export interface Host {
  readonly process: string;
  readonly businessKey: string;
  readonly board: Board;
  startClock(name: string, timer: string, ring: Ring): string | null;
  endClock(name: string, how: 'done' | 'cancelled'): void;
  overtaken(): boolean;
}

export class Questions {
  private readonly answers = new Map<string, { answer?: Answer }>();
  private readonly solved = new Set<string>();
  /** Names of questions now waiting for a person. */
  readonly waiting = new Set<string>();

  private readonly host: Host;

  constructor(host: Host) {
    this.host = host;
  }

  /** Installs `decide` as update and as signal, and the release of causes. Before the first await. */
  install(): void {
    const description = `Answer an open question. Example: ${EXAMPLE}`;
    setHandler(
      decideUpdate,
      async (raw) => {
        const recorded = await CancellationScope.nonCancellable(() => this.record('update', raw));
        if (recorded.state === 'refused') {
          throw ApplicationFailure.nonRetryable(recorded.why, 'DecisionRefused');
        }
        return recorded.state === 'decided'
          ? `Decided: ${recorded.decision.choice}`
          : 'A second person must agree.';
      },
      { description },
    );
    setHandler(
      decideSignal,
      async (raw) => {
        const recorded = await CancellationScope.nonCancellable(() => this.record('signal', raw));
        if (recorded.state === 'refused') this.host.board.refused(recorded.why);
      },
      { description },
    );
    setHandler(causeSolved, ({ code, cause }) => {
      this.solved.add(`${code} ${cause}`);
    });
  }

  /** Opens a question and waits for its answer, however long. Throws Overtaken when the question no longer matters. */
  async ask(question: Question): Promise<Answer> {
    const entry: { answer?: Answer } = {};
    this.answers.set(question.question, entry);
    const opened = await desk.openQuestion.executeWithOptions(
      { summary: `Ask ${question.owner}: ${question.title}`.slice(0, 180) },
      [
        {
          workflowId: workflowInfo().workflowId,
          runId: workflowInfo().runId,
          process: this.host.process,
          businessKey: this.host.businessKey,
          question,
        },
      ],
    );
    if (opened.decided !== null) return this.settle(question, opened.decided);
    this.show(question, opened.asking, opened.caseId, opened.digest);
    await condition(() => entry.answer !== undefined || this.host.overtaken());
    const answer = entry.answer;
    if (answer !== undefined) return this.settle(question, answer);
    this.settle(question);
    await desk.closeQuestion.executeWithOptions({ summary: `Withdraw the question ${question.question}` }, [
      {
        workflowId: workflowInfo().workflowId,
        question: question.question,
        asking: opened.asking,
        outcome: 'withdrawn',
        note: 'overtaken by a later version or a cancellation',
      },
    ]);
    throw new Overtaken(question.question);
  }

  /** Waits until a shared cause has gone; the store looks again before it lets anyone wait. */
  async untilSolved(cause: Cause, facts: { businessDate: string; units: number }): Promise<void> {
    const key = `${cause.code} ${cause.cause}`;
    const workflowId = workflowInfo().workflowId;
    for (;;) {
      this.solved.delete(key);
      const joined = await desk.joinCause.executeWithOptions({ summary: cause.title.slice(0, 180) }, [
        { workflowId, businessKey: this.host.businessKey, ...cause, ...facts, amount: null },
      ]);
      if (joined.solved) return;
      this.host.board.stage(`held: ${cause.cause}`);
      await condition(() => this.solved.has(key) || this.host.overtaken());
      if (this.host.overtaken() && !this.solved.has(key)) {
        await desk.leaveCause.executeWithOptions({ summary: `Leave the case of ${cause.cause}` }, [
          { workflowId, code: cause.code, cause: cause.cause },
        ]);
        throw new Overtaken(cause.cause);
      }
    }
  }

  private show(question: Question, asking: number, caseId: string, digest: string): void {
    this.waiting.add(question.question);
    const timer = question.code === 'approval' ? 'T-30' : 'T-36';
    const dueAt = this.host.startClock(`question ${question.question}`, timer, async (level) => {
      const card = this.host.board.open.get(question.question);
      if (card === undefined) return;
      if (level === 'due') card.escalated = true;
      this.host.board.show();
      const note = level === 'due' ? 'past its due time; it stays held' : 'due soon';
      await desk.escalate.executeWithOptions({ summary: `${level} of ${question.question}` }, [
        { caseId, level, timer, note },
      ]);
    });
    this.host.board.open.set(question.question, {
      question,
      escalated: false,
      progress: {
        question: question.question,
        asking,
        caseId,
        code: question.code,
        title: question.title,
        owner: question.owner,
        choices: question.choices.map((c) => c.choice),
        shown: digest,
        dueAt,
      },
    });
    this.host.board.stage(question.question);
  }

  private settle(question: Question, answer?: Answer): Answer {
    this.answers.delete(question.question);
    this.waiting.delete(question.question);
    this.host.board.open.delete(question.question);
    this.host.endClock(`question ${question.question}`, answer === undefined ? 'cancelled' : 'done');
    this.host.board.show();
    return answer as Answer;
  }

  private async record(door: 'update' | 'signal', raw: unknown): Promise<Recorded> {
    const workflowId = workflowInfo().workflowId;
    const decisionId = decisionIdOf(raw);
    const recorded = await desk.recordDecision.executeWithOptions(
      { summary: `Judge a decision sent by ${door}` },
      [
        decisionId === undefined
          ? { workflowId, door, raw: raw ?? null }
          : { workflowId, door: 'desk', raw: null, decisionId },
      ],
    );
    if (recorded.state === 'decided') {
      const entry = this.answers.get(recorded.decision.question);
      if (entry !== undefined) entry.answer = recorded.decision;
    }
    return recorded;
  }
}

function decisionIdOf(raw: unknown): string | undefined {
  if (typeof raw !== 'object' || raw === null || !('decisionId' in raw)) return undefined;
  return typeof raw.decisionId === 'string' ? raw.decisionId : undefined;
}
