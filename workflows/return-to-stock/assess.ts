/** Keeps a return's plan in step with what is known and what people answered. */
import type { Question } from '../../activities/desk/contract.js';
import type { Mine } from '../saga/saga.js';
import type { Answer } from '../saga/questions.js';
import type { Run } from '../saga/run.js';
import { ReturnQuestion, type ReturnAnswer } from '../../domain/return/answers.js';
import type { ReturnDocument } from '../../domain/return/document.js';
import type { ReturnFacts } from '../../domain/return/facts.js';
import { awaitedOrders, isUndispatched, orderNosOf } from '../../domain/return/lines.js';
import { planReturn } from '../../domain/return/plan.js';
import type { HeldCause, ReturnPlan } from '../../domain/return/plan-types.js';
import type { Sold } from '../../domain/return/sold.js';
import { blueCherry, claims } from '../systems.js';
import { untilMapped } from '../until-mapped.js';

/** How often an order that is not there yet is looked for, besides the signal that it came. */
const LOOKS_PER_CLOCK = 8;

export class Assessment {
  readonly answers: ReturnAnswer[] = [];
  sold: Sold = { orders: [], invoices: [], periods: [] };
  private readonly run: Run;
  private readonly mine: Mine<ReturnDocument>;
  /** What was waited for in vain, so that it is waited for once. */
  private waitedFor: string | undefined;
  private known: { plan: ReturnPlan; facts: ReturnFacts } | undefined;

  constructor(run: Run, mine: Mine<ReturnDocument>) {
    this.run = run;
    this.mine = mine;
  }

  get document(): ReturnDocument {
    return this.mine.document;
  }
  /** Workflows that finished earlier versions of this return. */
  get earlier(): readonly string[] {
    return this.mine.earlier;
  }
  get plan(): ReturnPlan {
    return this.looked().plan;
  }
  /** The newest plan, if there is one yet. */
  get lastPlan(): ReturnPlan | undefined {
    return this.known?.plan;
  }
  get facts(): ReturnFacts {
    return this.looked().facts;
  }

  /** Reads what was sold, maps the lines, claims the quantities and plans: with all answers given so far. */
  async look(): Promise<ReturnPlan> {
    const { document, policy } = this.mine;
    const orderNos = orderNosOf(document, this.answers);
    this.sold = await this.run.expect(
      'Find what was sold',
      blueCherry.findSold,
      { orderNos, businessDate: document.businessDate },
      {
        found: (sold) => this.isComplete(sold) || this.waitedFor === this.awaited(sold),
        timer: 'T-39',
        everyMs: Math.max(1_000, (policy.timers['T-39']?.dueMs ?? 86_400_000) / LOOKS_PER_CLOCK),
      },
    );
    if (!this.isComplete(this.sold)) this.waitedFor = this.awaited(this.sold);
    const facts = await this.run.read('Map the lines and claim the quantities', claims.claimReturn, {
      document,
      sold: this.sold,
      answers: this.answers,
      policy,
      workflowId: this.run.workflowId,
    });
    this.known = {
      facts,
      plan: planReturn({ document, sold: this.sold, facts, answers: this.answers, policy }),
    };
    const { credits, restocks } = this.known.plan;
    this.run.board.serves([...credits, ...restocks].map((step) => step.document.division));
    return this.known.plan;
  }

  /** Asks one of the plan's questions and plans anew with the answer. */
  async ask(question: Question): Promise<ReturnPlan> {
    this.take(await this.run.ask(question));
    return this.look();
  }

  /** Asks what holds the credit, and what answers brought up about the whole, until nothing is open or it is declined. */
  async settleCredit(): Promise<ReturnPlan> {
    for (;;) {
      const { declined, wholeQuestion, creditQuestion } = this.plan;
      const open = wholeQuestion ?? creditQuestion;
      if (open === null || declined !== null) return this.plan;
      await this.ask(open);
    }
  }

  /** Waits until the mapping is there that a cause lacks, then plans anew. */
  untilMapped(cause: HeldCause): Promise<ReturnPlan> {
    const { businessDate, lines } = this.document;
    const units = lines.reduce((sum, line) => sum + line.quantity, 0);
    return untilMapped(this.run, cause, { businessDate, units }, () => this.look());
  }

  /**
   * Overrides the answer that declined the credit: the goods are kept, so the credit is posted after all. What
   * that brings up is asked.
   */
  async creditAfterAll(answer: Answer): Promise<ReturnPlan> {
    const declined = ReturnQuestion.safeParse(this.plan.declined?.question);
    if (declined.success) this.take({ ...answer, question: declined.data, choice: 'approve' });
    await this.look();
    return this.settleCredit();
  }

  /** What keeping the goods would credit: the plan, with the answer overridden that declined it. Nothing is claimed. */
  planIfKept(): ReturnPlan {
    const { plan, facts } = this.looked();
    const declined = ReturnQuestion.safeParse(plan.declined?.question);
    if (!declined.success) return plan;
    const { document, policy } = this.mine;
    const approved = { question: declined.data, choice: 'approve', why: '', by: '', shown: '' };
    return planReturn({ document, sold: this.sold, facts, answers: [...this.answers, approved], policy });
  }

  /** An order to be cancelled had left the house: its lines are a return after all, the other orders stay cancelled. */
  async dispatchedAfterAll(orderNo: string): Promise<ReturnPlan> {
    const last = this.answers.findLast((answer) => answer.question === 'before-dispatch');
    const orders = this.plan.cancelOrders.filter((other) => other !== orderNo);
    if (last !== undefined)
      this.answers.push(orders.length === 0 ? { ...last, choice: 'process' } : { ...last, orders });
    return this.look();
  }

  /**
   * Whether everything a return names is there. An order that has not left the house is asked about and not
   * waited for, until a person says that it is a return all the same. A number a person gave is not waited for.
   */
  private isComplete(sold: Sold): boolean {
    const processed = this.processed();
    const awaited = awaitedOrders(this.document, sold, []);
    return awaited.every((no) => !processed && sold.orders.some((o) => o.orderNo === no && isUndispatched(o)));
  }

  /** What is waited for, in a few words that tell it from anything else. */
  private awaited(sold: Sold): string {
    return [String(this.processed()), ...awaitedOrders(this.document, sold, [])].join(' ');
  }

  /** Somebody, or the ERP, said that an order left the house that shows no dispatch: now its invoice is waited for. */
  private processed(): boolean {
    return this.answers.some(
      (a) => a.question === 'before-dispatch' && (a.choice === 'process' || a.orders !== undefined),
    );
  }

  private take(answer: Answer): void {
    const orderNo = answer.data['orderNo'];
    this.answers.push({
      question: ReturnQuestion.parse(answer.question),
      choice: answer.choice,
      why: answer.why,
      by: answer.by,
      shown: answer.shown,
      ...(orderNo === undefined ? {} : { orderNo }),
    });
  }

  private looked(): { plan: ReturnPlan; facts: ReturnFacts } {
    if (this.known === undefined) throw new Error('the return was not assessed yet');
    return this.known;
  }
}
