/** Posting once as the sagas see it (activities/posting/contract.ts), in memory and in virtual time. */
import { ApplicationFailure } from '@temporalio/common';
import type {
  Postings,
  PostingDecided,
  PostingDecision,
  PostingResult,
  RejectionDetails,
} from '../../activities/posting/contract.js';
import type { ErpDocument } from '../../domain/documents.js';
import type { ActivityCall, Driver, Reply } from './driver.js';

export type PostingState = 'intended' | 'sent' | 'posted' | 'rejected' | 'forbidden' | 'reversed';
export interface FakePosting {
  reference: string;
  step: string;
  revision: number;
  state: PostingState;
  document: ErpDocument | null;
  /** Virtual time at which it leaves, while it is intended and asked for. */
  leavesAt: number;
  rejection: Partial<RejectionDetails> | null;
  number: string;
  /** Taken without some of its lines: forbidden, only those are; the others stand posted. */
  inPart: boolean;
}
/** What the ERP says to the nth sending of a step, or to its nth reversal; null is yes. */
export type Verdict = (step: string, attempt: number, kind: 'post' | 'reverse') => Partial<RejectionDetails> | null;
/** Milliseconds until a document leaves, and from then until its outcome is known. */
export type Pace = (step: string) => { leaves: number; known: number };

export const refusal = (details: Partial<RejectionDetails>): ApplicationFailure => {
  const full: RejectionDetails = { type: 'Refused', code: 'X-06', message: 'the ERP said no', ...details };
  return ApplicationFailure.create({ message: full.message, type: full.type, nonRetryable: true, details: [full] });
};

const made = (reference: string, document: ErpDocument | null, state: PostingState, number: string): FakePosting => ({
  ...{ reference, document, state, number },
  step: reference.slice(reference.lastIndexOf('/') + 1),
  revision: 1,
  leavesAt: Infinity,
  rejection: null,
  inPart: false,
});

/** Sent, and nobody can prove whether the ERP has it: a person owns it. */
const isParked = ({ state, rejection }: FakePosting): boolean =>
  state === 'rejected' && rejection?.type === 'OutcomeUnknown';

export class FakeErp {
  readonly rows = new Map<string, FakePosting>();
  readonly undos = new Map<string, FakePosting>();
  /** Every sending in order, by reference; contras as `<reference>/undo`. */
  readonly sent: string[] = [];
  verdict: Verdict = () => null;
  pace: Pace = () => ({ leaves: 50, known: 3_000 });
  private readonly attempts = new Map<string, number>();
  private readonly driver: () => Driver;

  constructor(driver: () => Driver) {
    this.driver = driver;
  }

  /** Documents that stand in the books: posted and not reversed. */
  live(kind?: ErpDocument['kind']): FakePosting[] {
    return [...this.rows.values()].filter(
      ({ state, document }) => state === 'posted' && (kind === undefined || document?.kind === kind),
    );
  }

  post(call: ActivityCall): Reply {
    const { reference, document } = call.input as { reference: string; document: ErpDocument };
    const row = this.rows.get(reference) ?? this.insert(reference, document, 'intended');
    if (row.state === 'intended') {
      const { leaves, known } = this.pace(row.step);
      row.leavesAt = this.driver().now + leaves;
      return { afterMs: leaves + known, does: () => this.settle(row) };
    }
    return { afterMs: 5, does: () => this.outcome(row) };
  }

  forbid(input: { reference: string }): Awaited<ReturnType<Postings['forbid']>> {
    const row = this.rows.get(input.reference) ?? this.insert(input.reference, null, 'forbidden');
    this.leave(row);
    if (isParked(row)) return { state: 'sent' };
    if (row.state === 'intended' || row.state === 'rejected') {
      row.state = row.inPart ? 'posted' : 'forbidden';
      const asked = [...this.driver().open.values()].find(
        ({ type, input: given }) =>
          /\.(post|createReplacement)/.test(type) && (given as { reference: string }).reference === row.reference,
      );
      if (asked) this.driver().answer(asked, { afterMs: 20, does: () => this.outcome(row) });
    }
    return { state: row.state };
  }

