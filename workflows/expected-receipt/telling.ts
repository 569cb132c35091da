/** Telling the warehouse system of one revision of an order; its no becomes a question to who can mend it. */
import type { Told } from '../../activities/archean/contract.js';
import type { ExpectedOrder } from '../../domain/expected/order.js';
import { planExpected, type ExpectedPlan } from '../../domain/expected/plan.js';
import { rejectionOf } from '../refusals.js';
import type { Run } from '../saga/run.js';
import type { Mine } from '../saga/saga.js';
import { archean, mappings, tell, type Call } from '../systems.js';
import { untilMapped } from '../until-mapped.js';
import { refusedQuestion } from './questions.js';

const WAREHOUSE_SYSTEM = 'archean';

export class Telling {
  private readonly run: Run;
  private readonly order: ExpectedOrder;

  constructor(run: Run, { document }: Mine<ExpectedOrder>) {
    this.run = run;
    this.order = document;
  }

  /** What is to be told, with every mapping it needs. */
  async plan(): Promise<ExpectedPlan> {
    const { businessDate, lines } = this.order;
    const units = lines.reduce((sum, line) => sum + line.units, 0);
    for (let plan = await this.look(); ;) {
      const [cause] = plan.causes;
      if (cause === undefined) return plan;
      plan = await untilMapped(this.run, cause, { businessDate, units }, () => this.look());
    }
  }

  announce({ location, lines }: NonNullable<ExpectedPlan['announce']>, units: number): Promise<Told> {
    const title = `Expected goods-in of ${units} units on ${this.order.poNo} at ${location}`;
    return this.told('announce', title, archean.expectGoods, { ...this.named('announce'), location, lines });
  }

  amend({ goodsInNo, lines }: NonNullable<ExpectedPlan['amend']>, units: number): Promise<Told> {
    const title = `Amendment of ${goodsInNo} for ${this.order.poNo} to ${units} units`;
    return this.told('amend', title, archean.amendExpected, { ...this.named('amend'), goodsInNo, lines });
  }

  cancel(goodsInNo: string): Promise<Told> {
    const title = `Cancellation of ${goodsInNo} for ${this.order.poNo}`;
    return this.told(`cancel ${goodsInNo}`, title, archean.cancelExpected, { ...this.named('cancel'), goodsInNo });
  }

  private async look(): Promise<ExpectedPlan> {
    const { poNo, warehouse, businessDate, lines } = this.order;
    const items = lines.map(({ item }) => item);
    const announced = await this.run.read(`Look what ${poNo} was announced as`, archean.findExpected, { poNo });
    const places = await this.run.read(`Find where warehouse ${warehouse} takes goods in`, mappings.placesOf, {
      ...{ system: WAREHOUSE_SYSTEM, warehouse, items, businessDate },
    });
    return planExpected(this.order, places, announced);
  }

  private named(step: string): { reference: string; revision: number; poNo: string } {
    const { poNo, version: revision } = this.order;
    return { reference: `${this.run.workflowId}/${step}`, revision, poNo };
  }

  private async told<I>(name: string, title: string, call: Call<I, Told>, input: I): Promise<Told> {
    const step = this.run.board.step(name, title);
    for (let asked = 1; ; asked++) {
      this.run.check();
      try {
        const told = await tell(title, call, input);
        step.state = 'done';
        step.numbers = [told.goodsInNo];
        this.run.board.show();
        return told;
      } catch (error) {
        const rejection = rejectionOf(error);
        if (rejection === undefined) throw error;
        step.state = 'refused';
        const units = this.order.lines.reduce((sum, line) => sum + line.units, 0);
        const answer = await this.run.ask(refusedQuestion(this.order, { title, units, asked }, rejection));
        if (answer.choice === 'reject') this.run.decline(answer.why);
      }
    }
  }
}
