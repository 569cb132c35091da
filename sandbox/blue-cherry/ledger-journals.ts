/** GL journals: must balance, and journalRef is unique in a fiscal year (facts/blue-cherry.md 3.6). */
import { z } from 'zod';
import { Decimal, WireDate } from '../../clients/blue-cherry/schema.js';
import { minorOf, Refusal } from '../core/index.js';
import { checkAccount, checkDivision, checkPeriod, parsed, refuse } from './checks.js';
import { newTransaction, store } from './documents.js';
import type { State, Stored } from './model.js';

const Line = z.object({
  account: z.string().min(1).max(40),
  debit: Decimal.default('0'),
  credit: Decimal.default('0'),
  memo: z.string().max(120).optional(),
});
/** POST /gl-journals, by facts/blue-cherry.md 3.4: no process posts one yet, so the shape is the stand-in's own. */
export const JournalWrite = z.object({
  externalRef: z.string().max(30),
  journalRef: z.string().min(1).max(40),
  postingDate: WireDate,
  division: z.string().max(10),
  currency: z.string().regex(/^[A-Z]{3}$/),
  lines: z.array(Line).min(2).max(1000),
});

/** Accepts a journal: QUEUED until the next cycle. */
export function acceptJournal(state: State, body: unknown): Stored {
  const write = parsed(JournalWrite, body);
  checkDivision(state, write.division);
  checkPeriod(state, write.postingDate);
  for (const line of write.lines) checkAccount(state, line.account);
  const off = write.lines.reduce(
    (sum, line) => sum + minorOf(line.debit, write.currency) - minorOf(line.credit, write.currency),
    0,
  );
  if (off !== 0) refuse('JOURNAL_UNBALANCED', `debit and credit differ by ${off} minor units`);
  const key = `${write.postingDate.slice(0, 4)}/${write.journalRef}`;
  if (state.journalRefs.has(key))
    throw new Refusal(409, 'DUPLICATE_REF', `journal "${write.journalRef}" is already there in its fiscal year`, {
      resource: write.journalRef,
    });
  state.journalRefs.add(key);
  const wire = newTransaction(state, {
    type: 'GL_JOURNAL',
    externalRef: write.externalRef,
    postingDate: write.postingDate,
    division: write.division,
    currency: write.currency,
  });
  return store(state, wire, 'gl-journal', write);
}

/** The lines of a journal as its own journal shows them. */
export function ledgerLines(stored: Stored) {
  const write = JournalWrite.parse(stored.payload);
  return write.lines.map((line) => ({
    account: line.account,
    debit: line.debit,
    credit: line.credit,
    division: write.division,
    period: write.postingDate.slice(0, 7),
  }));
}
