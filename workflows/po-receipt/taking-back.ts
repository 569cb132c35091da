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
  private readonly returns: Returned[];
  /** Contra receipts the ERP refused because they are billed, by the receipt's reference. */
  private readonly refused = new Map<string, NotReversed>();
  private asked = 0;

  constructor(saga: Run, assessment: Assessment, steps: PostedStep[]) {
    this.saga = saga;
    this.assessment = assessment;
    this.left = steps.filter(({ posting }) => !isSupplierReturn(posting.step));
    this.returns = steps.filter(({ posting }) => isSupplierReturn(posting.step)).filter(isAdjustment);
    this.settled(this.returns);
  }

  async run(businessDate: string, why: string): Promise<TakenBack> {
    for (;;) {
      const { order, billed } = await this.look();
      if (billed.length === 0) {
        if (await this.reverse(this.left, businessDate, why)) return this.over([], false);
        continue;
      }
      const lines = await this.lines(billed);
      const decided = await this.decide(order, billed, lines);
      if (decided === 'kept') return this.over(billed, true);
      if (decided === 'look-again' || !(await this.reverse(this.plain(billed), businessDate, why))) continue;
      // Sold meanwhile: less than was agreed to can go back, so it is asked about again.
      const now = await this.lines(billed);
      if (now.some(({ returnable }, index) => returnable !== lines[index]?.returnable)) continue;
      return this.over(billed, !(await this.sendBack(order, billed, now)));
    }
  }

  /** What is reversed all the same. What we ruined is owed and gone: its write-off stands with its billed receipt. */
  private plain(billed: readonly PostedStep[]): PostedStep[] {
    const stands = (step: PostedStep): boolean => isAdjustment(step) && billed.some(ofDamaged);
    return this.left.filter((step) => !billed.includes(step) && !stands(step));
  }

  /** The order of what is left, and which of its receipts are billed, newest first as they would be taken back. */
  private async look(): Promise<{ order: PurchaseOrder | null; billed: Received[] }> {
    const receipts = this.left.filter(isReceipt).reverse();
    const [newest] = receipts;
    if (newest === undefined) return { order: null, billed: [] };
    const { poNo, businessDate } = newest.posting.document;
    const query = { poNo, businessDate };
    const { order, periods } = await tell(`Look what is invoiced of ${poNo}`, blueCherry.findPurchaseOrder, query);
    Object.assign(this.assessment, { order, periods });
    const lines = receipts.map((step) => ({ step, lines: step.posting.document.lines }));
    const invoiced = order === null ? [] : invoicedAmong(order, lines).map(({ step }) => step);
    return { order, billed: receipts.filter((step) => invoiced.includes(step) || this.refused.has(step.reference)) };
  }

  /** What of billed receipts can go back: less what left stock before, and what is reversed beside them. */
  private async lines(billed: readonly Received[]): Promise<GoingBack[]> {
    const receipts = billed.map(({ posting }) => posting.document);
    const items = [...new Set(receipts.flatMap(({ lines }) => lines.map(({ item }) => item)))];
    const look = { warehouse: receipts[0]?.warehouse ?? '', items };
    const shown = await tell('Look what of it is still on hand', blueCherry.findOnHand, look);
    const plain = this.plain(billed);
    const beside = plain.flatMap(({ posting: { document } }) => ('lines' in document ? document.lines : []));
    const onHand = shown.map(({ item, units }) => ({
      item,
      units: beside.filter((line) => line.item === item).reduce((left, { quantity }) => left - quantity, units),
    }));
    const writtenOff = this.left.filter(isAdjustment).filter((step) => !plain.includes(step));
    const left = [...writtenOff, ...this.returns].map(({ posting }) => posting.document);
    return goingBack({ receipts, left, onHand });
  }

  private async decide(
    order: PurchaseOrder | null,
    billed: readonly Received[],
    lines: readonly GoingBack[],
  ): Promise<'agreed' | 'kept' | 'look-again'> {
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
      const gone = this.left.filter((step) => steps.includes(step) && !this.saga.posted.includes(step));
      this.reversed.push(...gone);
      this.left = this.left.filter((step) => !gone.includes(step));
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
  private async sendBack(
    order: PurchaseOrder | null,
    billed: readonly Received[],
    lines: readonly GoingBack[],
  ): Promise<boolean> {
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
    const { order } = await this.look();
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
