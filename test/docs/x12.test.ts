/** The reference of X12 is what the schemas say; the rules of a partner name what is there. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { RULES } from '../../edi/index.js';
import { referencePage } from '../../edi/reference/page.js';
import { AMAZON_RULES } from '../../edi/reference/partner-rules.js';
import { RULE_MEANINGS } from '../../edi/reference/rules.js';
import type { SegmentSpec } from '../../edi/schema/segment.js';
import type { LoopSpec } from '../../edi/schema/set.js';
import { SET_NUMBERS, setFor } from '../../edi/sets/index.js';

const page = readFileSync('docs/reference/x12.md', 'utf8');

function segmentsOf({ slots }: LoopSpec): SegmentSpec[] {
  return slots.flatMap(({ segment, loop }) => [
    ...(segment === null ? [] : [segment]),
    ...(loop === null ? [] : segmentsOf(loop)),
  ]);
}

describe('the reference of X12', () => {
  test('is what "npm run reference" makes of the schemas', () => {
    expect(page).toBe(referencePage());
  });

  test('lists every rule with its code, and means something by each', () => {
    for (const rule of Object.keys(RULES)) expect(page).toContain(`| \`${rule}\` |`);
    expect(Object.keys(RULE_MEANINGS).sort()).toEqual(Object.keys(RULES).sort());
  });

  test.each(SET_NUMBERS)('has every segment of %s, with its syntax notes', (set) => {
    expect(page).toContain(`\n### ${set} `);
    for (const release of ['004010', '005010'] as const) {
      const spec = setFor(set, release);
      for (const { id, name, notes } of spec === null ? [] : segmentsOf(spec.body)) {
        expect(page).toContain(`\n### ${id} ${name}`);
        for (const { text } of notes) expect(page).toContain(text);
      }
    }
  });

  test.each(AMAZON_RULES.filter(({ set }) => SET_NUMBERS.includes(set)))(
    'the rule of $set $where is about an element that the set has',
    ({ set, where }) => {
      const segments = segmentsOf(setFor(set, '004010')?.body ?? { id: '', slots: [], tree: false });
      const fits = segments.some(
        ({ id, most }) =>
          where === id ||
          (where.startsWith(id) && /^\d\d$/.test(where.slice(id.length)) && Number(where.slice(id.length)) <= most),
      );
      expect(fits).toBe(true);
    },
  );
});
