/** What no key covers by design (ids, names, search attributes) holds no personal data, in any recorded history. */
import { describe, expect, test } from '@jest/globals';
import { SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.js';
import { recordedHistories } from './histories.js';
import { readable } from './scrub.js';

type Json = Record<string, unknown>;
const isPayload = (value: object): boolean =>
  'metadata' in value && ('data' in value || Object.keys(value).length === 1);

/** The values of a history that are written in clear also with keys; payloads and the words of failures are not. */
function inClear(value: unknown, key = ''): string[] {
  if (typeof value === 'string') return [`${key}=${value}`];
  if (Array.isArray(value)) return value.flatMap((each) => inClear(each, key));
  if (typeof value !== 'object' || value === null) return [];
  if (key === 'searchAttributes') {
    const { indexedFields = {} } = value as { indexedFields?: Record<string, { data?: string }> };
    return Object.entries(indexedFields).map(
      ([name, { data = '' }]) => `${name}=${Buffer.from(data, 'base64').toString('utf8')}`,
    );
  }
  if (isPayload(value)) return [];
  const failure = 'message' in value && 'source' in value;
  return Object.entries(value as Json).flatMap(([name, member]) =>
    failure && (name === 'message' || name === 'stackTrace') ? [] : inClear(member, name),
  );
}

/** How each thing in clear is made; anything else would be new, and must be looked at before it is allowed here. */
const SHAPES: Record<string, RegExp> = {
  workflowId: /^[a-z-]+:archean:[A-Z]{2,4}-?[\w-]+(:\d+)?$|^[a-z-]+:[a-z-]+:[\w-]+(:\d+)?$/,
  Stage: /^"(cancel GIN|[a-z- ]+|held: [a-z]+ [\w-]+( .*)?)"$/,
  Attention: /^"(none|question|escalated|stuck|half-posted|half-compensated)"$/,
  Owner: /^"[a-z-]*"$/,
  Source: /^"(archean|blue-cherry)"$/,
  BusinessKey: /^"[A-Z]{2,4}-?[\w-]+"$/,
  Division: /^"[A-Z]*"$/,
  Currency: /^"[A-Z]*"$/,
  ExposureMinor: /^-?\d+$/,
  DueAt: /^"[\dT:.Z+-]+"$/,
  Counterparts: /^\["[A-Z]+-?\d+"(,"[A-Z]+-?\d+")*\]$|^\[\]$|^"[A-Z]+-?\d+"$/,
};

describe('what stays readable in a history', () => {
  const histories = recordedHistories();

  test.each(histories.map(({ name }) => name))('%s names nobody in clear', (name) => {
    const { events, text } = histories.find((each) => each.name === name) ?? { events: [], text: '' };
    const clear = events.flatMap((event) => inClear(event));
    // Customers and people are placeholders in what is recorded: they are there, and only under the keys.
    if (name.startsWith('return')) expect(readable(text)).toMatch(/someone-\d/);
    const suspect = clear.filter((line) => !line.startsWith('buildId=') && /someone-\d|@|\+\d{6}/.test(line));
    expect(suspect).toEqual([]);
    for (const line of clear) {
      const [, key = '', value = ''] = /^(\w+)=([^]*)$/.exec(line) ?? [];
      const shape = SHAPES[key];
      if (shape !== undefined && value !== '' && value !== 'null')
        expect([key, value]).toEqual([key, expect.stringMatching(shape)]);
    }
  });

  test('every search attribute has a shape that leaves no room for a name', () => {
    expect(Object.keys(SEARCH_ATTRIBUTES).filter((name) => !(name in SHAPES))).toEqual([]);
  });
});
