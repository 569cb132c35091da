import type { CodeList } from './schema/elements.js';
import {
  ELEMENT_ERRORS,
  GROUP_ERRORS,
  GROUP_RESULTS,
  SEGMENT_ERRORS,
  TRANSACTION_ERRORS,
  TRANSACTION_RESULTS,
} from './segments/acknowledgements.js';
import type { AnsweredTransaction, FunctionalAcknowledgement, SegmentError } from './sets/997.js';

/** A group as it was sent. */
export interface SentGroup {
  readonly functionalId: string /* GS01 */;
  readonly controlNumber: string /* GS06 */;
  readonly transactions: readonly SentTransaction[];
}

/** A transaction as it was sent. */
export interface SentTransaction {
  readonly set: string /* ST01 */;
  readonly controlNumber: string /* ST02 */;
}

/** What became of what was sent; `not-mentioned` is no answer at all. */
export type Outcome = 'accepted' | 'accepted-with-errors' | 'partially-accepted' | 'rejected' | 'not-mentioned';

/** What a 997 says of a transaction that was sent. */
export interface TransactionOutcome extends SentTransaction {
  readonly outcome: Outcome;
  /** said by its own AK5; else it follows from the AK9 */
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
 * Matches a 997 to the group it should answer. An AK2 for each set is not asked for: where there is none, the AK9
 * speaks for all of them if it can. An outcome is what the 997 says, also where it contradicts itself: whether to rely
 * on it then is for a person to say.
 */
export function matchAcknowledgement(sent: SentGroup, received: FunctionalAcknowledgement): MatchedAcknowledgement {
  const { functionalId, controlNumber } = received.group;
  if (functionalId !== sent.functionalId || !sameNumber(controlNumber, sent.controlNumber)) {
    const message = `it answers group ${functionalId} ${controlNumber}, not ${sent.functionalId} ${sent.controlNumber}`;
    const transactions = sent.transactions.map((one) => outcomeOf(one, undefined, 'not-mentioned'));
    return {
      outcome: 'not-mentioned',
      reasons: [],
      transactions,
      contradictions: [{ rule: 'another-group', message }],
    };
  }
  const outcome = OUTCOMES[received.result.result] ?? 'not-mentioned';
  const answers = answersByNumber(received);
  return {
    outcome,
    reasons: reasonsOf('AK9', received.result.errors, GROUP_ERRORS),
    transactions: sent.transactions.map((one) => outcomeOf(one, answers.get(plain(one.controlNumber)), outcome)),
    contradictions: [
      ...wrongNumbers(sent, received),
      ...wrongCounts(sent, received),
      ...wrongVerdicts(received, outcome),
    ],
  };
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

/** Numbers are compared as numbers: some senders of a 997 drop the zeros in front. */
const plain = (controlNumber: string): string => controlNumber.replace(/^0+(?=.)/, '');
const sameNumber = (one: string, other: string): boolean => plain(one) === plain(other);

function answersByNumber({ transactions }: FunctionalAcknowledgement): Map<string, AnsweredTransaction> {
  const answers = new Map<string, AnsweredTransaction>();
  for (const answer of transactions) {
    const number = plain(answer.transaction.controlNumber);
    if (!answers.has(number)) answers.set(number, answer);
  }
  return answers;
}

function outcomeOf(
  { set, controlNumber }: SentTransaction,
  answer: AnsweredTransaction | undefined,
  group: Outcome,
): TransactionOutcome {
  if (answer?.transaction.set === set) {
    const outcome = outcomeOfSet(answer);
    return { set, controlNumber, outcome, stated: true, reasons: reasonsOfSet(answer) };
  }
  // Of a group that is accepted in part, a set that is not mentioned may be either.
  const outcome = group === 'partially-accepted' ? 'not-mentioned' : group;
  return { set, controlNumber, outcome, stated: false, reasons: [] };
}

/** A set is never partly accepted: P is no code of AK501. */
const outcomeOfSet = ({ result: { result } }: AnsweredTransaction): Outcome =>
  result === 'P' ? 'not-mentioned' : (OUTCOMES[result] ?? 'not-mentioned');

const named = (code: string, { names }: CodeList): string =>
  Object.hasOwn(names, code) ? (names[code] ?? '') : 'a code of no meaning here';

const reasonsOf = (segment: string, codes: readonly string[] = [], names: CodeList): string[] =>
  codes.filter((code) => code !== '').map((code) => `${named(code, names)} (${segment} ${code})`);

const reasonsOfSet = ({ segments, result }: AnsweredTransaction): string[] => [
  ...reasonsOf('AK5', result.errors, TRANSACTION_ERRORS),
  ...segments.flatMap(reasonsOfSegment),
];

function reasonsOfSegment({ segment: { segmentId, position, loop, code }, elements }: SegmentError): string[] {
  const where = `segment ${position}, ${segmentId}${loop === undefined ? '' : ` in loop ${loop}`}`;
  const own = code === undefined || (code === '8' && elements.length > 0);
  return [
    ...(own ? [] : [`${where}: ${named(code, SEGMENT_ERRORS)} (AK3 ${code})`]),
    ...elements.map(({ place: { element, component }, code: error, value }) => {
      const part = component === undefined ? '' : `, component ${component}`;
      const found = value === undefined ? '' : `: ${JSON.stringify(value)}`;
      return `${where}, element ${element}${part}: ${named(error, ELEMENT_ERRORS)} (AK4 ${error})${found}`;
    }),
  ];
}

/** Numbers that were never sent, or are answered twice; sets that are not the ones sent under their numbers. */
function wrongNumbers(sent: SentGroup, { transactions }: FunctionalAcknowledgement): Contradiction[] {
  const known = new Map(sent.transactions.map(({ controlNumber, set }) => [plain(controlNumber), set]));
  const seen = new Set<string>();
  return transactions.flatMap(({ transaction: { set, controlNumber } }): Contradiction[] => {
    const number = plain(controlNumber);
    const repeated = seen.has(number);
    seen.add(number);
    const of = known.get(number);
    if (of === undefined)
      return [{ rule: 'transaction-not-sent', message: `${set} ${controlNumber} was never sent`, controlNumber }];
    if (repeated)
      return [
        {
          rule: 'transaction-repeated',
          message: `${set} ${controlNumber} is answered more than once; the first answer counts`,
          controlNumber,
        },
      ];
    if (of === set) return [];
    const message = `${controlNumber} is answered as a ${set}; it was sent as a ${of}`;
    return [{ rule: 'set-differs', message, controlNumber }];
  });
}

/** AK902 and AK903 count what was sent, AK904 what was accepted of it. */
function wrongCounts(sent: SentGroup, { transactions, result }: FunctionalAcknowledgement): Contradiction[] {
  const differs = (message: string): Contradiction => ({ rule: 'count-differs', message });
  const count = sent.transactions.length;
  const found: Contradiction[] = [];
  const [included, received, accepted] = [result.included, result.received, result.accepted].map(Number);
  if (included !== count) found.push(differs(`AK902 says ${included} sets are in the group; ${count} were sent`));
  if (received !== count) found.push(differs(`AK903 says ${received} sets were received; ${count} were sent`));
  const good = transactions.filter(({ result: { result: code } }) => code === 'A' || code === 'E').length;
  if (transactions.length === received && accepted !== good)
    found.push(differs(`AK904 says ${accepted} sets were accepted; their AK5 accept ${good}`));
  if (accepted !== undefined && received !== undefined && accepted > received)
    found.push(differs(`AK904 says ${accepted} sets were accepted, of ${received} that were received`));
  return found;
}

/** AK9 says of the group what its AK5 say of its sets. */
function wrongVerdicts({ transactions, result }: FunctionalAcknowledgement, group: Outcome): Contradiction[] {
  const found: Contradiction[] = [];
  const differs = (message: string, controlNumber?: string): number =>
    found.push({ rule: 'verdict-differs', message, ...(controlNumber === undefined ? {} : { controlNumber }) });
  if (!Object.hasOwn(GROUP_RESULTS.names, result.result))
    found.push({ rule: 'result-not-known', message: `AK901 is ${result.result}: no result of a group` });
  for (const answer of transactions) {
    const { controlNumber } = answer.transaction;
    const code = answer.result.result;
    if (!Object.hasOwn(TRANSACTION_RESULTS.names, code)) {
      const message = `AK501 of ${controlNumber} is ${code}: no result of a set`;
      found.push({ rule: 'result-not-known', message, controlNumber });
    } else if (contradicts(group, outcomeOfSet(answer)))
      differs(`AK9 is ${result.result}, but AK5 of ${controlNumber} is ${code}`, controlNumber);
  }
  const rejected = transactions.filter((answer) => outcomeOfSet(answer) === 'rejected').length;
  const whole = transactions.length > 0 && transactions.length === Number(result.received);
  if (group === 'partially-accepted' && whole && (rejected === 0 || rejected === transactions.length))
    differs(`AK9 is P, but ${rejected === 0 ? 'no' : 'every'} set is rejected`);
  return found;
}

/** Whether a set cannot have this outcome in a group of that one. */
function contradicts(group: Outcome, set: Outcome): boolean {
  if (group === 'accepted') return set !== 'accepted';
  if (group === 'accepted-with-errors') return set === 'rejected';
  return group === 'rejected' && set !== 'rejected';
}
