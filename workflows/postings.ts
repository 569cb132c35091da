/** What a saga hands to `run.together` and `run.post`: one ERP document with its way in and its way back. */
import type { Choice, Question } from '../activities/desk/contract.js';
import type { PostingRequest, PostingResult, ReversalRequest } from '../activities/posting/contract.js';
import type { FiscalPeriod } from '../domain/business-date.js';
import type { ExceptionCode } from '../domain/failures.js';
import type { ErpDocument } from '../domain/documents.js';
import type { Call } from './systems.js';
import type { Answer } from './saga/questions.js';

/** Money, units and people behind a document, as every question about it shows them. */
export type Stakes = Pick<
  Question,
  'amount' | 'baseAmount' | 'units' | 'requesters' | 'customer' | 'businessDate' | 'twoPeople'
>;

export interface Correction {
  /** The exception it is a way out of; for any other it is not offered. */
  code: ExceptionCode;
  choice: Choice;
  apply: (answer: Answer) => ErpDocument;
}

export interface Posting {
  /** Kebab-case noun, the thing that will exist; makes the reference `workflowId/step`. */
  step: string;
  /** Starts with the thing, figures included: `Credit memo over GBP 20.40 against 536365`. */
  title: string;
  document: ErpDocument;
  stakes: Stakes;
  corrections: Correction[];
  send: (reference: string) => Promise<PostingResult>;
  reverse: (request: ReversalRequest) => Promise<PostingResult>;
}

/** Binds a document to the verbs that post and reverse it; summaries are what the Web UI's timeline reads. */
export function posting<D extends ErpDocument>(spec: {
  step: string;
  title: string;
  post: Call<PostingRequest<D>, PostingResult>;
  with: D;
  reversal: Call<ReversalRequest, PostingResult>;
  seq: number;
  links: PostingRequest['links'];
  stakes: Stakes;
  corrections?: Correction[];
}): Posting {
  const { step, title, post, with: document, reversal, seq, links, stakes, corrections = [] } = spec;
  return {
    step,
    title,
    document,
    stakes,
    corrections,
    send: (reference) =>
      post.executeWithOptions({ summary: title.slice(0, 180) }, [{ reference, document, seq, links }]),
    reverse: (request) => reversal.executeWithOptions({ summary: `Reverse: ${title}`.slice(0, 180) }, [request]),
  };
}

/** Never re-dated without a decision: the choice names the date, the memo keeps the true one. */
export function intoOpenPeriod<D extends ErpDocument>(document: D, periods: readonly FiscalPeriod[]): Correction[] {
  const next = periods.find((p) => p.state === 'open' && p.firstDay > document.businessDate);
  if (next === undefined) return [];
  return [
    {
      code: 'X-24',
      choice: {
        choice: 'open-period',
        label: `Post it on ${next.firstDay}, naming its true date ${document.businessDate}`,
        proof: true,
      },
      apply: () => ({
        ...document,
        businessDate: next.firstDay,
        memo: `${document.memo}; true date ${document.businessDate}`.slice(0, 240),
      }),
    },
  ];
}

export type PostedStep = { posting: Posting; reference: string; result: PostingResult };
/** How one half, or one document, ended. `none`: there was nothing to post. */
export type Outcome =
  | { state: 'posted'; steps: PostedStep[] }
  | { state: 'none' }
  | { state: 'forbidden' }
  | { state: 'declined'; why: string };
