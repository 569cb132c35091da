/**
 * Every posting that sagas asked for, revision by revision, as their histories tell it: pure. What was seen of a document in
 * the ERP counts more than what is told here, and what is told counts more than what a store that was set back says.
 */
import type { ErpDocument } from '../../domain/documents.js';
import { FAILURES, type FailureType } from '../../domain/failures.js';
import type { ToldCall } from '../../domain/told.js';
import type { BornOf, PostingContent, PostingFailure, PostingRow, PostingState } from '../../store/postings.js';
import { askedDigestOf, cancellationOf, contraOf, onlyLines } from '../posting/content.js';
import type {
  PostedDocument,
  PostingDecided,
  PostingDecision,
  PostingRequest,
  PostingResult,
  ReversalRequest,
} from '../posting/contract.js';
import { digestOf, externalRefOf } from '../posting/reference.js';

/** One revision as it is told. `unknown`: it was asked for, and nobody says what became of it. */
export interface ToldRevision {
  externalRef: string;
  content: PostingContent | null;
  state: PostingState | 'unknown';
  number: string | null;
  failure: PostingFailure | null;
  bornOf: BornOf | null;
  journal: PostingRow['journal'];
  adopted: boolean;
  reversedBy: string | null;
}
export interface ToldReference {
  reference: string;
  askedDigest: string | null;
  seq: number;
  links: PostingRequest['links'];
  /** Revision 1 first. */
  revisions: ToldRevision[];
}

const POSTS = ['postCreditMemo', 'postStockAdjustment', 'postReceipt', 'createReplacementOrder'];
const REVERSES = ['reverseCreditMemo', 'reverseStockAdjustment', 'reverseReceipt', 'cancelReplacementOrder'];
const named = (system: string, verbs: readonly string[]): string[] => verbs.map((verb) => `${system}.${verb}`);
const POST = new Set(named('blueCherry', POSTS));
const REVERSE = new Set(named('blueCherry', REVERSES));
/** Verbs that say something of a posting. */
export const POSTING_VERBS: readonly string[] = [
  ...POST,
  ...REVERSE,
  ...named('postings', ['decide', 'forbid', 'reversedByHand']),
];

/** References that these calls speak of, undo documents left out. */
export const referencesIn = (calls: readonly ToldCall[]): string[] => [
  ...new Set(
    calls
      .filter(({ verb }) => POSTING_VERBS.includes(verb))
      .map(({ input }) => (input as { reference: string }).reference),
  ),
];

/** Builds every reference from the store's rows and what was told since; `calls` of all sagas, in any order. */
export function rebuild(rows: readonly PostingRow[], calls: readonly ToldCall[]): Map<string, ToldReference> {
  const build = new Rebuild(rows);
  const steps = calls.flatMap((call) => [
    { at: call.askedAt, last: false, does: () => build.asked(call) },
    ...(call.endedAt === null ? [] : [{ at: call.endedAt, last: true, does: () => build.ended(call) }]),
  ]);
  for (const { does } of steps.sort((a, b) => a.at.localeCompare(b.at) || Number(a.last) - Number(b.last))) does();
  return build.references;
}

class Rebuild {
  readonly references = new Map<string, ToldReference>();

  constructor(rows: readonly PostingRow[]) {
    for (const row of [...rows].sort((a, b) => a.revision - b.revision)) {
      const links = row.links;
      const of = this.of(row.reference, { askedDigest: row.asked_digest, seq: Number(row.seq), links });
      of.revisions[row.revision - 1] = fromRow(row);
    }
  }

  /** What is known from the moment of asking, whatever became of it. */
  asked({ verb, input }: ToldCall): void {
    if (POST.has(verb)) return this.post(input as PostingRequest);
    if (REVERSE.has(verb)) this.reverse(input as ReversalRequest);
  }

