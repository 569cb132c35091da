import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, businessDateOf, instantAt, nextOpenPeriodAfter, periodOf } from '../../../domain/business-date.js';
import { addBusinessTime, businessTimeBetween, officeHours, type BusinessCalendar } from '../../../domain/calendar.js';
import { clockFor, endOf, TIMERS, timerSentence } from '../../../domain/timers.js';
import { policyWith } from './returns.js';

const HOUR = 3_600_000;
const london: BusinessCalendar = { ...officeHours('Europe/London'), holidays: ['2026-12-25'] };

describe('business dates', () => {
  test('are days of the company, not of UTC', () => {
    expect(businessDateOf('2026-06-30T23:30:00Z', 'Europe/London')).toBe('2026-07-01');
    expect(businessDateOf('2026-01-31T23:30:00Z', 'Europe/London')).toBe('2026-01-31');
    expect(businessDateOf('2026-01-31T23:30:00-05:00', 'America/New_York')).toBe('2026-01-31');
  });

  test('refuse a time without an offset and a zone nobody knows', () => {
    expect(() => businessDateOf('2026-01-31T23:30:00', 'Europe/London')).toThrow(
      'is no instant: it needs a time and Z or an offset',
    );
    expect(() => businessDateOf('2026-01-31T23:30:00Z', 'Europe/Atlantis')).toThrow(RangeError);
  });

  test('a time skipped in spring moves on, one that comes twice in autumn is the first', () => {
    const at = (date: string, time: string) => new Date(instantAt(date, time, 'Europe/London')).toISOString();
    expect(at('2026-03-29', '00:59')).toBe('2026-03-29T00:59:00.000Z');
    expect(at('2026-03-29', '01:30')).toBe('2026-03-29T01:30:00.000Z');
    expect(at('2026-03-29', '02:00')).toBe('2026-03-29T01:00:00.000Z');
    expect(at('2026-10-25', '01:30')).toBe('2026-10-25T00:30:00.000Z');
    expect(at('2026-10-25', '02:00')).toBe('2026-10-25T02:00:00.000Z');
  });

  test('fall into one period; the next open one begins after it', () => {
    const periods = (['closed', 'closed', 'open'] as const).map((state, i) => {
      return {
        code: `2026-0${i + 1}`,
        firstDay: `2026-0${i + 1}-01`,
        lastDay: addDays(`2026-0${i + 2}-01`, -1),
        state,
      };
    });
    expect(periodOf(periods, '2026-02-28')?.code).toBe('2026-02');
    expect(periodOf(periods, '2026-04-01')).toBeUndefined();
    expect(nextOpenPeriodAfter(periods, '2026-01-31')?.code).toBe('2026-03');
  });
});

