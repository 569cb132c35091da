/** Asking people: one open question per name; the store numbers each asking and judges every decision (design.md 6). */
import { condition, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Decision, OpenedQuestion, Question } from '../../activities/desk/contract.js';
import type { Clocks } from '../clocks.js';
import type { Cause } from '../../domain/cause.js';
import { openDoors } from '../doors.js';
import { causeSolved } from '../messages.js';
import { desk, tell } from '../systems.js';
import type { Board } from '../board.js';

export type Answer = Decision & { identity: 'proven' | 'claimed' };
/** Thrown into a wait when a later version of the object, or a cancel request, overtakes the question. */
export class Overtaken extends Error {}

/** What questions need of the run they belong to. */
export interface Host {
  readonly process: string;
  readonly businessKey: string;
  readonly board: Board;
  readonly clocks: Clocks;
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

  /** Opens the doors of decisions, and the release of causes. Before the first await. */
  install(): void {
    openDoors(
      (recorded) => {
        const entry = recorded.state === 'decided' ? this.answers.get(recorded.decision.question) : undefined;
        if (entry !== undefined && recorded.state === 'decided') entry.answer = recorded.decision;
      },
      (why) => this.host.board.refused(why),
    );
    setHandler(causeSolved, ({ code, cause }) => {
      this.solved.add(`${code} ${cause}`);
    });
  }

  /** Opens a question and waits for its answer, however long. Throws Overtaken when the question no longer matters. */
  async ask(question: Question): Promise<Answer> {
    const entry: { answer?: Answer } = {};
    this.answers.set(question.question, entry);
    const { workflowId, runId } = workflowInfo();
    const { process, businessKey } = this.host;
    const asked = { workflowId, runId, process, businessKey, question };
    const opened = await tell(`Ask ${question.owner}: ${question.title}`, desk.openQuestion, asked);
    if (opened.decided !== null) return this.settle(question, opened.decided);
    this.show(question, opened);
    await condition(() => entry.answer !== undefined || this.host.overtaken());
    const answer = entry.answer;
    if (answer !== undefined) return this.settle(question, answer);
    this.settle(question);
    const closing = { workflowId, question: question.question, asking: opened.asking, outcome: 'withdrawn' };
    const note = 'overtaken: a later version, a cancellation, or the other half was refused';
    await tell(`Withdraw the question ${question.question}`, desk.closeQuestion, { ...closing, note });
    throw new Overtaken(question.question);
  }

  /** Waits until a shared cause has gone; the store looks again before it lets anyone wait. */
  async untilSolved(cause: Cause, facts: { businessDate: string; units: number }): Promise<void> {
    const key = `${cause.code} ${cause.cause}`;
    const workflowId = workflowInfo().workflowId;
    for (;;) {
      this.solved.delete(key);
      const joined = await tell(cause.title, desk.joinCause, {
        workflowId,
        businessKey: this.host.businessKey,
        ...cause,
        ...facts,
        amount: null,
      });
      if (joined.solved) return;
      this.host.board.hold(cause.cause);
      await condition(() => this.solved.has(key) || this.host.overtaken());
      this.host.board.held.delete(cause.cause);
      if (this.host.overtaken() && !this.solved.has(key)) {
        await tell(`Leave the case of ${cause.cause}`, desk.leaveCause, {
          workflowId,
          code: cause.code,
          cause: cause.cause,
        });
        throw new Overtaken(cause.cause);
      }
    }
  }

  /** True while a person or a mapping is what the saga waits for: then no clock of its own is to blame. */
  someoneIsAsked(): boolean {
    return this.waiting.size + this.host.board.held.size > 0;
  }

  private show(question: Question, opened: OpenedQuestion): void {
    this.waiting.add(question.question);
    const dueAt = this.host.clocks.startAsking(question, async (level, timer) => {
      const card = this.host.board.open.get(question.question);
      if (card === undefined) return;
      if (level === 'due') card.escalated = true;
      this.host.board.show();
      const note = level === 'due' ? 'past its due time; it stays held' : 'due soon';
      await tell(`${level} of ${question.question}`, desk.escalate, { caseId: opened.caseId, level, timer, note });
    });
    this.host.board.ask(question, opened, dueAt);
  }

  private settle(question: Question, answer?: Answer): Answer {
    this.answers.delete(question.question);
    this.waiting.delete(question.question);
    this.host.board.open.delete(question.question);
    this.host.clocks.end(`question ${question.question}`, answer === undefined ? 'cancelled' : 'done');
    this.host.board.show();
    return answer as Answer;
  }
}
