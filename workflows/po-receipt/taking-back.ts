/**
 * Taking a posted delivery back. What followed is looked at first: a receipt that the supplier has billed gets no
 * contra receipt; its goods go back as a supplier return, once finance agrees, and payables claims the debit. Whatever is
 * not billed is reversed as ever. Billed between the look and the contra: the ERP's no (INVOICED) leads to the same question.
 */
import type { PoReceipt, StockAdjustment } from '../../domain/documents.js';
import { reasonCause } from '../../domain/cause.js';
import type { PurchaseOrder } from '../../domain/receipt/purchase-order.js';
import {
  claimOn,
  goingBack,
  invoicedAmong,
  SUPPLIER_RETURN,
  supplierReturnOf,
  worthOf,
  type GoingBack,
} from '../../domain/receipt/supplier-return.js';
import { needsTwo } from '../../domain/limits.js';
import { postedBefore } from '../posted-before.js';
import type { PostedStep } from '../postings.js';
import { NotReversed, reverseAll, type TakesBack } from '../reversals.js';
import type { Answer } from '../saga/questions.js';
import type { Run } from '../saga/run.js';
import { blueCherry, claims, postings, tell } from '../systems.js';
import { untilMapped } from '../until-mapped.js';
import type { Assessment } from './assess.js';
import { behind, isSupplierReturn, supplierReturnPostings } from './documents.js';
import { debitQuestion, supplierReturnQuestion } from './questions.js';
import type { TakenBack } from './taken-back.js';

type Received = PostedStep & { posting: { document: PoReceipt } };
type Returned = PostedStep & { posting: { document: StockAdjustment } };

interface ItemQuantity {
  readonly item: string;
  readonly quantity: number;
}
type OnHand = { item: string; units: number }[];
interface Seen {
  order: PurchaseOrder | null;
  billed: Received[];
  lines: GoingBack[];
}

const isReceipt = (step: PostedStep): step is Received => step.posting.document.kind === 'po-receipt';
const isAdjustment = (step: PostedStep): step is Returned => step.posting.document.kind === 'stock-adjustment';
const ofDamaged = ({ posting }: PostedStep): boolean => posting.step.startsWith('receipt-damaged');

/** What a saga takes back by, in the place of contra documents alone. */
export const takesBack =
  (run: Run, assessment: Assessment): TakesBack =>
  async (steps, businessDate, why) => {
    assessment.taken = await new TakingBack(run, assessment, [...steps]).run(businessDate, why);
  };

class TakingBack {
  private readonly saga: Run;
  private readonly assessment: Assessment;
  private left: PostedStep[];
  private readonly reversed: PostedStep[] = [];
  private returns: Returned[] = [];
  /** Contra receipts the ERP refused because they are billed, by the receipt's reference. */
  private readonly refused = new Map<string, NotReversed>();
  private asked = 0;

  constructor(saga: Run, assessment: Assessment, steps: PostedStep[]) {
    this.saga = saga;
    this.assessment = assessment;
    this.left = steps.filter(({ posting }) => !isSupplierReturn(posting.step));
  }

  async run(businessDate: string, why: string): Promise<TakenBack> {
    for (;;) {
      const seen = await this.look();
      if (seen.billed.length === 0) {
        if (await this.reverse(this.left, businessDate, why)) return this.over([], false);
        continue;
      }
      const decided = await this.decide(seen);
      if (decided === 'kept') return this.over(seen.billed, true);
      if (decided === 'look-again' || !(await this.reverse(this.plain(seen.billed), businessDate, why))) continue;
      // Sold meanwhile: less than was agreed to can go back, so it is asked about again.
      const now = await this.look();
      if (now.lines.some(({ returnable }, index) => returnable !== seen.lines[index]?.returnable)) continue;
      return this.over(seen.billed, !(await this.sendBack(now)));
    }
  }

  /** What is reversed all the same. What we ruined is owed and gone: its write-off stands with its billed receipt. */
  private plain(billed: readonly PostedStep[]): PostedStep[] {
    const stands = (step: PostedStep): boolean => isAdjustment(step) && billed.some(ofDamaged);
    return this.left.filter((step) => !billed.includes(step) && !stands(step));
  }

