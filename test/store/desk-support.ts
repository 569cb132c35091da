import { createHash } from 'node:crypto';
import type { Db } from '../../store/database.js';
import type { Asked, AskedQuestion, CaseRow } from '../../store/desk-cases.js';
import { storeDecision, type Judged } from '../../store/desk-decision-rows.js';
import { judgeDecision, openQuestionCase } from '../../store/desk-decisions.js';
import { DecisionInput } from '../../store/desk-input.js';
import type { DeskRules } from '../../store/desk-judge.js';
import { seedPeople, type PersonSeed } from '../../store/desk-people.js';

export const keyOf = (id: string): string => `dev-key-${id}`;

const person = (id: string, roles: string[], limits: Partial<PersonSeed['limits']> = {}): PersonSeed => ({
  id,
  name: id,
  roles,
  keyDigest: createHash('sha256').update(keyOf(id)).digest('hex'),
  mail: `${id}@selvedge.test`,
  limits: { document: '200000', customerDay: '300000', day: '1000000', currency: 'GBP', ...limits },
});

export const PEOPLE: PersonSeed[] = [
  person('fin-1', ['finance']),
  person('fin-2', ['finance']),
  person('fin-3', ['finance']),
  person('fin-lead', ['finance'], { document: null, customerDay: null, day: null }),
  person('wh-3', ['warehouse']),
  person('ops-1', ['operations']),
  person('int-1', ['integration-support'], { document: '0', customerDay: '0', day: '0' }),
];

export const seedDesk = (db: Db): Promise<string[]> => seedPeople(db, PEOPLE);

export const rules = (identity: 'proven' | 'claimed' = 'proven'): DeskRules => ({
  identity,
  zone: 'Europe/London',
  deskUrl: 'http://desk.test',
});
export const noDue = { warnAt: [], dueAt: null };

let count = 0;
/** A workflow id nobody used. */
export const aWorkflow = (): string => {
  count += 1;
  return `return-to-stock:archean:RTN-${process.pid}-${count}`;
};

/** A question about a credit of GBP 80.00, changed as told. */
export function aQuestion(change: Partial<AskedQuestion> = {}): AskedQuestion {
  return {
    question: 'over-refund',
    code: 'X-12',
    owner: 'finance',
    title: 'Refund of GBP 80.00 is above the GBP 75.00 sold',
    expected: 'GBP 75.00',
    actual: 'GBP 80.00',
    steps: ['Compare the refund with the invoice.', 'Approve it or reject it.'],
    choices: [
      { choice: 'approve', label: 'Posts the credit as refunded', proof: true },
      { choice: 'correct', label: 'Posts the credit with what you enter', proof: true },
      { choice: 'retry', label: 'Tries the same again', proof: false },
      { choice: 'reject', label: 'Posts nothing', proof: false },
    ],
    shown: { document: 'credit-memo', total: '80.00', revision: 1 },
    amount: { minor: '8000', currency: 'GBP' },
    baseAmount: { minor: '8000', currency: 'GBP' },
    units: 2,
    requesters: [],
    customer: '',
    businessDate: '2026-03-02',
    twoPeople: false,
    ...change,
  };
}

export const asked = (workflowId: string, change: Partial<AskedQuestion> = {}): Asked => ({
  workflowId,
  runId: 'run-1',
  process: 'return-to-stock',
  businessKey: workflowId.split(':').at(-1) ?? '',
  question: aQuestion(change),
});

/** Opens a question and answers its case. */
export async function open(
  db: Db,
  change: Partial<AskedQuestion> = {},
  workflowId = aWorkflow(),
): Promise<CaseRow & { workflow_id: string }> {
  const { row } = await openQuestionCase(db, asked(workflowId, change), noDue, rules());
  return { ...row, workflow_id: workflowId };
}

/** What a person would paste into `decide`. */
export const claimOf = (row: CaseRow, by: string, change: object = {}): object => ({
  question: row.question,
  asking: row.asking,
  choice: 'approve',
  why: 'goodwill, ticket 8812',
  shown: row.digest,
  by,
  ...change,
});

/** Sends a decision through a door; at the desk door the name is proven by a key. */
export async function send(
  db: Db,
  door: 'desk' | 'update' | 'signal',
  row: CaseRow & { workflow_id: string },
  by: string,
  change: object = {},
  identity: 'proven' | 'claimed' = 'proven',
): Promise<Judged> {
  const raw = claimOf(row, by, change);
  const workflowId = row.workflow_id;
  if (door !== 'desk') return judgeDecision(db, { workflowId, door, raw }, rules(identity));
  const input = DecisionInput.parse(raw);
  const decisionId = await storeDecision(db, { workflowId, caseId: row.id, by, input, raw });
  return judgeDecision(db, { workflowId, door, raw: null, decisionId }, rules(identity));
}
