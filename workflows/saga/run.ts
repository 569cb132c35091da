/** The verbs of a saga. Each promise is stated in design.md 5 and 6; none of them knows a system. */
import { ApplicationFailure, condition, workflowInfo } from '@temporalio/workflow';
import type { Question } from '../../activities/desk/contract.js';
import type { Cause } from '../../domain/cause.js';
import type { Policy } from '../../domain/policy.js';
import { postings, tell, type Call } from '../systems.js';
import type { RejectionDetails } from '../../activities/posting/contract.js';
import { Board } from '../board.js';
import { Clocks } from '../clocks.js';
import { OnTheWay } from '../on-the-way.js';
import { Cancelled, decisionOf, Declined, questionOf, rejectionOf, stepRefused } from '../refusals.js';
import { reverseAll, type TakesBack } from '../reversals.js';
import { stopRefused } from '../stopped.js';
import type { Outcome, PostedStep, Posting } from '../postings.js';
import { Overtaken, Questions, type Answer } from './questions.js';

/** The clock from the capture of an event to its first posting. */
export const CAPTURED = 'captured to posted';

export { Cancelled, Declined };

export class Run {
  readonly workflowId = workflowInfo().workflowId;
  readonly board: Board;
  readonly clocks = new Clocks(
    () => this.policy,
    () => this.questions.someoneIsAsked(),
  );
  readonly questions: Questions;
  /** Everything posted so far, oldest first, over all versions of the object. */
  readonly posted: PostedStep[] = [];
  /** Set by the kit: a later version is in the inbox, a person asked to cancel. */
  newerVersion = 0;
  cancelRequested = false;
  /** One half of what belongs together was refused: the other does not begin any more. */
  halfRefused = false;
  private pastCancel = false;
  version = 0;
  cancelled = false;
  effective: Policy | undefined;
  /** Set by a process that takes more back than documents have contra documents for. */
  takesBack: TakesBack | undefined;
  private readonly undos: (() => Promise<unknown>)[] = [];
  private readonly onTheWay = new OnTheWay(() => (this.overtaken() ? this.overtakenBy() : undefined));
  private readonly names = new Set<string>();
  readonly process: string;
  readonly source: string;
  readonly businessKey: string;

  constructor(process: string, source: string, businessKey: string) {
    this.process = process;
    this.source = source;
    this.businessKey = businessKey;
    this.board = new Board(process, source, businessKey);
    this.questions = new Questions(this);
  }

  get policy(): Policy {
    if (this.effective === undefined) throw new Error('the policy is read before it was claimed');
    return this.effective;
  }

  /** True while a cancel request, a later version or the other half's refusal forbids what has not been sent. */
  overtaken(): boolean {
    return this.halfRefused || (this.cancelRequested && !this.pastCancel) || this.newerVersion > this.version;
  }

  private overtakenBy(): string {
    if (this.cancelRequested) return 'cancel requested';
    return this.halfRefused ? 'the other half was refused' : 'a later version arrived';
  }

  /** Past the pivot a cancel request ends nothing by itself any more: the open question is the way out. */
  passPivot<T>(result: T): T {
    this.pastCancel ||= this.posted.length > 0;
    return result;
  }

  /** Between verbs: stops here when the saga was overtaken. */
  check(): void {
    if (this.overtaken()) throw new Overtaken('between steps');
  }

  /** A call without effect. */
  async read<I, O>(title: string, call: Call<I, O>, input: I): Promise<O> {
    this.check();
    return tell(title, call, input);
  }

  /** A step that only prepares something: its undo is registered first and runs when the saga ends before its pivot. */
  async step<I, O>(
    name: string,
    spec: { title: string; do: Call<I, O>; with: I; undo: () => Promise<unknown> },
  ): Promise<O> {
    this.check();
    this.claimName(name);
    this.undos.push(spec.undo);
    const step = this.board.step(name, spec.title);
    const result = await tell(spec.title, spec.do, spec.with).catch(stepRefused);
    step.state = 'done';
    return result;
  }

  /** Asks a person and waits. Throws Overtaken when a later version or a cancel request comes first. */
  async ask(question: Question): Promise<Answer> {
    this.check();
    return this.questions.ask(question);
  }

