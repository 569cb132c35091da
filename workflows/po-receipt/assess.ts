/** Keeps a delivery's plan in step with what is known and what people answered. */
import type { FiscalPeriod } from '../../domain/business-date.js';
import type { Cause } from '../../domain/cause.js';
import { orderNamed, ReceiptQuestion, type ReceiptAnswer } from '../../domain/receipt/answers.js';
import type { GoodsIn } from '../../domain/receipt/document.js';
import { planReceipt, type ReceiptPlan } from '../../domain/receipt/plan.js';
import type { PurchaseOrder } from '../../domain/receipt/purchase-order.js';
import type { PlannedQuestion } from '../../domain/question.js';
import type { Answer } from '../saga/questions.js';
import type { Run } from '../saga/run.js';
import type { Mine } from '../saga/saga.js';
import { blueCherry, claims } from '../systems.js';
import { untilMapped } from '../until-mapped.js';
import type { TakenBack } from './taken-back.js';

/** Choices after which the order takes more: one that was closed meanwhile is opened again. */
const OPENS = new Set(['reopen', 'take']);

export class Assessment {
  readonly answers: ReceiptAnswer[] = [];
  order: PurchaseOrder | null = null;
  periods: FiscalPeriod[] = [];
  /** What became of what was posted, once it was to be taken back. */
  taken: TakenBack | undefined;
  private readonly run: Run;
  private readonly mine: Mine<GoodsIn>;
  private known: ReceiptPlan | undefined;
  private begun = false;

  constructor(run: Run, mine: Mine<GoodsIn>) {
    this.run = run;
    this.mine = mine;
  }

  get document(): GoodsIn {
    return this.mine.document;
  }
  /** Workflows that finished earlier versions of this delivery. */
  get earlier(): readonly string[] {
    return this.mine.earlier;
  }
  get baseCurrency(): string {
    return this.mine.policy.baseCurrency;
  }
  get poNo(): string {
    return orderNamed(this.document.poNo, this.answers);
  }
  get plan(): ReceiptPlan {
    if (this.known === undefined) throw new Error('the delivery was not assessed yet');
    return this.known;
  }

  /** Reads the order, maps the lines, claims the units and plans: with all answers given so far. */
  async look(): Promise<ReceiptPlan> {
    const { document, policy } = this.mine;
    const { poNo, answers } = this;
    const { businessDate } = document;
    const named = poNo === '' ? 'the purchase order' : `purchase order ${poNo}`;
    const found = await this.run.read(`Find ${named}`, blueCherry.findPurchaseOrder, { poNo, businessDate });
    this.order = found.order;
    this.periods = found.periods;
    const facts = await this.run.read('Map the lines and claim the open units', claims.claimReceipt, {
      document,
      order: found.order,
      answers,
      zone: policy.zone,
    });
    this.known = planReceipt({ document, ...found, facts, answers, policy, begun: this.begun });
    this.run.board.serves(found.order === null ? [] : [found.order.division]);
    return this.known;
  }

  /** Settles what holds the delivery whole: mappings, its order, its period. */
  async settleWhole(): Promise<ReceiptPlan> {
    return this.settle(await this.look(), () => null);
  }

  /**
   * Asks about the differences, one after the other, until none is open. A part may stand in the books by then; what
   * comes to hold the delivery whole meanwhile, a closed order or period, holds the rest and is asked about too.
   */
  settleDifferences(): Promise<ReceiptPlan> {
    this.begun = true;
    return this.settle(this.plan, (plan) => plan.differenceQuestion);
  }

  /** Until nothing is missing and nothing is to be asked, or a person declined it. */
  private async settle(
    first: ReceiptPlan,
    questionOf: (plan: ReceiptPlan) => PlannedQuestion | null,
  ): Promise<ReceiptPlan> {
    for (let plan = first; ;) {
      const [cause] = plan.causes;
      const question = plan.wholeQuestion ?? questionOf(plan);
      if (plan.declined !== null) return plan;
      if (cause !== undefined) plan = await this.untilMapped(cause);
      else if (question !== null) plan = await this.ask(question);
      else return plan;
    }
  }

  private async ask(question: PlannedQuestion): Promise<ReceiptPlan> {
    const answer = await this.run.ask(question);
    this.take(answer);
    if (OPENS.has(answer.choice))
      await this.run.read(`Open purchase order ${this.poNo} again`, blueCherry.reopenForReceiving, { poNo: this.poNo });
    const plan = await this.look();
    if (answer.question === 'short' && plan.givenUp.length > 0) await this.giveUp(answer, plan);
    return plan;
  }

  private giveUp({ by, why }: Answer, { givenUp: lines }: ReceiptPlan): Promise<void> {
    const { document, poNo } = this;
    return this.run.read(`Note what never arrives on ${poNo}`, claims.giveUp, { document, poNo, lines, by, why });
  }

  private untilMapped(cause: Cause): Promise<ReceiptPlan> {
    const { businessDate, lines } = this.document;
    const units = lines.reduce((sum, line) => sum + line.received, 0);
    return untilMapped(this.run, cause, { businessDate, units }, () => this.look());
  }

  private take({ question, choice, why, by, data }: Answer): void {
    const poNo = data['poNo']?.trim();
    this.answers.push({
      ...{ question: ReceiptQuestion.parse(question), choice, why, by },
      ...(poNo === undefined || poNo === '' ? {} : { poNo }),
    });
  }
}
