import { reasonsOfGroup, reasonsOfSet } from './match-reasons.js';
import { GROUP_RESULTS, TRANSACTION_RESULTS } from './segments/acknowledgements.js';
import type { AnsweredTransaction, FunctionalAcknowledgement } from './sets/997.js';

/**
 * A group as it was sent. It names neither sender nor receiver: numbers are counted for each partner, so another
 * partner's group may have the same. Whoever calls looks among what was sent to the partner that the 997 came from.
 */
export interface SentGroup {
  readonly functionalId: string /* GS01 */;
  readonly controlNumber: string /* GS06 */;
  /** GS08; where it is given, an AK103 has to be the same */
  readonly version?: string;
  readonly transactions: readonly SentTransaction[];
}

/** A transaction as it was sent. */
export interface SentTransaction {
  readonly set: string /* ST01 */;
  readonly controlNumber: string /* ST02 */;
}

/** What became of what was sent; `not-mentioned` is no answer, or none that can be relied on. */
export type Outcome = 'accepted' | 'accepted-with-errors' | 'partially-accepted' | 'rejected' | 'not-mentioned';

/** What a 997 says of a transaction that was sent. */
export interface TransactionOutcome extends SentTransaction {
  readonly outcome: Outcome;
  /** said by its own AK5; else it follows from the AK9, or from a contradiction */
  readonly stated: boolean;
  /** a sentence for each code: of the set, its segments, their elements */
  readonly reasons: readonly string[];
}

/** Where a 997 contradicts what was sent, or itself. */
export interface Contradiction {
  readonly rule:
    | 'another-group'
    | 'transaction-not-sent'
    | 'transaction-repeated'
    | 'transaction-ambiguous'
    | 'version-differs'
    | 'set-differs'
    | 'count-differs'
    | 'verdict-differs'
    | 'result-not-known';
  readonly message: string;
  /** of the transaction it concerns */
  readonly controlNumber?: string;
}

/** A 997 matched to the group it answers. */
export interface MatchedAcknowledgement {
  readonly outcome: Outcome;
  readonly reasons: readonly string[];
  /** those that were sent, in their order */
  readonly transactions: readonly TransactionOutcome[];
  readonly contradictions: readonly Contradiction[];
}

/**
 * Matches a 997 to the group it should answer. Whoever calls has selected the group by partner: sender and receiver of
 * the 997 are not compared here, and another partner's group may have the same number.
 *
 * An AK2 for each set is not asked for: where there is none, the AK9 speaks for the set if it accepts or rejects all.
 * Nothing counts as accepted that is not clearly accepted: of answers that contradict each other the worst wins, an
 * acceptance that something speaks against is `not-mentioned`, and an AK9 accepts sets without an AK2 only where there
 * is no contradiction at all.
 */
export function matchAcknowledgement(sent: SentGroup, received: FunctionalAcknowledgement): MatchedAcknowledgement {
  const { functionalId, controlNumber } = received.group;
  if (functionalId !== sent.functionalId || plain(controlNumber) !== plain(sent.controlNumber)) {
    const message = `it answers group ${functionalId} ${controlNumber}, not ${sent.functionalId} ${sent.controlNumber}`;
    const transactions = sent.transactions.map(({ set, controlNumber: number }): TransactionOutcome => {
      return { set, controlNumber: number, outcome: 'not-mentioned', stated: false, reasons: [] };
    });
    const another = { rule: 'another-group', message } as const;
    return { outcome: 'not-mentioned', reasons: [], transactions, contradictions: [another] };
  }
  const said = outcomeOfCode(received.result.result);
  const { sets, misnumbered } = assigned(sent, received);
  const ofGroup = wrongGroup(sent, sets, received);
  const grave = [...misnumbered, ...wrongCounts(sets, received), ...ofGroup, ...wrongVerdicts(received, said)];
  const contradictions = [...grave, ...(said === 'accepted' ? errorsBeside(received) : [])];
  const doubted = ofGroup.length > 0 || countsFewer(sets, received);
  const group = { said, doubted, clear: contradictions.length === 0 };
  const transactions = sets.map((set) => outcomeOf(set, group));
  const outcome = outcomeOfGroup(said, transactions, grave.length > 0);
  return { outcome, reasons: reasonsOfGroup(received), transactions, contradictions };
}

