/**
 * Files that nobody means well with, made as they are read: `make(n)` is a file of about n bytes, segments or whatever the
 * case counts, in chunks. The tests look at what is said of them and at memory, the benchmark at how time grows.
 */
import type { HostileCase } from './hostile-make.js';
import { HOSTILE_SETS } from './hostile-sets.js';
import { nine, isa, gs, BEG, LINE, ORDER, TAIL, over, numbered, between, inOrder, inGroup } from './hostile-make.js';

/** Bytes, interchanges, groups and transactions without end. */
const ENVELOPES: Readonly<Record<string, HostileCase>> = {
  'one segment, ended': {
    counts: 'bytes',
    told: ['segment-too-long'],
    make: (n) => inOrder(between('MSG*', over('A', n), '~')),
  },
  'one segment, never ended': {
    counts: 'bytes',
    told: ['segment-too-long', 'group-trailer-missing', 'interchange-trailer-missing'],
    make: (n) => between(isa() + gs() + ORDER + 'MSG*', over('A', n), ''),
  },
  'one segment between groups': {
    counts: 'bytes',
    told: ['segment-too-long'],
    make: (n) => between(isa() + gs() + 'GE*0*1~', over('A', n), '~IEA*1*000000001~'),
  },
  'one segment is the GS': {
    counts: 'bytes',
    told: ['segment-too-long'],
    make: (n) => between(isa() + 'GS*', over('A', n), `~${ORDER}SE*3*0001~${TAIL}`),
  },
  'one segment is the ISA': {
    counts: 'bytes',
    told: ['header-broken'],
    make: (n) => between('ISA*00*', over('A', n), ''),
  },
  'text before the ISA': {
    counts: 'bytes',
    told: ['text-outside'],
    make: (n) => between('', over('x', n), `${isa()}IEA*0*000000001~`),
  },
  'text without ISA': { counts: 'bytes', told: ['not-x12'], make: (n) => over('x', n) },
  'nothing but blanks': { counts: 'bytes', told: ['empty-file'], make: (n) => over(' \n', n / 2) },
  'nothing but NUL': { counts: 'bytes', told: ['not-x12'], make: (n) => over('\0', n) },
  ISAISAISA: { counts: 'bytes', told: ['not-x12'], make: (n) => over('ISA', n / 3) },
  'ISA*ISA*ISA*': { counts: 'bytes', told: ['header-broken'], make: (n) => over('ISA*', n / 4) },
  'ISA and separators': {
    counts: 'bytes',
    told: ['header-broken'],
    make: (n) => between('ISA', over('*', n), ''),
  },
  'ISA and words': {
    counts: 'bytes',
    told: ['not-x12'],
    make: (n) => over('the ISA says no, VISA has an ISA. ', n / 34),
  },
  'headers without end': {
    counts: 'interchanges',
    told: ['interchange-trailer-missing', 'interchange-number-repeated'],
    make: (n) => over(isa(), n),
  },
  'empty segments in a transaction': {
    counts: 'segments',
    told: ['segment-empty', 'more-faults'],
    most: 30_000,
    make: (n) => inOrder(over('~', n)),
  },
  'empty segments between groups': {
    counts: 'segments',
    told: ['segment-empty'],
    make: (n) => between(isa() + gs() + 'GE*0*1~', over('~', n), 'IEA*1*000000001~'),
  },
  'empty segments in a group': { counts: 'segments', told: ['segment-empty'], make: (n) => inGroup(over('~', n)) },
  'empty segments outside': {
    counts: 'segments',
    told: ['text-outside'],
    make: (n) => between('', over('~', n), `${isa()}IEA*0*000000001~`),
  },
  interchanges: {
    counts: 'interchanges',
    told: [],
    make: (n) => numbered(n, (at) => `${isa(at)}${gs()}${ORDER}${LINE}SE*4*0001~GE*1*1~IEA*1*${nine(at)}~\n`),
  },
  'the same interchange again': {
    counts: 'interchanges',
    told: ['interchange-number-repeated'],
    make: (n) => over(`${isa()}${gs()}${ORDER}${LINE}SE*4*0001~${TAIL}`, n),
  },
  groups: {
    counts: 'groups',
    told: ['group-count'],
    make: (n) =>
      between(
        isa(),
        numbered(n, (at) => `${gs('PO', '004010', at)}GE*0*${at}~`),
        'IEA*1*000000001~',
      ),
  },
  'the same group again': {
    counts: 'groups',
    told: ['group-number-repeated'],
    make: (n) => between(isa(), over(`${gs()}GE*0*1~`, n), 'IEA*1*000000001~'),
  },
  transactions: {
    counts: 'transactions',
    told: ['segment-missing', 'transaction-count'],
    make: (n) => inGroup(numbered(n, (at) => `ST*850*${nine(at)}~${BEG}SE*3*${nine(at)}~`)),
  },
  'good transactions': {
    counts: 'transactions',
    told: ['transaction-count'],
    make: (n) => inGroup(numbered(n, (at) => `ST*850*${nine(at)}~${BEG}${LINE}SE*4*${nine(at)}~`)),
  },
  'the same transaction again': {
    counts: 'transactions',
    told: ['transaction-number-repeated'],
    make: (n) => inGroup(over(`${ORDER}${LINE}SE*4*0001~`, n)),
  },
  'long control numbers': {
    counts: 'bytes',
    told: ['transaction-number'],
    make: (n) => inGroup(numbered(n / 60_000, (at) => `ST*850*${nine(at)}${'A'.repeat(60_000)}~${BEG}${LINE}SE*4*1~`)),
  },
  'transactions that never end': {
    counts: 'transactions',
    told: ['transaction-trailer-missing'],
    make: (n) => inGroup(over(ORDER, n)),
  },
};

/** All of them, by what they are. */
export const HOSTILE: Readonly<Record<string, HostileCase>> = { ...ENVELOPES, ...HOSTILE_SETS };