describe('business time', () => {
  test.each([
    ['within a day', '2026-03-10T09:00:00Z', 4 * HOUR, '2026-03-10T13:00:00.000Z'],
    ['up to closing time', '2026-03-10T09:00:00Z', 8.5 * HOUR, '2026-03-10T17:30:00.000Z'],
    ['a millisecond beyond closing time', '2026-03-10T09:00:00Z', 8.5 * HOUR + 1, '2026-03-11T09:00:00.001Z'],
    ['from the evening', '2026-03-10T20:00:00Z', HOUR, '2026-03-11T10:00:00.000Z'],
    ['over a weekend', '2026-03-13T16:30:00Z', 2 * HOUR, '2026-03-16T10:00:00.000Z'],
    ['over the weekend clocks go forward', '2026-03-27T16:30:00Z', 2 * HOUR, '2026-03-30T09:00:00.000Z'],
    ['over the weekend clocks go back', '2026-10-23T15:30:00Z', 2 * HOUR, '2026-10-26T10:00:00.000Z'],
    ['over a holiday and a weekend', '2026-12-24T17:00:00Z', HOUR, '2026-12-28T09:30:00.000Z'],
    ['none at all', '2026-03-14T12:00:00Z', 0, '2026-03-14T12:00:00.000Z'],
  ])('%s', (_, start, duration, end) => {
    expect(addBusinessTime(start, duration, london)).toBe(end);
  });

  test('between a start and what was added to it is what was added', () => {
    const start = fc
      .integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) })
      .map((ms) => new Date(ms).toISOString());
    fc.assert(
      fc.property(
        start,
        fc.integer({ min: 0, max: 60 * HOUR }),
        fc.integer({ min: 0, max: 60 * HOUR }),
        (from, a, b) => {
          const end = addBusinessTime(from, a, london);
          expect(businessTimeBetween(from, end, london)).toBe(a);
          expect(addBusinessTime(end, b, london) >= end).toBe(true);
          if (a > 0) expect(businessTimeBetween(from, addBusinessTime(end, b, london), london)).toBe(a + b);
        },
      ),
    );
  });

  test('does not pass backwards, nor where no day is worked', () => {
    expect(() => addBusinessTime('2026-03-10T09:00:00Z', -1, london)).toThrow('cannot go back 1 ms in business time');
    const never = { ...london, weekend: [0, 1, 2, 3, 4, 5, 6] };
    expect(() => addBusinessTime('2026-03-10T09:00:00Z', 1, never)).toThrow('do not pass within');
    expect(businessTimeBetween('2026-03-10T10:00:00Z', '2026-03-10T09:00:00Z', london)).toBe(0);
  });
});

describe('clocks', () => {
  const policy = policyWith({
    timers: {
      'T-05': { warnMs: [HOUR / 2], dueMs: HOUR, calendar: 'wall' },
      'T-30': { warnMs: [8.5 * HOUR, 4 * HOUR], dueMs: 17 * HOUR, calendar: 'business' },
      'T-38': { warnMs: [], dueMs: null, calendar: 'wall' },
    },
    calendar: london,
  });

  test('there are forty, each with a sentence', () => {
    const codes = Array.from({ length: 40 }, (_, i) => `T-${String(i + 1).padStart(2, '0')}`);
    expect(Object.keys(TIMERS).sort()).toEqual(codes);
    for (const code of codes) expect(timerSentence(code)).toMatch(/^[A-Z]/);
    expect(() => timerSentence('T-41')).toThrow('there is no timer "T-41"');
  });

  test('by the wall count every minute, business ones working hours', () => {
    expect(clockFor(policy, 'T-05', '2026-03-13T17:00:00Z')).toEqual({
      warnAt: ['2026-03-13T17:30:00.000Z'],
      dueAt: '2026-03-13T18:00:00.000Z',
    });
    expect(clockFor(policy, 'T-30', '2026-03-13T17:00:00Z')).toEqual({
      warnAt: ['2026-03-16T12:30:00.000Z', '2026-03-16T17:00:00.000Z'],
      dueAt: '2026-03-17T17:00:00.000Z',
    });
  });

  test('that never come are due never, and one the policy lacks is refused', () => {
    expect(clockFor(policy, 'T-38', '2026-03-13T17:00:00Z')).toEqual({ warnAt: [], dueAt: null });
    expect(() => clockFor(policy, 'T-04', '2026-03-13T17:00:00Z')).toThrow(
      'policy "test" has no timer T-04; it has T-05, T-30, T-38: add it to config/policy.yaml',
    );
  });

  test('end as met in the very instant they are due, as missed a millisecond later', () => {
    const dueAt = '2026-03-13T18:00:00.000Z';
    expect([
      endOf({ dueAt, endedAt: '2026-03-13T18:00:00Z' }),
      endOf({ dueAt, endedAt: '2026-03-13T18:00:00.001Z' }),
    ]).toEqual(['met', 'missed']);
    expect(endOf({ dueAt: null, endedAt: '2099-01-01T00:00:00Z' })).toBe('met');
  });
});