/** AK501 and AK901: all that is neither accepted nor partly so is rejected. */
const OUTCOMES: Readonly<Record<string, Outcome>> = {
  A: 'accepted',
  E: 'accepted-with-errors',
  P: 'partially-accepted',
  R: 'rejected',
  M: 'rejected',
  W: 'rejected',
  X: 'rejected',
};

/** Codes come from outside: `constructor` is none. */
const outcomeOfCode = (code: string): Outcome =>
  Object.hasOwn(OUTCOMES, code) ? (OUTCOMES[code] ?? 'not-mentioned') : 'not-mentioned';

const accepts = (outcome: Outcome): boolean => outcome === 'accepted' || outcome === 'accepted-with-errors';
const plain = (controlNumber: string): string => controlNumber.replace(/^0+(?=.)/, '');

/** A set that was sent and what answers it. */
interface Answered {
  readonly sent: SentTransaction;
  readonly answers: AnsweredTransaction[];
  /** answered twice, or by what may be meant for another: no acceptance of it counts */
  contested: boolean;
}

/**
 * Answers by the sets they are meant for. ST02 is text, so the same text goes first; as some senders of a 997 drop the
 * zeros in front, a number that differs by those alone is taken where only one set can be meant.
 */
function assigned(
  { transactions }: SentGroup,
  received: FunctionalAcknowledgement,
): { readonly sets: readonly Answered[]; readonly misnumbered: readonly Contradiction[] } {
  const sets = transactions.map((sent): Answered => ({ sent, answers: [], contested: false }));
  const byText = setsBy(sets, (number) => number);
  const byNumber = setsBy(sets, plain);
  const misnumbered: Contradiction[] = [];
  for (const answer of received.transactions) {
    const { set, controlNumber } = answer.transaction;
    const meant = byText.get(controlNumber) ?? byNumber.get(plain(controlNumber)) ?? [];
    const wrong = wrongNumber(answer, meant);
    if (wrong !== undefined) {
      misnumbered.push({ ...wrong, controlNumber });
      for (const one of meant) one.contested = true;
    }
    const [only] = meant;
    if (meant.length === 1 && only?.sent.set === set) only.answers.push(answer);
  }
  return { sets, misnumbered };
}

function setsBy(sets: readonly Answered[], keyOf: (controlNumber: string) => string): Map<string, Answered[]> {
  const found = new Map<string, Answered[]>();
  for (const set of sets) {
    const key = keyOf(set.sent.controlNumber);
    const same = found.get(key) ?? [];
    same.push(set);
    found.set(key, same);
  }
  return found;
}

/** A number that was never sent, may be one of several or is answered twice; a set that is not the one sent under it. */
function wrongNumber(
  { transaction: { set, controlNumber } }: AnsweredTransaction,
  [one, ...others]: readonly Answered[],
): Contradiction | undefined {
  if (one === undefined) return { rule: 'transaction-not-sent', message: `${set} ${controlNumber} was never sent` };
  if (others.length > 0) {
    const numbers = [one, ...others].map(({ sent }) => sent.controlNumber).join(' or ');
    return { rule: 'transaction-ambiguous', message: `${set} ${controlNumber} may be ${numbers}` };
  }
  if (one.sent.set !== set) {
    const message = `${controlNumber} is answered as a ${set}; it was sent as a ${one.sent.set}`;
    return { rule: 'set-differs', message };
  }
  if (one.answers.length === 0) return undefined;
  const message = `${set} ${controlNumber} is answered more than once; no acceptance of it counts`;
  return { rule: 'transaction-repeated', message };
}

