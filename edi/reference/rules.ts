import type { Rule } from '../faults.js';

/** What a rule asks for, and who says so. */
export interface RuleMeaning {
  readonly means: string;
  /** the standard (X12.5 envelopes, X12.6 syntax, a segment or element), or a part of facts/amazon-vendor.md */
  readonly source: string;
}

const of = (means: string, source: string): RuleMeaning => ({ means, source });

/** Every rule of the reader in words. */
export const RULE_MEANINGS: Readonly<Record<Rule, RuleMeaning>> = {
  'not-x12': of('there is an ISA in the file', 'facts 4.2.2'),
  'empty-file': of('the file holds something', 'facts 4.2.2'),
  'text-outside': of(
    'nothing stands between IEA and the next ISA; an error where it is the remains of an interchange',
    'facts 4.2.8',
  ),
  'byte-order-mark': of('the file begins with ISA, not with a mark', 'facts 4.2.2'),

  'header-broken': of('the ISA has sixteen elements and its terminator', 'facts 4.2.3; I18 022'),
  'element-separator': of('the element separator is no letter, digit or blank', 'facts 4.2.6; I18 026'),
  'component-separator': of('the component separator is one, and differs from the others', 'facts 4.2.6; I18 027'),
  'repetition-separator': of('the repetition separator differs from the others', 'facts 4.2.5, 4.2.6; I18 026'),
  'segment-terminator': of('the terminator is one, and differs from the others', 'facts 4.2.6; I18 004'),
  'irregular-header': of(
    'the elements of the ISA have their fixed lengths, 106 characters in all',
    'X12.5; facts 4.2.3',
  ),
  'interchange-field': of(
    'qualifiers, parties, day, time, ISA14 and ISA15 are what they should',
    'X12.5; I18 005 to 020',
  ),
  'interchange-version': of('ISA12 is a version of the standard; the edition is taken from GS08', 'facts 4.2.7'),
  'interchange-number': of('ISA13 is a number', 'X12.5 element I12; I18 018'),
  'interchange-number-differs': of('IEA02 is ISA13', 'X12.5; I18 001'),
  'interchange-number-repeated': of('ISA13 comes once from a sender, as a number', 'facts 4.4; I18 025'),
  'group-count': of('IEA01 counts the groups', 'X12.5; I18 021'),
  'interchange-trailer-missing': of('the interchange ends with its IEA', 'X12.5; I18 023'),
  'interchange-structure': of(
    'between groups stands nothing; a TA1 behind a group is a warning, a segment of service with too many elements an error',
    'X12.5; I18 022',
  ),
  'interchange-empty': of('the interchange holds a group or a TA1', 'X12.5; I18 024'),
  'test-in-production': of('ISA15 is a usage that the profile takes', 'facts 5.1, AZ-09; I18 020'),

  'group-field': of('the elements of the GS are what they should', 'X12.6 GS'),
  'release-not-known': of(
    'GS08 is an edition there are schemas of; else the nearest one is used. An error where it is no edition at all',
    'facts 4.2.7; element 716 2',
  ),
  'group-trailer-missing': of('the group ends with its GE', 'X12.6; element 716 3'),
  'group-number-differs': of('GE02 is GS06', 'X12.6; element 716 4'),
  'transaction-count': of('GE01 counts the transactions', 'X12.6; element 716 5'),
  'group-number': of('GS06 is a number of one to nine digits', 'X12.6 element 28; element 716 6'),
  'group-number-repeated': of('GS06 comes once in an interchange, as a number', 'facts 4.4; element 716 6'),
  'group-structure': of('between transactions stands nothing', 'X12.6; element 716 has no code of it'),

  'set-not-known': of('there is a schema of the set; else it is read segment by segment', 'element 718 1'),
  'set-not-in-group': of('the set belongs in a group of this kind', 'element 479; facts 4.3'),
  'transaction-trailer-missing': of('the transaction ends with its SE', 'X12.6; element 718 2'),
  'transaction-number-differs': of('SE02 is ST02', 'X12.6; element 718 3'),
  'segment-count': of('SE01 counts the segments, ST and SE among them', 'X12.6; element 718 4'),
  'set-identifier': of('ST01 is three digits', 'X12.6 element 143; element 718 6'),
  'transaction-number': of('ST02 has four to nine characters', 'X12.6 element 329; element 718 7'),
  'transaction-number-repeated': of('ST02 comes once in a group', 'facts 4.4; element 718 7'),
  'group-header-missing': of('a transaction stands in a group', 'X12.5; element 718 6'),
  'transaction-too-large': of('a transaction stays within the limits of the reader', 'facts 4.2.9'),
  'total-differs': of('totals are what the lines add up to', 'facts 1.3 to 1.8; the sets'),
  hierarchy: of(
    'HL01 counts from 1, HL02 names the level before or one above it, HL04 says whether levels follow',
    'X12 HL; facts 4.9',
  ),
  'more-faults': of('faults beyond the five hundredth of a transaction are counted, not listed', 'facts 4.2.9'),

  'segment-not-known': of('a tag is two or three capital letters and digits', 'X12.6; element 720 1'),
  'segment-missing': of('a segment that must be there is', 'the sets; element 720 3'),
  'loop-too-often': of('a loop comes no more often than the set allows', 'the sets; element 720 4'),
  'segment-too-often': of('a segment comes no more often than the set allows', 'the sets; element 720 5'),
  'segment-not-in-set': of('a segment belongs to the set; another one is kept as it is', 'the sets; element 720 6'),
  'segment-out-of-sequence': of('segments stand in the order of the set', 'the sets; element 720 7'),
  'segment-empty': of('a segment holds something', 'X12.6; element 720 8'),
  'segment-too-long': of('a segment stays within the limit of the reader', 'facts 4.2.9'),
  'segment-unterminated': of('the last segment has its terminator', 'X12.6'),
  'segment-indented': of('no blanks stand before a segment', 'facts 4.2.4'),
  'trailing-separators': of('no separators stand after the last element', 'X12.6'),

  'element-missing': of('an element that must be there is', 'the segments; element 723 1'),
  'element-needed': of('an element is there that a syntax note asks for', 'the segments; element 723 2'),
  'too-many-elements': of('a segment has no more elements than the standard gives it', 'the segments; element 723 3'),
  'element-too-short': of('an element is as long as it must be', 'the elements; element 723 4'),
  'element-too-long': of('an element is no longer than it may be', 'the elements; element 723 5'),
  character: of('text holds no control character and no separator', 'X12.6; facts 4.2; element 723 6'),
  encoding: of('text is ASCII; else it is read as UTF-8, or as Windows-1252', 'facts 4.2'),
  'number-form': of('a number has digits, at most one point, a minus in front', 'X12.6; element 723 6'),
  'code-not-known': of('a code is of the list, where the whole list is here', 'the elements; element 723 7'),
  'check-digit': of('an SSCC has 18 digits, the last of which follows from the others', 'GS1; facts 1.5'),
  'date-not-valid': of('a day is one of the calendar', 'X12.6; element 723 8'),
  'time-not-valid': of('a time is one of the day', 'X12.6; element 723 9'),
  'element-excluded': of('elements that exclude each other are not both there', 'the segments; element 723 10'),
  'old-date': of('the year has four digits', 'X12.6 since 004010'),
};
