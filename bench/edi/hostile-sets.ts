/** Transactions that nobody means well with, and odd chunks. */
import type { HostileCase } from './hostile-make.js';
import {
  isa,
  LINE,
  ORDER,
  over,
  numbered,
  between,
  inOrder,
  inNotice,
  inGroup,
  singly,
  EMPTY,
  LEVEL,
  WIDE,
} from './hostile-make.js';

export const HOSTILE_SETS: Readonly<Record<string, HostileCase>> = {
  'lines of one order': {
    counts: 'segments',
    told: ['segment-count'],
    most: 30_000,
    make: (n) => inOrder(over(LINE, n)),
  },
  'more lines than a limit': {
    counts: 'segments',
    told: ['transaction-too-large'],
    make: (n) => inOrder(over(LINE, Math.max(n, 250_000))),
  },
  'more levels than a limit': {
    counts: 'levels',
    told: ['transaction-too-large'],
    make: (n) => inNotice(numbered(Math.max(n, 25_000), (at) => LEVEL(at, at === 1 ? '' : at - 1))),
  },
  'more empty segments than a limit': {
    counts: 'segments',
    told: ['transaction-too-large'],
    make: (n) => inOrder(over('~', Math.max(n, 250_000))),
  },
  'separators in one order': {
    counts: 'bytes',
    told: ['transaction-too-large'],
    make: (n) => inOrder(over(`MSG${'*'.repeat(60_000)}~`, n / 60_000)),
  },
  'separators in one segment': { counts: 'bytes', told: ['segment-too-long'], make: (n) => inOrder(over('*', n)) },
  'elements in one segment': {
    counts: 'times',
    told: ['too-many-elements'],
    limits: WIDE,
    make: (n) => inOrder(between('REF', over('*A', n), '~')),
  },
  'repetitions in one element': {
    counts: 'times',
    told: ['element-too-long'],
    limits: WIDE,
    make: (n) => inNotice(between('HL*1**S~REF*ZZ*A', over('^A', n), '~')),
  },
  'components in one element': {
    counts: 'times',
    told: ['element-too-long'],
    limits: WIDE,
    make: (n) => inNotice(between('HL*1**S~REF*ZZ*A', over('>A', n), '~')),
  },
  'one long number': {
    counts: 'bytes',
    told: ['element-too-long'],
    most: 10_000_000,
    limits: WIDE,
    make: (n) => inOrder(between('PO1*1*1', over('0', n), '*CA*7.50~CTT*1~')),
  },
  'long numbers': {
    counts: 'bytes',
    told: ['element-too-long'],
    most: 3_000_000,
    make: (n) =>
      inOrder(between('', over(`PO1*1*${'7'.repeat(60_000)}.${'1'.repeat(9)}*CA*1~`, n / 60_000), 'CTT*1*1~')),
  },
  'letters that are none': {
    counts: 'bytes',
    told: ['segment-not-in-set'],
    most: 10_000_000,
    limits: WIDE,
    make: (n) => inOrder(between('MSG*', over('\xc3\x28', n / 2), '~')),
  },
  'faults in one order': {
    counts: 'segments',
    told: ['more-faults'],
    most: 30_000,
    make: (n) => inOrder(over('PO1*1*x*CA*y~', n)),
  },
  'faults in many orders': {
    counts: 'transactions',
    told: ['transaction-count'],
    make: (n) => inGroup(over(`${ORDER}${'PO1*1*x*CA*y~'.repeat(20)}SE*4*0001~`, n)),
  },
  'segments nobody knows': {
    counts: 'segments',
    told: ['segment-not-in-set'],
    most: 30_000,
    make: (n) => inOrder(over('ZZZ*1~', n)),
  },
  'segments in no order': {
    counts: 'segments',
    told: ['segment-out-of-sequence'],
    most: 30_000,
    make: (n) => inOrder(over('SAC*C~N1*ST~PO1*1*1*EA~CUR*BY*USD~DTM*1~N9*1~MSG*A~PER*A~CTT*1~', n / 9)),
  },
  currencies: {
    counts: 'segments',
    told: ['segment-count'],
    most: 30_000,
    make: (n) => inOrder(over(`${LINE}CUR*BY*USD~`, n / 2)),
  },
  'levels below each other': {
    counts: 'levels',
    told: ['hierarchy'],
    most: 15_000,
    make: (n) => inNotice(numbered(n, (at) => LEVEL(at, at === 1 ? '' : at - 1))),
  },
  'levels in circles': {
    counts: 'levels',
    told: ['hierarchy'],
    most: 15_000,
    make: (n) => inNotice(numbered(n, (at) => LEVEL(at, at % 2 === 0 ? at - 1 : at + 1))),
  },
  'children before their parents': {
    counts: 'levels',
    told: ['hierarchy'],
    most: 15_000,
    make: (n) => inNotice(numbered(n, (at) => LEVEL(n - at + 1, n - at))),
  },
  'levels of one number': {
    counts: 'levels',
    told: ['hierarchy'],
    most: 15_000,
    make: (n) => inNotice(over(LEVEL(1, ''), n)),
  },
  'levels of one parent': {
    counts: 'levels',
    told: ['segment-count'],
    most: 15_000,
    make: (n) =>
      inNotice(
        between(
          LEVEL(1, ''),
          numbered(n, (at) => LEVEL(at + 1, 1)),
          '',
        ),
      ),
  },
  'marks with a wrong digit': {
    counts: 'segments',
    told: ['check-digit'],
    most: 30_000,
    make: (n) => inNotice(between(LEVEL(1, ''), over('MAN*GM*000000000000000001~', n), '')),
  },
  'an answer to many': {
    counts: 'segments',
    told: ['segment-count'],
    most: 30_000,
    make: (n) =>
      inGroup(between('ST*997*0001~AK1*PO*1~', over('AK2*850*0001~AK5*A~', n / 2), 'AK9*A*1*1*1~SE*3*0001~'), 'FA'),
  },
  'interchange acknowledgements': {
    counts: 'segments',
    told: [],
    make: (n) => between(isa(), over('TA1*000000001*260301*1200*A*000~', n), 'IEA*0*000000001~'),
  },
  'a byte a chunk': {
    counts: 'chunks',
    told: ['interchange-number-repeated'],
    make: (n) => singly(n, (byte) => [byte]),
  },
  'chunks with nothing in them': {
    counts: 'chunks',
    told: ['interchange-number-repeated'],
    make: (n) => singly(n / 2, (byte) => [EMPTY, byte]),
  },
};
