/** Each return's outcome, credit and units, against what the history's folder expects of it. */
import type { Policy } from '../../domain/policy.js';
import { NOTHING, type BookedCredits, type Credited } from './credited.js';
import { expectedWait, type Expected, type ExpectedOutcomes } from './expected.js';
import { verdictOf, type Standing, type Verdict } from './outcomes.js';

/** One row of `--json` (design.md 9). */
export interface ReturnRow {
  returnNo: string;
  outcome: string;
  waitsFor: string | null;
  /** Minor units, net of tax, as the sandbox's books hold them. */
  creditMinor: number;
  restockUnits: number;
  case: string | null;
}

export interface Misfit {
  returnNo: string;
  words: string;
}

export interface Totals {
  returns: number;
  /** By outcome, and within it by what they wait for; `posted` where they wait for nobody. */
  outcomes: Record<string, Record<string, number>>;
  /** In the books: what was credited for goods and the units put back, and what was credited for charges. */
  goods: { returns: number; creditMinor: number; restockUnits: number };
  charges: { returns: number; creditMinor: number };
  documents: number;
  /** Whether the folder says what was to come of each return; then `misfits` are those that came out otherwise. */
  compared: boolean;
  misfits: Misfit[];
}

export interface Rehearsed {
  returns: ReturnRow[];
  totals: Totals;
}

const pounds = (minor: bigint): string => {
  const digits = String(minor < 0n ? -minor : minor).padStart(3, '0');
  return `${minor < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};
const inWords = (credit: bigint, units: number): string => `${pounds(credit)} and ${units} units`;
const waitInWords = (wait: string | null): string => (wait === null ? 'waits for nobody' : `waits for ${wait}`);

type Limits = Pick<Policy, 'dispatchLeadMinutes' | 'limits'>;

function misfitsOf(row: Expected, verdict: Verdict, { goods, charges, units }: Credited, policy: Limits): string[] {
  const wait = expectedWait(row, policy);
  const credit = wait === null ? (row.creditMinor ?? 0n) : 0n;
  const back = wait === null ? row.restockUnits : 0;
  const found: string[] = [];
  if (verdict.outcome !== row.outcome) found.push(`is ${verdict.outcome} instead of ${row.outcome}`);
  if (verdict.waitsFor !== wait) found.push(`${waitInWords(verdict.waitsFor)}; expected: ${waitInWords(wait)}`);
  if (goods + charges !== credit || units !== back) {
    found.push(`the books hold ${inWords(goods + charges, units)}; expected: ${inWords(credit, back)}`);
  }
  return found;
}

interface Facts {
  standings: readonly Standing[];
  credits: BookedCredits;
  expected: ExpectedOutcomes;
  policy: Limits;
  /** A part of the history was played: what the folder expects of other days is left aside. */
  partOnly: boolean;
}

/** Every return with what came of it, and what does not fit. */
export function compare(facts: Facts): Rehearsed {
  const { standings, credits, expected } = facts;
  const totals: Totals = {
    returns: standings.length,
    outcomes: {},
    goods: { returns: 0, creditMinor: 0, restockUnits: 0 },
    charges: { returns: 0, creditMinor: 0 },
    documents: 0,
    compared: expected.given,
    misfits: credits.strays.map((words) => ({ returnNo: '', words })),
  };
  const returns = standings.map((standing): ReturnRow => {
    const { returnNo } = standing;
    const verdict = verdictOf(standing);
    const credit = credits.byReturn.get(returnNo) ?? NOTHING;
    count(totals, verdict, credit);
    const row = expected.rows.get(returnNo);
    const words = [
      ...(expected.given && row === undefined ? ['nothing is expected of it'] : []),
      ...(row === undefined ? [] : misfitsOf(row, verdict, credit, facts.policy)),
      ...(verdict.outcome === 'unfinished' ? ['it has not come to rest'] : []),
      ...beside(standing, verdict),
    ];
    totals.misfits.push(...words.map((each) => ({ returnNo, words: each })));
    const creditMinor = Number(credit.goods + credit.charges);
    return { returnNo, ...pick(verdict), creditMinor, restockUnits: credit.units, case: verdict.case };
  });
  totals.misfits.push(...missing(facts));
  return { returns, totals };
}

const pick = ({ outcome, waitsFor }: Verdict): Pick<Verdict, 'outcome' | 'waitsFor'> => ({ outcome, waitsFor });

/** Open cases about a return besides the one it waits in: somebody is asked who should not be. */
const beside = ({ cases }: Standing, verdict: Verdict): string[] =>
  cases.filter(({ id }) => id !== verdict.case).map(({ id, code }) => `case ${id} (${code}) is open besides`);

function missing({ standings, expected, partOnly }: Facts): Misfit[] {
  if (partOnly) return [];
  const arrived = new Set(standings.map(({ returnNo }) => returnNo));
  return [...expected.rows.keys()]
    .filter((returnNo) => !arrived.has(returnNo))
    .map((returnNo) => ({ returnNo, words: 'it never arrived' }));
}

function count(totals: Totals, verdict: Verdict, credit: Credited): void {
  const { outcome, waitsFor } = verdict;
  const waits = (totals.outcomes[outcome] ??= {});
  const wait = waitsFor ?? (credit.documents > 0 ? 'posted' : 'nothing posted');
  waits[wait] = (waits[wait] ?? 0) + 1;
  totals.documents += credit.documents;
  if (credit.goods !== 0n || credit.units !== 0) {
    totals.goods.returns += 1;
    totals.goods.creditMinor += Number(credit.goods);
    totals.goods.restockUnits += credit.units;
  }
  if (credit.charges !== 0n) {
    totals.charges.returns += 1;
    totals.charges.creditMinor += Number(credit.charges);
  }
}