  /** Waits for a mapping that many sagas may lack. */
  async untilSolved(cause: Cause, facts: { businessDate: string; units: number }): Promise<void> {
    this.check();
    await this.questions.untilSolved(cause, facts);
  }

  /** Looks for something outside until it is there, under a clock; past due it goes on with what there is. */
  async expect<I, O>(
    title: string,
    call: Call<I, O>,
    input: I,
    until: { found: (seen: O) => boolean; timer: string; everyMs: number },
  ): Promise<O> {
    let seen = await this.read(title, call, input);
    if (until.found(seen)) return seen;
    let due = false;
    this.clocks.start(title, until.timer, (level) => {
      due = level === 'due';
      return Promise.resolve();
    });
    this.board.status = 'waiting for partner';
    this.board.stage(title);
    while (!until.found(seen) && !due) {
      await condition(() => due || this.overtaken(), until.everyMs, { summary: `Look again: ${title}` });
      seen = await this.read(title, call, input);
    }
    this.clocks.end(title);
    this.board.status = 'running';
    return seen;
  }

  /** Ends the saga declined, after undoing what was only prepared. */
  decline(why: string): never {
    throw new Declined(why);
  }

  /** Posts one document. A no from the ERP becomes a question to its owner; the step waits as long as it takes. */
  async post(posting: Posting): Promise<Outcome> {
    const reference = `${this.workflowId}/${posting.step}`;
    this.claimName(posting.step);
    for (let asked = 1; ; asked++) {
      const step = this.board.step(posting.step, posting.title);
      try {
        const result = await this.onTheWay.send(posting, reference);
        step.state = result.state;
        step.numbers = result.documents.map((d) => d.number);
        this.board.show();
        if (result.state !== 'posted') return { state: 'forbidden' };
        const done = { posting, reference, result };
        this.posted.push(done);
        this.clocks.end(CAPTURED);
        this.board.standing.delete('stuck');
        return { state: 'posted', steps: [done] };
      } catch (error) {
        const rejection = rejectionOf(error);
        if (rejection === undefined) throw error;
        step.state = 'refused';
        const verdict = await this.settleRefusal(posting, reference, rejection, asked);
        if (verdict !== undefined) return verdict;
      }
    }
  }

  /** Lets a forbidden or refused document be sent after all, as a new revision. */
  async allowAgain(posting: Posting, by: string): Promise<void> {
    const reference = `${this.workflowId}/${posting.step}`;
    this.names.delete(posting.step);
    const { document } = posting;
    await tell(`Go on with ${posting.step}`, postings.decide, {
      reference,
      revision: 0,
      choice: 'retry',
      by,
      document,
    });
  }

  /** Reverses posted documents, newest first; waits for a person when the ERP refuses one. */
  async reverse(steps: readonly PostedStep[], businessDate: string, reason: string): Promise<void> {
    await (this.takesBack?.(steps, businessDate, reason) ?? reverseAll(this, steps, businessDate, reason));
  }

  /** Undoes what was only prepared, newest first; it retries until it is done. */
  async undoPrepared(): Promise<void> {
    for (const undo of this.undos.splice(0).reverse()) await undo();
  }

  private async settleRefusal(
    posting: Posting,
    reference: string,
    rejection: RejectionDetails,
    asked: number,
  ): Promise<Outcome | undefined> {
    let answer: Answer;
    try {
      answer = await this.questions.ask(questionOf(posting, rejection, asked, this.posted));
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
      return stopRefused(this, posting, reference);
    }
    const decision = decisionOf(posting, reference, rejection.revision ?? 1, answer);
    const decided = await tell(`Decided by ${answer.by}: ${answer.choice}`, postings.decide, decision);
    if (!decided.done) this.board.refused(decided.why);
    return decided.done && decided.state === 'forbidden' ? { state: 'declined', why: answer.why } : undefined;
  }

  private claimName(name: string): void {
    if (this.names.has(name)) {
      throw ApplicationFailure.nonRetryable(`step ${name} is used twice in one saga`, 'InvalidInput');
    }
    this.names.add(name);
  }
}