/** What the answers to a set say of it: a rejection counts always, an acceptance if nothing is against it. */
function ownOutcome({ answers, contested }: Answered): Outcome | undefined {
  const outcomes = answers.map(outcomeOfSet);
  if (outcomes.includes('rejected')) return 'rejected';
  return contested ? 'not-mentioned' : outcomes[0];
}

/** A set is never partly accepted (P is no code of AK501), and not clearly accepted where errors are named beside A. */
function outcomeOfSet(answer: AnsweredTransaction): Outcome {
  const outcome = outcomeOfCode(answer.result.result);
  return outcome === 'partially-accepted' || (outcome === 'accepted' && namesErrors(answer))
    ? 'not-mentioned'
    : outcome;
}

const hasCodes = (codes: readonly string[] = []): boolean => codes.some((code) => code !== '');
const namesErrors = ({ segments, result }: AnsweredTransaction): boolean =>
  segments.length > 0 || hasCodes(result.errors);

/** What the AK9 says, whether that puts its own AK5 in doubt, and whether nothing at all is contradicted. */
interface GroupAnswer {
  readonly said: Outcome;
  readonly doubted: boolean;
  readonly clear: boolean;
}

function outcomeOf(answered: Answered, { said, doubted, clear }: GroupAnswer): TransactionOutcome {
  const { set, controlNumber } = answered.sent;
  const own = ownOutcome(answered);
  const reasons = answered.answers.flatMap(reasonsOfSet);
  const as = (outcome: Outcome, stated = false) => ({ set, controlNumber, outcome, stated, reasons });
  if (own === 'rejected') return as(own, true);
  if (said === 'rejected') return as(said);
  if (own === undefined) return as(clear && accepts(said) ? said : 'not-mentioned');
  return doubted || !accepts(own) ? as('not-mentioned') : as(own, true);
}

/** A group is accepted if each of its sets is and nothing contradicts it; else it is what its sets are at worst. */
function outcomeOfGroup(said: Outcome, transactions: readonly TransactionOutcome[], contested: boolean): Outcome {
  if (said === 'rejected' || said === 'not-mentioned') return said;
  const isRejected = ({ outcome }: TransactionOutcome): boolean => outcome === 'rejected';
  if (transactions.length > 0 && transactions.every(isRejected)) return 'rejected';
  if (said === 'partially-accepted' || transactions.some(isRejected)) return 'partially-accepted';
  if (contested || !transactions.every(({ outcome }) => accepts(outcome))) return 'not-mentioned';
  return transactions.some(({ outcome }) => outcome === 'accepted-with-errors') ? 'accepted-with-errors' : said;
}

/** AK902, AK903 and AK904 as numbers; what is no count equals none. */
const countsOf = ({ result: { included, received, accepted } }: FunctionalAcknowledgement): number[] =>
  [included, received, accepted].map((text) => (/^\d+$/.test(text) ? Number(text) : NaN));

const acceptedOf = (sets: readonly Answered[]): number =>
  sets.filter((set) => accepts(ownOutcome(set) ?? 'not-mentioned')).length;

/** Whether AK9 counts fewer sets than its AK5 accept: which of them it leaves out is not known. */
const countsFewer = (sets: readonly Answered[], received: FunctionalAcknowledgement): boolean =>
  !(Math.min(...countsOf(received)) >= acceptedOf(sets));

