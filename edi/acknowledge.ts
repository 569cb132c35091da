import { answerTo, carriedWith, codesOf, echoed, echoedNumber, isTold, type Carried } from './answer-transaction.js';
import type { Fault } from './faults.js';
import { GroupAnswers } from './group-answers.js';
import type { GroupHeader, InterchangeHeader, Item } from './items.js';
import type { Release } from './schema/release.js';
import type { AnsweredTransaction, FunctionalAcknowledgement } from './sets/997.js';
import type { InterchangeAcknowledgement } from './sets/ta1.js';
import type { Separators } from './syntax/separators.js';
import { elementAt, type Spelling } from './syntax/spelling.js';

/** An answer to a group: a 997 of the group's own release. */
export interface GroupAnswer {
  readonly kind: '997';
  /** of what is answered: the answer goes from its receiver to its sender */
  readonly interchange: InterchangeHeader;
  readonly group: GroupHeader;
  readonly release: Release;
  readonly document: FunctionalAcknowledgement;
}

/** An answer to an interchange: a TA1, which stands in no group. */
export interface InterchangeAnswer {
  readonly kind: 'TA1';
  readonly interchange: InterchangeHeader;
  readonly segment: InterchangeAcknowledgement;
}

/** An answer: the 997 of a group, or the TA1 of an interchange. */
export type Acknowledgement = GroupAnswer | InterchangeAnswer;

/** How to answer. */
export interface AcknowledgingOptions {
  /** interchanges that get a TA1: those that ask for it (ISA14) unless told otherwise */
  readonly interchanges?: 'asked' | 'always' | 'never';
  /** whether an interchange came before, in another file, with other content: it is refused (TA105 025) */
  readonly repeated?: (interchange: InterchangeHeader) => boolean;
  /**
   * of the answer, where they are agreed: a value that holds one of them is not quoted in AK404, and a set whose number
   * does is rejected. Unless given, `replyTo` chooses them so that every number can be said.
   */
  readonly separators?: Separators;
}

/** What a TA1 says of a fault. */
interface Remark {
  readonly severity: 'fatal' | 'error';
  readonly note: string;
}

/** Groups that IEA01 can count. */
const MOST_GROUPS = 99_999;

interface OpenInterchange {
  readonly header: InterchangeHeader;
  readonly remarks: Remark[];
  readonly answers: GroupAnswer[];
  /** refused whole: its groups are not answered, nothing of it is used */
  refused: boolean;
  /** carries a TA1 itself */
  acknowledges: boolean;
}

interface OpenGroup {
  readonly header: GroupHeader;
  /** GS08 whole */
  readonly version: string;
  /** those of the group whole, each kind once */
  readonly faults: Map<string, Fault>;
  readonly answers: GroupAnswers;
}

/**
 * Answers what is read, as it is read: give it each item and send what it returns.
 *
 *     const acks = acknowledging();
 *     for await (const item of read(bytes)) for (const ack of acks.add(item)) …
 *
 * Answers come at the end of each interchange, since only there it is known whether the interchange stands. A group
 * gets one 997, but never one of acknowledgements (FA). A refused interchange is answered by its TA1 alone; one that
 * was cut off is not refused whole: what came of it complete is used (facts/amazon-vendor.md 4.3, 4.6).
 */
export function acknowledging(options: AcknowledgingOptions = {}): Acknowledging {
  return new Acknowledging(options);
}

/** See `acknowledging`. It holds the answers of one interchange. */
export class Acknowledging {
  private readonly options: AcknowledgingOptions;
  private readonly carried: Carried;
  private interchange: OpenInterchange | null = null;
  private group: OpenGroup | null = null;

  constructor(options: AcknowledgingOptions) {
    this.options = options;
    this.carried = carriedWith(options.separators);
  }

  /** Takes an item of a read, and returns the answers that are due. */
  add(item: Item): readonly Acknowledgement[] {
    switch (item.kind) {
      case 'interchange':
        this.open(item.interchange, item.faults);
        return [];
      case 'group':
        this.group = {
          header: item.group,
          version: elementAt(item.spelling, 0, 8).trim(),
          faults: new Map(),
          answers: new GroupAnswers(),
        };
        this.noteInGroup(item.faults);
        return [];
      case 'transaction':
        if (this.group === null) this.remark('error', '022');
        else if (ACKNOWLEDGEMENTS.includes(item.set)) this.group.answers.passOver();
        else if (!isOfAcknowledgements(this.group.header))
          this.group.answers.add(answerTo(item, this.group.header.release.used, this.carried));
        return [];
      case 'between':
        this.between(item.spelling, item.faults);
        return [];
      case 'group-end':
        this.noteInGroup(item.faults);
        this.closeGroup(item.spelling, item.transactions);
        return [];
      case 'interchange-end':
        return this.close(item.faults, item.groups);
      case 'outside':
        return [];
    }
  }

  private open(header: InterchangeHeader, faults: readonly Fault[]): void {
    this.interchange = { header, remarks: [], answers: [], refused: false, acknowledges: false };
    this.note(faults);
    if (this.options.repeated?.(header) !== true) return;
    this.interchange.refused = true;
    this.interchange.remarks.unshift({ severity: 'fatal', note: '025' });
  }

  private remark(severity: Remark['severity'], note: string): void {
    const remarks = this.interchange?.remarks ?? [];
    if (!remarks.some((one) => one.note === note && one.severity === severity)) remarks.push({ severity, note });
  }

  /** Notes what is wrong with the interchange whole. */
  private note(faults: readonly Fault[]): void {
    for (const { severity, code, rule } of faults) {
      if (severity !== 'fatal' && severity !== 'error') continue;
      this.remark(severity, code?.table === 'TA105' ? code.value : '024');
      if (severity === 'fatal' && rule !== 'interchange-trailer-missing' && this.interchange !== null)
        this.interchange.refused = true;
    }
  }

