import { describe, expect, test } from '@jest/globals';
import { render } from '../../../activities/notices/render.js';
import { refusalOf } from '../../../activities/posting/failures.js';
import { erpRefused, lineRefused, withoutWordsOfOthers } from '../../../domain/words-of-others.js';
import { questionOf } from '../../../workflows/refusals.js';

const SAID = 'Zuleika Quine, 4 Marker Lane (MARKER_CODE). zuleika@quine.example +44 20 7946 0123\nentered by Quine';
const MARKER = /zuleika|quine|marker|7946/i;

describe('words of other systems', () => {
  test('stay in the case and do not leave by mail', () => {
    const rejection = { ...refusalOf('PERIOD_CLOSED', SAID), lines: [{ line: 3, code: 'SKU_UNKNOWN', message: SAID }] };
    const looks = { number: 'CM-1', amount: '24.00', modifiedBy: SAID, createdAt: '2026-02-01T09:00:00Z' };
    const posting = {
      step: 'credit-memo',
      title: 'Credit memo over 24.00 GBP',
      stakes: {},
      corrections: [],
      document: {},
    };
    const question = questionOf(posting as never, { ...rejection, lookAlikes: [looks] } as never, 1);
    expect(question.title).toContain('Zuleika');
    expect(question.steps.join()).toContain('Zuleika');
    const one = {
      ...{ id: 'C-1', open: true, code: 'X-12', title: question.title, steps: question.steps },
      ...{ minor: '2400', currency: 'GBP', units: 1, dueAt: null, decides: true, asks: true },
    };
    const notice = { id: 'n', kind: 'opened', code: 'X-12', roles: ['finance'], cases: [one], attempts: 0, sentBy: [] };
    for (const cases of [[one], [one, { ...one, id: 'C-2' }]]) {
      const message = render({ ...notice, cases } as never, ['fin@example.com'], {
        link: 'http://desk',
        zone: 'Europe/London',
      });
      expect(`${message?.subject ?? ''} ${message?.text ?? ''}`).not.toMatch(MARKER);
      expect(message?.text).toContain('The ERP refused the document: PERIOD_CLOSED');
      expect(message?.text).toContain('Line 3 was refused (SKU_UNKNOWN).');
      expect(message?.text).toContain('It looks like document CM-1 over 24.00, entered at 2026-02-01T09:00:00Z.');
    }
  });

  test('a code that is none is not repeated', () => {
    expect(erpRefused('Zuleika Quine', 'x')).toBe('The ERP refused the document: UNKNOWN_CODE, x');
    expect(lineRefused(1, 'zuleika', 'x')).toBe('Line 1 was refused: x (UNKNOWN_CODE).');
  });

  test('what quotes nobody is left as it is', () => {
    const sentences = [
      'Return RTN-000871 of 2026-02-01: credit of GBP 720.00 is above the limit',
      'Mend the cause in the ERP, then choose retry; or choose what fits below.',
      'Delivery GIN-1 of order PO-4410-2: 12 of 60 cartons, article 00123-NVY-08',
    ];
    expect(sentences.map(withoutWordsOfOthers)).toEqual(sentences);
    expect(withoutWordsOfOthers('Look for the order by customer Zuleika Quine and article; found: correct')).toBe(
      'Look for the order by customer and article; found: correct',
    );
  });
});