  ended(call: ToldCall): void {
    const { verb, input, outcome, result, failure } = call;
    const { reference } = input as { reference: string };
    if (outcome === 'failed') return this.refused(reference, failure as PostingFailure | undefined);
    if (POST.has(verb)) return this.posted(reference, result as PostingResult);
    if (REVERSE.has(verb)) return this.reversed(reference, result as PostingResult);
    if (verb === 'postings.decide') return this.decided(input as PostingDecision, result as PostingDecided);
    if (verb === 'postings.forbid' && (result as { state: string }).state === 'forbidden') this.forbidden(reference);
    if (verb === 'postings.reversedByHand') this.byHand(reference, (input as { by: string }).by);
  }

  private of(reference: string, made: Partial<ToldReference> = {}): ToldReference {
    const known = this.references.get(reference);
    if (known !== undefined) return known;
    const fresh = { reference, askedDigest: null, seq: 0, links: [], revisions: [], ...made };
    this.references.set(reference, fresh);
    return fresh;
  }

  private post({ reference, document, seq, links }: PostingRequest): void {
    const askedDigest = askedDigestOf(document);
    const of = this.of(reference, { askedDigest, seq, links });
    const newest = of.revisions.at(-1);
    if (newest === undefined)
      of.revisions.push(revisionOf(reference, 1, { operation: 'create', undoes: null, document }));
    else if (newest.content === null) newest.content = { operation: 'create', undoes: null, document };
    else if (OPEN.has(newest.state) && of.revisions.length === 1 && of.askedDigest !== askedDigest)
      newest.content = { ...newest.content, document };
    else return;
    Object.assign(of, { askedDigest, seq, links });
  }

  private reverse({ reference, businessDate, reason }: ReversalRequest): void {
    const of = this.of(reference);
    of.revisions.forEach((revision, index) => {
      if (revision.state !== 'posted' && revision.state !== 'reversed') return;
      if (revision.content === null || revision.number === null) return;
      const { document } = revision.content;
      const content =
        document.kind === 'sales-order'
          ? cancellationOf(document, revision.number)
          : contraOf(document, revision.number, businessDate, reason);
      const undo = this.of(`${reference}/undo-${index + 1}`, {
        askedDigest: digestOf({ undoes: revision.externalRef }),
        seq: of.seq,
        links: [...of.links, { system: 'blue-cherry', kind: document.kind, number: revision.number }],
      });
      if (undo.revisions.length === 0) undo.revisions.push(revisionOf(undo.reference, 1, content));
    });
  }

  private posted(reference: string, { state, documents }: PostingResult): void {
    if (state === 'forbidden') return this.forbidden(reference);
    for (const document of documents) this.stored(reference, document, state);
  }

  private stored(reference: string, document: PostedDocument, state: 'posted' | 'reversed'): void {
    const { revisions } = this.of(reference);
    this.fillTo(reference, document.revision - 1);
    const revision = (revisions[document.revision - 1] ??= revisionOf(
      reference,
      document.revision,
      revisions.at(-1)?.content ?? null,
    ));
    const { number, adopted, journal } = document;
    Object.assign(revision, { number, adopted, journal: revision.journal ?? journal });
    if (revision.state !== 'reversed') revision.state = state;
  }

  /** Revisions that nobody tells of and that a later one followed were superseded. */
  private fillTo(reference: string, upTo: number): void {
    const { revisions } = this.of(reference);
    while (revisions.length < upTo) {
      const content = revisions.at(-1)?.content ?? null;
      revisions.push({ ...revisionOf(reference, revisions.length + 1, content), state: 'superseded' });
    }
  }

  private reversed(reference: string, { state, documents }: PostingResult): void {
    if (state === 'forbidden') return this.forbidden(reference);
    this.of(reference).revisions.forEach((revision, index) => {
      if (revision.state !== 'posted' && revision.state !== 'reversed') return;
      revision.state = 'reversed';
      const undo = `${reference}/undo-${index + 1}`;
      for (const one of documents)
        if (one.externalRef === externalRefOf(undo, one.revision)) this.stored(undo, one, 'posted');
    });
  }