  /** Notes what is wrong with the group whole; the same over and over says no more than once. */
  private noteInGroup(faults: readonly Fault[]): void {
    for (const fault of faults) this.group?.faults.set(`${fault.rule} ${fault.severity}`, fault);
  }

  private between(spelling: Spelling, faults: readonly Fault[]): void {
    if (this.group !== null) this.noteInGroup(faults);
    // A TA1 is never answered, whatever is wrong with it.
    else if (elementAt(spelling, 0, 0) !== 'TA1') this.note(faults);
    else if (this.interchange !== null) this.interchange.acknowledges = true;
  }

  private closeGroup(spelling: Spelling | null, received: number): void {
    const { group, interchange } = this;
    this.group = null;
    if (group === null || interchange === null) return;
    if (isOfAcknowledgements(group.header) || group.answers.unasked) return;
    const release = group.header.release.used;
    const stated = spelling === null ? '' : elementAt(spelling, 0, 1).trim();
    const included = /^\d{1,6}$/.test(stated) ? Number(stated) : received;
    // More groups than IEA01 can count refuse their interchange: then nobody is told of each.
    if (interchange.answers.length >= MOST_GROUPS) interchange.refused = true;
    if (interchange.refused) return;
    interchange.answers.push({
      kind: '997',
      interchange: interchange.header,
      group: group.header,
      release,
      document: documentOf(group, { included, received }, release, this.carried),
    });
  }

  private close(faults: readonly Fault[], groups: number): Acknowledgement[] {
    this.note(faults);
    const { interchange } = this;
    this.interchange = null;
    if (interchange === null) return [];
    const { header, remarks, answers, refused, acknowledges } = interchange;
    const { interchanges = 'asked' } = this.options;
    const asked = interchanges === 'always' || (interchanges === 'asked' && header.acknowledgementRequested);
    const ta1: Acknowledgement[] =
      asked && !(acknowledges && groups === 0)
        ? [{ kind: 'TA1', interchange: header, segment: ta1Of(header, remarks, this.carried) }]
        : [];
    return refused ? ta1 : [...ta1, ...answers];
  }
}

/** Sets that are never answered, also where GS01 does not say what they are (facts/amazon-vendor.md 4.6). */
const ACKNOWLEDGEMENTS: readonly string[] = ['997', '999'];

const isOfAcknowledgements = ({ functionalId }: GroupHeader): boolean => functionalId.toUpperCase() === 'FA';

/** The 997 of a group: its sets, and what they make of the group. */
function documentOf(
  { header, version, faults, answers }: OpenGroup,
  counts: { included: number; received: number },
  release: Release,
  { named, copied }: Carried,
): FunctionalAcknowledgement {
  const told = [...faults.values()].filter(isTold);
  const fatal = told.filter(({ severity }) => severity === 'fatal');
  // A group without its trailer was cut off: the sets that came before are used. Any other fatal fault refuses them all.
  const cut = fatal.some(({ rule }) => rule === 'group-trailer-missing');
  const refused = fatal.some(({ rule }) => rule !== 'group-trailer-missing');
  const accepted = refused ? 0 : answers.count - answers.refused;
  const errors = codesOf(told, 'AK905');
  const number = (count: number): string => String(Math.min(count, 999_999));
  return {
    set: '997',
    group: {
      functionalId: echoed(header.functionalId, 2, 2, named),
      controlNumber: echoedNumber(header.controlNumber, 1, 9, named),
      ...(release === '005010' && version.length <= 12 && version !== '' && copied(version) ? { version } : {}),
    },
    transactions: refused ? answers.listed.map(refusing) : answers.listed,
    result: {
      result: groupResult(answers, accepted, { cut, refused, noted: told.length > 0 }),
      included: number(counts.included),
      received: number(counts.received),
      accepted: number(accepted),
      ...(errors.length > 0 ? { errors } : {}),
    },
    unknown: [],
  };
}

/**
 * AK901: what became of a group whose sets were answered so. P says that a set was rejected (element 715): a group that
 * was cut off behind its last set is accepted with the error noted, for its sets are used (facts/amazon-vendor.md 4.3).
 */
function groupResult(
  { count, withErrors }: GroupAnswers,
  accepted: number,
  { cut, refused, noted }: { cut: boolean; refused: boolean; noted: boolean },
): 'A' | 'E' | 'P' | 'R' {
  const none = accepted === 0 && (count > 0 || cut);
  if (refused || none) return 'R';
  if (accepted < count) return 'P';
  return noted || withErrors > 0 ? 'E' : 'A';
}

/** A set of a refused group: why is said by the AK9. */
const refusing = ({ result, ...answer }: AnsweredTransaction): AnsweredTransaction => ({
  ...answer,
  result: { ...result, result: 'R' },
});

/** The TA1 of an interchange, by the worst that is wrong with it. A day or time that is none is quoted as the first. */
function ta1Of(
  { controlNumber, date, time }: InterchangeHeader,
  remarks: readonly Remark[],
  { named }: Carried,
): InterchangeAcknowledgement {
  const worst = remarks.find(({ severity }) => severity === 'fatal') ?? remarks[0];
  const result = worst === undefined ? 'A' : worst.severity === 'fatal' ? 'R' : 'E';
  return {
    controlNumber: echoedNumber(controlNumber, 9, 9, named),
    date: date === '' ? '1970-01-01' : date,
    time: time === '' ? '00:00' : time.slice(0, 5),
    result,
    note: worst?.note ?? '000',
  };
}
