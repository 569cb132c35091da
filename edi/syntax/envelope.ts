import { fault, type Fault, type Severity } from '../faults.js';
import type { GroupHeader, InterchangeHeader } from '../items.js';
import { releaseOf } from '../schema/release.js';
import { elementAt, elementsIn, offsetOf, type Spelling } from './spelling.js';

/** Fixed lengths of the ISA's elements (X12.5). */
const ISA_LENGTHS = [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1];
const QUALIFIERS = /^(0[1-4]|0[7-9]|1[0-9]|2[0-9]|3[0-8]|AM|NR|SA|SN|ZZ)$/;

/** What no answer could name a party by; a line end in it is told as what it is. */
const NOT_ASCII = /[^ -~\r\n]/;

/** Tells what is wrong with an element: the TA105 code of it, and why. */
type Tell = (element: number, code: string, message: string, more?: Told) => void;
interface Told {
  readonly rule?: 'interchange-field' | 'interchange-number';
  readonly severity?: Severity;
}

/** What the ISA says, and what is wrong with it. */
export function interchangeOf(spelling: Spelling, faults: Fault[]): InterchangeHeader {
  const raw = (element: number): string => elementAt(spelling, 0, element);
  const value = (element: number): string => raw(element).trim();
  const tell: Tell = (element, code, message, { rule = 'interchange-field', severity } = {}) => {
    const place = { segmentId: 'ISA', segment: 1, element, value: raw(element) };
    const ref = `ISA${String(element).padStart(2, '0')}`;
    const why = /[\r\n]/.test(raw(element)) ? `a line end stands in it; ${message}` : message;
    faults.push({
      ...fault(
        rule,
        offsetOf(spelling, 0, element),
        `${ref} is ${JSON.stringify(raw(element))}: ${why}`,
        place,
        severity,
      ),
      code: { table: 'TA105', value: code },
    });
  };
  const header: InterchangeHeader = {
    senderQualifier: value(5),
    sender: value(6),
    receiverQualifier: value(7),
    receiver: value(8),
    date: dayOf(value(9)),
    time: timeOf(value(10)),
    version: value(12),
    controlNumber: value(13),
    acknowledgementRequested: value(14) === '1',
    usage: value(15),
    separators: spelling.separators,
  };
  checkFields(header, value, tell);
  checkLineEnds(raw, faults, tell);
  checkVersion(header.version, spelling, faults);
  checkLengths(spelling, faults);
  return header;
}

function checkFields(header: InterchangeHeader, value: (element: number) => string, tell: Tell): void {
  if (!/^0[0-6]$/.test(value(1))) tell(1, '010', 'no qualifier of an authorization');
  if (!/^0[01]$/.test(value(3))) tell(3, '012', 'no qualifier of a security information');
  if (!QUALIFIERS.test(header.senderQualifier)) tell(5, '005', 'no qualifier of a sender');
  if (header.sender === '') tell(6, '006', 'a sender is expected');
  else if (NOT_ASCII.test(header.sender)) tell(6, '006', 'letters, digits and signs of ASCII are expected');
  if (!QUALIFIERS.test(header.receiverQualifier)) tell(7, '007', 'no qualifier of a receiver');
  if (header.receiver === '') tell(8, '008', 'a receiver is expected');
  else if (NOT_ASCII.test(header.receiver)) tell(8, '008', 'letters, digits and signs of ASCII are expected');
  if (header.date === '') tell(9, '014', 'a day is written YYMMDD');
  if (header.time === '') tell(10, '015', 'a time is written HHMM');
  checkRepetition(header, value(11), tell);
  if (!/^\d{1,9}$/.test(header.controlNumber))
    tell(13, '018', 'a control number of nine digits is expected', { rule: 'interchange-number' });
  if (!/^[01]$/.test(value(14))) tell(14, '019', '0 or 1 is expected');
  if (!/^[PTI]$/.test(header.usage)) tell(15, '020', 'P, T or I is expected');
}

/** Line ends within elements that are right but for them: a header that was wrapped into two lines, told once. */
function checkLineEnds(raw: (element: number) => string, faults: readonly Fault[], tell: Tell): void {
  if (faults.some(({ rule }) => rule === 'segment-terminator')) return;
  for (let element = 1; element <= ISA_LENGTHS.length; element++)
    if (/[\r\n]/.test(raw(element)) && !faults.some((one) => one.element === element))
      tell(element, '024', 'the line was wrapped');
}

/** ISA11 is U before version 00402 and the repetition separator from then on; nothing here is repeated, so it does no harm. */
function checkRepetition({ version, separators }: InterchangeHeader, value: string, tell: Tell): void {
  if (separators.repetition !== null || value === 'U') return;
  const expected =
    version >= '00402' ? 'a repetition separator is expected' : 'U is expected, the code of the standard';
  tell(11, '016', expected, { severity: 'warning' });
}

