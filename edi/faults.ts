/** How bad a fault is for the level it is found at. */
export type Severity =
  /** the level is refused: TA1 R, AK9 R or AK5 R */
  | 'fatal'
  /** the level is used and the sender is told: AK5 E */
  | 'error'
  /** the level is used; a person may want to know */
  | 'warning'
  /** a deviation that the partner's profile names */
  | 'note';

export type Level = 'file' | 'interchange' | 'group' | 'transaction' | 'segment' | 'element';

/** Table of the acknowledgement that a code belongs to: TA1 element I18, 997 elements 716, 718, 720 and 723. */
export type CodeTable = 'TA105' | 'AK905' | 'AK502' | 'AK304' | 'AK403';

interface RuleEntry {
  readonly level: Level;
  readonly severity: Severity;
  readonly table?: CodeTable;
  readonly code?: string;
}

const interchange = (code: string, severity: Severity = 'fatal'): RuleEntry => ({
  level: 'interchange',
  severity,
  table: 'TA105',
  code,
});
const group = (code: string, severity: Severity = 'fatal'): RuleEntry => ({
  level: 'group',
  severity,
  table: 'AK905',
  code,
});
const transaction = (code: string, severity: Severity = 'fatal'): RuleEntry => ({
  level: 'transaction',
  severity,
  table: 'AK502',
  code,
});
const segment = (code: string, severity: Severity): RuleEntry => ({
  level: 'segment',
  severity,
  table: 'AK304',
  code,
});
const element = (code: string, severity: Severity = 'error'): RuleEntry => ({
  level: 'element',
  severity,
  table: 'AK403',
  code,
});

/**
 * Every rule the reader knows, with its usual severity and its code in the TA1 or the 997 (facts/amazon-vendor.md 1.9,
 * X12 elements I18, 716, 718, 720, 723). A rule's name is stable: partner profiles and programs refer to it.
 */
export const RULES = {
  'not-x12': { level: 'file', severity: 'fatal' },
  'empty-file': { level: 'file', severity: 'fatal' },
  'text-outside': { level: 'file', severity: 'warning' },
  'byte-order-mark': { level: 'file', severity: 'warning' },

  'header-broken': interchange('022'),
  'element-separator': interchange('026'),
  'component-separator': interchange('027'),
  'repetition-separator': interchange('026'),
  'segment-terminator': interchange('004'),
  'irregular-header': { level: 'interchange', severity: 'warning' },
  'interchange-field': interchange('024', 'error'),
  'interchange-version': { level: 'interchange', severity: 'warning' },
  'interchange-number': interchange('018'),
  'interchange-number-differs': interchange('001'),
  'interchange-number-repeated': interchange('025'),
  'group-count': interchange('021'),
  'interchange-trailer-missing': interchange('023'),
  'interchange-structure': interchange('022'),
  'interchange-empty': interchange('024'),
  'test-in-production': interchange('020'),

  'group-field': group('1', 'error'),
  'release-not-known': group('2', 'warning'),
  'group-trailer-missing': group('3'),
  'group-number-differs': group('4'),
  'transaction-count': group('5'),
  'group-number': group('6'),
  'group-number-repeated': group('6'),
  // No code of element 716 says it: 3 would be that the GE is missing.
  'group-structure': { level: 'group', severity: 'fatal' },

  'set-not-known': { level: 'transaction', severity: 'warning', table: 'AK502', code: '1' },
  'set-not-in-group': transaction('6'),
  'transaction-trailer-missing': transaction('2'),
  'transaction-number-differs': transaction('3'),
  'segment-count': transaction('4'),
  'set-identifier': transaction('6'),
  'transaction-number': transaction('7'),
  'transaction-number-repeated': transaction('7'),
  'group-header-missing': transaction('6'),
  'transaction-too-large': transaction('5'),
  'total-differs': transaction('5', 'error'),
  hierarchy: transaction('5'),
  'more-faults': transaction('5', 'error'),

  'segment-not-known': segment('1', 'error'),
  'segment-missing': segment('3', 'fatal'),
  'loop-too-often': segment('4', 'error'),
  'segment-too-often': segment('5', 'error'),
  'segment-not-in-set': segment('6', 'error'),
  'segment-out-of-sequence': segment('7', 'error'),
  'segment-empty': segment('8', 'error'),
  'segment-too-long': segment('8', 'fatal'),
  'segment-unterminated': { level: 'segment', severity: 'warning' },
  'segment-indented': { level: 'segment', severity: 'warning' },
  'trailing-separators': { level: 'segment', severity: 'warning' },

  'element-missing': element('1', 'fatal'),
  'element-needed': element('2'),
  'too-many-elements': element('3'),
  'element-too-short': element('4'),
  'element-too-long': element('5'),
  character: element('6'),
  encoding: { level: 'element', severity: 'warning', table: 'AK403', code: '6' },
  'number-form': element('6'),
  'code-not-known': element('7'),
  'check-digit': { level: 'element', severity: 'warning', table: 'AK403', code: '7' },
  'date-not-valid': element('8'),
  'time-not-valid': element('9'),
  'element-excluded': element('10'),
  'old-date': { level: 'element', severity: 'warning', table: 'AK403', code: '8' },
} as const satisfies Record<string, RuleEntry>;