  /** What stands now: a saga that was reset knows only what stood when it first looked. */
  private async refresh(): Promise<void> {
    const own = this.left.map(({ reference }) => reference.slice(0, reference.indexOf('/')));
    const workflowIds = [...new Set([...own, this.saga.workflowId])];
    const posted = await tell('Look what of it stands', postings.postedUnder, { workflowIds });
    const stands = new Set(posted.map(({ reference }) => reference));
    this.dropped(this.left.filter(({ reference }) => !stands.has(reference)));
    const returns = posted.filter(({ step }) => isSupplierReturn(step));
    this.returns = postedBefore(behind(this.assessment.document), returns).filter(isAdjustment);
    this.settled(this.returns);
  }

  private dropped(reversed: readonly PostedStep[]): void {
    this.reversed.push(...reversed);
    this.settled(reversed);
    this.left = this.left.filter((step) => !reversed.includes(step));
  }

  /**
   * The order, what is on hand, and then what stands, in this sequence: what a reset saga remembers of the first two is
   * then never younger than what it knows of its own documents, so a return that is made is not asked about again.
   */
  private async look(): Promise<Seen> {
    const known = this.left.filter(isReceipt);
    const newest = known.at(-1)?.posting.document;
    const order = newest === undefined ? null : await this.orderOf(newest);
    const onHand = this.billedOf(order).length === 0 ? [] : await this.onHandOf(known);
    await this.refresh();
    const billed = this.billedOf(order);
    return { order, billed, lines: this.linesOf(billed, onHand) };
  }

  private async orderOf({ poNo, businessDate }: PoReceipt): Promise<PurchaseOrder | null> {
    const query = { poNo, businessDate };
    const { order, periods } = await tell(`Look what is invoiced of ${poNo}`, blueCherry.findPurchaseOrder, query);
    Object.assign(this.assessment, { order, periods });
    return order;
  }

  /** Receipts the supplier has billed, or the ERP said so of; newest first, as they would be taken back. */
  private billedOf(order: PurchaseOrder | null): Received[] {
    const receipts = this.left.filter(isReceipt).reverse();
    const lines = receipts.map((step) => ({ step, lines: step.posting.document.lines }));
    const invoiced = order === null ? [] : invoicedAmong(order, lines).map(({ step }) => step);
    return receipts.filter((step) => invoiced.includes(step) || this.refused.has(step.reference));
  }

  private onHandOf(receipts: readonly Received[]): Promise<OnHand> {
    const documents = receipts.map(({ posting }) => posting.document);
    const items = [...new Set(documents.flatMap(({ lines }) => lines.map(({ item }) => item)))];
    const look = { warehouse: documents[0]?.warehouse ?? '', items };
    return tell('Look what of it is still on hand', blueCherry.findOnHand, look);
  }

  /** What of billed receipts can go back: less what left stock before, and what is reversed beside them. */
  private linesOf(billed: readonly Received[], shown: OnHand): GoingBack[] {
    const plain = this.plain(billed);
    const beside = plain.flatMap<ItemQuantity>(({ posting: { document } }) =>
      'lines' in document ? document.lines : [],
    );
    const onHand = shown.map(({ item, units }) => ({
      item,
      units: beside.filter((line) => line.item === item).reduce((left, { quantity }) => left - quantity, units),
    }));
    const writtenOff = this.left.filter(isAdjustment).filter((step) => !plain.includes(step));
    const left = [...writtenOff, ...this.returns].map(({ posting }) => posting.document);
    return goingBack({ receipts: billed.map(({ posting }) => posting.document), left, onHand });
  }

  private async decide({ order, billed, lines }: Seen): Promise<'agreed' | 'kept' | 'look-again'> {
    const { units, value } = worthOf(lines, this.assessment.baseCurrency);
    // Asked for before and sent back already: a saga that was reset goes on where it was.
    if (units === 0 && this.returns.length > 0) return 'agreed';
    const { mappedBy } = await this.reason();
    const { document } = this.assessment;
    const stands = behind(document);
    const stakes = {
      ...{ amount: value, baseAmount: value, units, twoPeople: needsTwo(this.saga, value), ...stands },
      requesters: [...new Set([...stands.requesters, ...mappedBy])],
    };
    const answer = await this.saga.ask(
      supplierReturnQuestion(document, stakes, { order, billed, lines, asked: ++this.asked }),
    );
    if (answer.choice === 'look-again') await this.tryAgain(answer);
    return answer.choice === 'return-to-supplier' ? 'agreed' : answer.choice === 'keep' ? 'kept' : 'look-again';
  }