/** AK902 and AK903 count what was sent, AK904 what was accepted of it: all with AK901 A and E, none with a rejection. */
function wrongCounts(sets: readonly Answered[], answer: FunctionalAcknowledgement): Contradiction[] {
  const found: Contradiction[] = [];
  const differs = (message: string): number => found.push({ rule: 'count-differs', message });
  const [included, received = NaN, accepted = NaN] = countsOf(answer);
  const code = answer.result.result;
  const group = outcomeOfCode(code);
  if (included !== sets.length) differs(`AK902 says ${included} sets are in the group; ${sets.length} were sent`);
  if (received !== sets.length) differs(`AK903 says ${received} sets were received; ${sets.length} were sent`);
  const good = acceptedOf(sets);
  const taken = (one: AnsweredTransaction): boolean => accepts(outcomeOfCode(one.result.result));
  const bad = sets.filter(({ answers }) => !answers.every(taken)).length;
  const says = `AK904 says ${accepted} sets were accepted`;
  if (!(accepted <= received)) differs(`${says}, of ${received} that were received`);
  else if (accepts(group) && accepted !== received) differs(`${says} of ${received}; AK901 ${code} accepts all`);
  else if (group === 'rejected' && accepted !== 0) differs(`${says}; AK901 ${code} accepts none`);
  else if (group !== 'rejected' && accepted < good) differs(`${says}; their AK5 accept ${good}`);
  else if (accepted > received - bad) differs(`${says} of ${received}; their AK5 do not accept ${bad}`);
  return found;
}

/** What is wrong with the group's own answer: with it, no AK5 A below can be relied on. */
function wrongGroup(sent: SentGroup, sets: readonly Answered[], received: FunctionalAcknowledgement): Contradiction[] {
  const { group, result } = received;
  const found: Contradiction[] = [];
  const version = 'version' in group ? group.version : undefined;
  if (version !== undefined && version !== (sent.version ?? version)) {
    const message = `AK103 says version ${version}; it was sent as ${sent.version}`;
    found.push({ rule: 'version-differs', message });
  }
  if (!Object.hasOwn(GROUP_RESULTS.names, result.result))
    found.push({ rule: 'result-not-known', message: `AK901 is ${result.result}: no result of a group` });
  const differs = (message: string): number => found.push({ rule: 'verdict-differs', message });
  const said = outcomeOfCode(result.result);
  if (said === 'accepted' && hasCodes(result.errors)) differs('AK9 is A, but AK905 names errors');
  if (said !== 'partially-accepted' || sets.length === 0) return found;
  const own = sets.map(ownOutcome);
  if (own.every((one) => one === 'rejected')) differs('AK9 is P, but every set is rejected');
  if (own.every((one) => one !== undefined && accepts(one))) differs('AK9 is P, but no set is rejected');
  return found;
}

/** AK9 says of the group what its AK5 say of its sets, and an AK5 A names no errors. */
function wrongVerdicts({ transactions, result }: FunctionalAcknowledgement, group: Outcome): Contradiction[] {
  return transactions.flatMap((answer): Contradiction[] => {
    const { controlNumber } = answer.transaction;
    const code = answer.result.result;
    if (!Object.hasOwn(TRANSACTION_RESULTS.names, code)) {
      const message = `AK501 of ${controlNumber} is ${code}: no result of a set`;
      return [{ rule: 'result-not-known', message, controlNumber }];
    }
    const rejected = outcomeOfSet(answer) === 'rejected';
    if ((group === 'rejected' && !rejected) || (accepts(group) && rejected)) {
      const message = `AK9 is ${result.result}, but AK5 of ${controlNumber} is ${code}`;
      return [{ rule: 'verdict-differs', message, controlNumber }];
    }
    if (code !== 'A' || !namesErrors(answer)) return [];
    return [{ rule: 'verdict-differs', message: `AK5 of ${controlNumber} is A, but names errors`, controlNumber }];
  });
}

/** An AK5 E beside an AK9 A: with errors or without, both accept. */
const errorsBeside = ({ transactions }: FunctionalAcknowledgement): Contradiction[] =>
  transactions
    .filter(({ result }) => result.result === 'E')
    .map(({ transaction: { controlNumber } }) => {
      const message = `AK9 is A, but AK5 of ${controlNumber} is E`;
      return { rule: 'verdict-differs', message, controlNumber };
    });