/** Name of a rule: stable, for profiles and programs to refer to. */
export type Rule = keyof typeof RULES;

/** What is wrong, where, and what is allowed. Positions count as the 997 does: ST is segment 1, its tag is no element. */
export interface Fault {
  readonly rule: Rule;
  readonly severity: Severity;
  readonly level: Level;
  /** one sentence for a person */
  readonly message: string;
  /** byte of the file, from 0 */
  readonly offset: number;
  readonly segmentId?: string;
  /** within its transaction, ST = 1 */
  readonly segment?: number;
  /** innermost loop it was found in, by the tag that opens it (AK303) */
  readonly loop?: string;
  /** within its segment, from 1 */
  readonly element?: number;
  /** within its composite element, from 1 */
  readonly component?: number;
  /** data element number of the X12 dictionary (AK402) */
  readonly elementNumber?: number;
  /** what was found, at most 99 characters (AK404) */
  readonly value?: string;
  readonly code?: { readonly table: CodeTable; readonly value: string };
  /** why the partner's profile lets it pass */
  readonly allowed?: string;
}

type Placing = 'segmentId' | 'segment' | 'loop' | 'element' | 'component' | 'elementNumber' | 'value';

/** Where a fault is, and what was found there. */
export type FaultPlace = { readonly [K in Placing]?: Fault[K] | undefined };

/** Characters of a sentence: what it quotes may be as long as a segment. */
const LONGEST_MESSAGE = 400;
/** Characters that AK404 has room for. */
const LONGEST_VALUE = 99;

const shortened = (message: string): string =>
  message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)}…`;

/**
 * A fault by its rule; `severity` only where the place makes it better or worse than usual. Its properties are set one by
 * one: copies of objects that differ cost V8 a hidden class each, and a bad file has millions of faults.
 */
export function fault(rule: Rule, offset: number, message: string, place: FaultPlace = {}, severity?: Severity): Fault {
  const entry: RuleEntry = RULES[rule];
  const made: { -readonly [K in keyof Fault]: Fault[K] } = {
    rule,
    severity: severity ?? entry.severity,
    level: entry.level,
    message: shortened(message),
    offset,
  };
  if (place.segmentId !== undefined) made.segmentId = place.segmentId;
  if (place.segment !== undefined) made.segment = place.segment;
  if (place.loop !== undefined) made.loop = place.loop;
  if (place.element !== undefined) made.element = place.element;
  if (place.component !== undefined) made.component = place.component;
  if (place.elementNumber !== undefined) made.elementNumber = place.elementNumber;
  if (place.value !== undefined) made.value = place.value.slice(0, LONGEST_VALUE);
  if (entry.table !== undefined && entry.code !== undefined) made.code = { table: entry.table, value: entry.code };
  return made;
}

const WORST_FIRST: readonly Severity[] = ['fatal', 'error', 'warning', 'note'];

/** The worse of two severities. */
export const worse = (one: Severity, other: Severity): Severity =>
  WORST_FIRST.indexOf(one) < WORST_FIRST.indexOf(other) ? one : other;

/** Worst severity of a list, or null. */
export function worst(faults: readonly Fault[]): Severity | null {
  return WORST_FIRST.find((severity) => faults.some((one) => one.severity === severity)) ?? null;
}