  decide(decision: PostingDecision): PostingDecided {
    const row = this.rows.get(decision.reference) ?? this.undos.get(decision.reference);
    if (row === undefined) return { done: false, why: 'nothing was ever asked' };
    this.leave(row);
    if (decision.revision !== 0 && row.revision !== decision.revision)
      return { done: false, why: `${row.revision} is the newest now` };
    if (row.state === 'sent' || row.state === 'posted' || row.state === 'reversed')
      return { done: false, why: row.state };
    if (decision.choice === 'forbid') {
      row.state = row.inPart ? 'posted' : 'forbidden';
      return { done: true, revision: row.revision, state: row.state };
    }
    const adopted = decision.choice === 'adopt';
    row.revision += 1;
    row.document = decision.document ?? row.document;
    row.state = adopted ? 'posted' : 'intended';
    row.leavesAt = Infinity;
    if (adopted) row.number = decision.number ?? 'BY-HAND';
    return { done: true, revision: row.revision, state: adopted ? 'posted' : 'intended' };
  }

  reversedByHand({ reference }: { reference: string }): { reversed: string[] } {
    const row = this.rows.get(reference);
    if (row === undefined) return { reversed: [] };
    row.state = 'reversed';
    return { reversed: [row.number] };
  }

  reverse(call: ActivityCall): Reply {
    const { reference } = call.input as { reference: string };
    const does = (): PostingResult => {
      const row = this.rows.get(reference) ?? this.insert(reference, null, 'forbidden');
      if (isParked(row)) return this.outcome(row);
      if (row.state !== 'posted') {
        if (row.state !== 'reversed') row.state = 'forbidden';
        return { state: row.state, documents: [] };
      }
      const undo = this.undoOf(row);
      // A refused contra stays refused until somebody decides on it, as any other document.
      if (undo.state === 'intended') {
        undo.rejection = this.verdict(row.step, this.attempt(`${row.step} reverse`), 'reverse');
        undo.state = undo.rejection === null ? 'posted' : 'rejected';
      }
      if (undo.state === 'rejected') {
        const { revision } = undo;
        throw refusal({ type: 'PeriodClosed', code: 'X-24', ...undo.rejection, reference: undo.reference, revision });
      }
      this.sent.push(`${reference}/undo`);
      row.state = 'reversed';
      return { state: 'reversed', documents: [] };
    };
    return { afterMs: 3_000, does };
  }

  /** What stands posted under these workflows, and what may for all anybody knows: that without a document. */
  postedUnder(workflowIds: readonly string[]) {
    return [...this.live(), ...[...this.rows.values()].filter(isParked)]
      .filter(({ reference }) => workflowIds.some((id) => reference.startsWith(`${id}/`)))
      .map((row) => {
        const result = isParked(row) ? { state: 'posted', documents: [] } : this.result(row);
        return { reference: row.reference, step: row.step, document: row.document, result };
      });
  }

  private insert(reference: string, document: ErpDocument | null, state: PostingState): FakePosting {
    const row = made(reference, document, state, `N-${this.rows.size + 1}`);
    this.rows.set(reference, row);
    return row;
  }

  private undoOf({ reference, revision, document }: FakePosting): FakePosting {
    const name = `${reference}/undo-${revision}`;
    const undo = this.undos.get(name) ?? made(name, document, 'intended', `U-${this.undos.size + 1}`);
    this.undos.set(name, undo);
    return undo;
  }

  /** A document whose moment has passed has left the house. */
  private leave(row: FakePosting): void {
    if (row.state === 'intended' && row.leavesAt <= this.driver().now) row.state = 'sent';
  }

  private settle(row: FakePosting): PostingResult {
    this.leave(row);
    if (row.state === 'sent') {
      const no = this.verdict(row.step, this.attempt(row.step), 'post');
      this.sent.push(row.reference);
      row.state = no === null ? 'posted' : 'rejected';
      row.rejection = no;
      row.inPart = no?.type === 'LinesRefused';
    }
    return this.outcome(row);
  }

  private outcome(row: FakePosting): PostingResult {
    if (row.state === 'rejected') {
      throw refusal({ ...row.rejection, reference: row.reference, revision: row.revision });
    }
    return this.result(row);
  }

  private result(row: FakePosting): PostingResult {
    const { state, revision, number } = row;
    if (state !== 'posted' && state !== 'reversed') return { state: 'forbidden', documents: [] };
    const kept = { externalRef: `ref ${row.reference}`, journal: 'verified' as const, adopted: false };
    const businessDate = row.document?.businessDate ?? '2026-03-10';
    return { state, documents: [{ revision, number, businessDate, ...kept }] };
  }

  private attempt(of: string): number {
    const next = (this.attempts.get(of) ?? 0) + 1;
    this.attempts.set(of, next);
    return next;
  }
}