/** Versions of the interchange that were ever published. */
const VERSION = /^00(200|201|204|30[0-8]?|40[0-6]|50[0-5]|60[0-5]|70[0-6]|80[0-4])$/;

/** A version that no edition of the standard has; it is never relied on (facts/amazon-vendor.md 4.2.7). */
function checkVersion(version: string, spelling: Spelling, faults: Fault[]): void {
  if (VERSION.test(version)) return;
  const message = `ISA12 is ${JSON.stringify(version)}: no version of the standard; the edition is taken from GS08`;
  const place = { segmentId: 'ISA', segment: 1, element: 12, value: version };
  faults.push(fault('interchange-version', offsetOf(spelling, 0, 12), message, place));
}

/** The length of an element that is not as the standard fixes it; the ISA's own length is then told already. */
function checkLengths(spelling: Spelling, faults: Fault[]): void {
  const n = ISA_LENGTHS.findIndex((length, at) => elementAt(spelling, 0, at + 1).length !== length && at < 15);
  if (n < 0) return;
  const ref = `ISA${String(n + 1).padStart(2, '0')}`;
  const message = `${ref} has ${elementAt(spelling, 0, n + 1).length} characters; the standard fixes ${ISA_LENGTHS[n]}`;
  const told = faults.findIndex(({ rule }) => rule === 'irregular-header');
  if (told >= 0) faults.splice(told, 1);
  faults.push(
    fault('irregular-header', offsetOf(spelling, 0, n + 1), message, { segmentId: 'ISA', segment: 1, element: n + 1 }),
  );
}

type TellGroup = (
  rule: 'group-field' | 'group-number' | 'release-not-known' | 'old-date',
  element: number,
  message: string,
  severity?: Severity,
) => void;

/** What the GS says, and what is wrong with it. */
export function groupOf(spelling: Spelling, faults: Fault[]): GroupHeader {
  const value = (element: number): string => elementAt(spelling, 0, element).trim();
  const tell: TellGroup = (rule, element, message, severity) => {
    const text = `GS${String(element).padStart(2, '0')} is ${JSON.stringify(value(element))}: ${message}`;
    const place = { segmentId: 'GS', segment: 1, element, value: value(element) };
    faults.push(fault(rule, offsetOf(spelling, 0, element), text, place, severity));
  };
  const release = releaseOf(value(8));
  const header: GroupHeader = {
    functionalId: value(1),
    sender: value(2),
    receiver: value(3),
    date: dayOf(value(4)),
    time: timeOf(value(5)),
    controlNumber: value(6),
    agency: value(7),
    release,
  };
  if (!/^[A-Z]{2}$/.test(header.functionalId)) tell('group-field', 1, 'two letters are expected');
  for (const [element, id] of [
    [2, header.sender],
    [3, header.receiver],
  ] as const)
    if (id.length < 2 || id.length > 15) tell('group-field', element, '2 to 15 characters are expected');
    else if (/[^ -~]/.test(id)) tell('group-field', element, 'letters, digits and signs of ASCII are expected');
  if (header.date === '') tell('group-field', 4, 'a day is written CCYYMMDD');
  else if (value(4).length === 6 && release.given >= '004010')
    tell('old-date', 4, 'two digits of the year, as before release 004010');
  if (header.time === '') tell('group-field', 5, 'a time is written HHMM, or with seconds');
  if (!/^\d{1,9}$/.test(header.controlNumber)) tell('group-number', 6, 'one to nine digits are expected');
  if (!/^[XT]$/.test(header.agency)) tell('group-field', 7, 'X is expected');
  if (!release.exact) {
    const what = release.edition ? '' : 'no edition of the standard; ';
    const how = `${what}read by the schemas of ${release.used}; what differs by edition gets a warning`;
    tell('release-not-known', 8, how, release.edition ? undefined : 'error');
  }
  if (elementsIn(spelling, 0) > 8) tell('group-field', 9, 'GS has eight elements');
  return header;
}

/** `20260331` or `260331` as `2026-03-31`; empty if it is no day. */
function dayOf(value: string): string {
  const long = /^\d{6}$/.test(value) ? `${value < '500000' ? '20' : '19'}${value}` : value;
  const day = /^(\d{4})(\d\d)(\d\d)$/.exec(long);
  if (day === null) return '';
  const iso = `${day[1]}-${day[2]}-${day[3]}`;
  const parsed = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(iso) ? iso : '';
}

/** `0930` as `09:30`; empty if it is no time. */
function timeOf(value: string): string {
  const time = /^([01]\d|2[0-3])([0-5]\d)(?:([0-5]\d)(\d{1,2})?)?$/.exec(value);
  if (time === null) return '';
  return [time[1], time[2], ...(time[3] === undefined ? [] : [time[3]])].join(':');
}