  /** A contra that was refused stays refused until somebody decides on it. */
  private async tryAgain({ by }: Answer): Promise<void> {
    for (const { rejection, step } of this.refused.values()) {
      const { reference = step.reference, revision = 0 } = rejection;
      const retry = { reference, revision, choice: 'retry' as const, by };
      await tell(`Try the reversal again, decided by ${by}`, postings.decide, retry);
    }
    this.refused.clear();
  }

  /** Contra documents, newest first; false when one of them is billed after all. */
  private async reverse(steps: readonly PostedStep[], businessDate: string, why: string): Promise<boolean> {
    try {
      await reverseAll(this.saga, steps, businessDate, why, ({ type }) => type === 'Invoiced');
      return true;
    } catch (error) {
      if (!(error instanceof NotReversed)) throw error;
      this.saga.board.status = 'running';
      this.refused.set(error.step.reference, error);
      return false;
    } finally {
      this.dropped(this.left.filter((step) => steps.includes(step) && !this.saga.posted.includes(step)));
    }
  }

  /** The ERP's reason for supplier returns; one that is missing waits for its row like any mapping. */
  private async reason(): Promise<{ reason: string; mappedBy: string[] }> {
    const { source, businessDate } = this.assessment.document;
    const look = async () => {
      const query = { source, reason: SUPPLIER_RETURN, businessDate };
      const found = await tell('Look up the reason for supplier returns', claims.reasonFor, query);
      return { ...found, causes: found.reason === null ? [reasonCause(SUPPLIER_RETURN)] : [] };
    };
    for (let found = await look(); ;) {
      const [cause] = found.causes;
      if (found.reason !== null) return { reason: found.reason, mappedBy: found.mappedBy };
      if (cause !== undefined) found = await untilMapped(this.saga, cause, { businessDate, units: 0 }, look);
    }
  }

  /** Posts the supplier return and has payables claim the debit; false when a person let it be after all. */
  private async sendBack({ order, billed, lines }: Seen): Promise<boolean> {
    const { document } = this.assessment;
    const { reason } = await this.reason();
    const wanted = supplierReturnOf(
      billed.map(({ posting }) => posting.document),
      lines,
      {
        businessDate: document.takenInOn ?? document.businessDate,
        reasonCode: reason,
        memo: `Goods-in ${document.goodsInNo} back to ${order?.supplier ?? 'its supplier'}`,
        standardCost: this.saga.policy.site.valuationMethod === 'standard',
      },
    );
    for (const posting of supplierReturnPostings(this.assessment, wanted, { billed, before: this.returns.length })) {
      const outcome = await this.saga.post(posting);
      if (outcome.state !== 'posted') return this.returns.length > 0;
      this.returns.push(...outcome.steps.filter(isAdjustment));
      this.settled(outcome.steps);
    }
    for (const { rejection } of this.refused.values())
      if (rejection.reference !== undefined)
        await tell('The refused contra receipt is never sent', postings.forbid, {
          reference: rejection.reference,
          why: 'its goods went back as a supplier return',
        });
    await this.claim(billed);
    return true;
  }

  /** Asked where the goods were sent back, and nowhere else: another saga finds it answered. */
  private async claim(billed: readonly Received[]): Promise<void> {
    if (!this.returns.some(({ reference }) => reference.startsWith(`${this.saga.workflowId}/`))) return;
    const [first] = billed;
    const order = first === undefined ? null : await this.orderOf(first.posting.document);
    if (order === null) return;
    const sentBack = this.returns.map(({ posting }) => posting.document);
    const claim = claimOn(order, sentBack, this.assessment.baseCurrency);
    const { document } = this.assessment;
    if (claim.units > 0)
      await this.saga.ask(debitQuestion(document, behind(document), { order, billed, returns: this.returns, claim }));
  }

  /** These are no steps to be taken back any more. */
  private settled(steps: readonly PostedStep[]): void {
    for (const step of steps) {
      const at = this.saga.posted.findIndex(({ reference }) => reference === step.reference);
      if (at >= 0) this.saga.posted.splice(at, 1);
    }
  }

  private over(billed: Received[], kept: boolean): TakenBack {
    if (!kept) this.settled(billed);
    return { reversed: this.reversed, billed, returns: this.returns, kept };
  }
}