  private refused(asked: string, failure: PostingFailure | undefined): void {
    if (failure === undefined || FAILURES[failure.type as FailureType]?.family !== 'rejection') return;
    if (NOT_THE_ERPS_NO.has(failure.type)) return;
    const reference = failure.reference ?? asked;
    const { revisions } = this.of(reference);
    const at = failure.revision ?? revisions.length;
    const earlier = revisions[at - 2];
    if (revisions[at - 1] === undefined && earlier?.content !== undefined && earlier.content !== null) {
      const refused = new Set((failure.lines ?? []).map(({ line }) => line));
      this.fillTo(reference, at - 1);
      const { document } = earlier.content;
      const left: ErpDocument = refused.size === 0 ? document : onlyLines(document, refused, false);
      revisions[at - 1] = revisionOf(reference, at, { ...earlier.content, document: left });
    }
    const revision = revisions[at - 1];
    if (revision !== undefined && OPEN.has(revision.state)) Object.assign(revision, { state: 'rejected', failure });
  }

  private decided(decision: PostingDecision, result: PostingDecided): void {
    if (!result.done) return;
    const { reference, choice, by, document, number } = decision;
    if (choice === 'forbid') return this.forbidden(reference);
    const { revisions } = this.of(reference);
    this.fillTo(reference, result.revision - 1);
    const before = revisions[result.revision - 2];
    if (revisions[result.revision - 1] === undefined && before !== undefined) {
      if (OVER.has(before.state) || OPEN.has(before.state)) before.state = 'superseded';
      const content = changed(before.content, document);
      const next = revisionOf(reference, result.revision, content);
      revisions[result.revision - 1] = { ...next, bornOf: { revision: decision.revision, choice, by } };
    }
    const revision = revisions[result.revision - 1];
    if (revision === undefined || choice !== 'adopt') return;
    Object.assign(revision, { state: 'posted', adopted: true, number: number ?? null });
  }

  private forbidden(reference: string): void {
    const { revisions } = this.of(reference);
    const newest = revisions.at(-1);
    if (newest === undefined) revisions.push({ ...revisionOf(reference, 1, null), state: 'forbidden' });
    else if (OPEN.has(newest.state) || newest.state === 'rejected') newest.state = 'forbidden';
  }

  private byHand(reference: string, by: string): void {
    for (const revision of this.of(reference).revisions)
      if (revision.state === 'posted') Object.assign(revision, { state: 'reversed', reversedBy: by });
  }
}

/** Nothing has ended it as far as is told. */
const OPEN = new Set<ToldRevision['state']>(['unknown', 'intended', 'sent', 'accepted']);
/** A newer revision takes its place. */
const OVER = new Set<ToldRevision['state']>(['rejected', 'forbidden']);
/** Refusals that say nothing of what the ERP did with this revision. */
const NOT_THE_ERPS_NO: ReadonlySet<string> = new Set<FailureType>([
  'LookAlike',
  'ReferenceReused',
  'JournalDiffers',
  'OutcomeUnknown',
  'InvalidInput',
  'Declined',
]);

const changed = (before: PostingContent | null, document: ErpDocument | undefined): PostingContent | null =>
  document === undefined
    ? before
    : before === null
      ? { operation: 'create', undoes: null, document }
      : { ...before, document };

const revisionOf = (reference: string, revision: number, content: PostingContent | null): ToldRevision => ({
  externalRef: externalRefOf(reference, revision),
  content,
  state: 'unknown',
  ...{ number: null, failure: null, bornOf: null, journal: null, adopted: false, reversedBy: null },
});

const fromRow = (row: PostingRow): ToldRevision => ({
  externalRef: row.external_ref,
  content: row.content,
  state: row.state,
  ...{ number: row.number, failure: row.failure, bornOf: row.born_of, journal: row.journal },
  ...{ adopted: row.adopted, reversedBy: row.reversed_by },
});
