/** Text of the desk page stands out from what is behind it, by day and by night: computed from the colours of its style sheet. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

const css = readFileSync('console/assets/desk.css', 'utf8');
const [light = '', dark = ''] = [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, block]) => block ?? '');
const coloursIn = (block: string): Map<string, string> =>
  new Map([...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name = '', colour = '']) => [name, colour]));
const THEMES = [
  ['light', coloursIn(light)],
  ['dark', coloursIn(dark)],
] as const;

/** Relative luminance of WCAG 2.2. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** What is written on what; then what is drawn on what. */
const TEXT = [
  ...['ink', 'soft', 'accent', 'bad'].flatMap((text) => ['paper', 'ground'].map((behind) => [text, behind] as const)),
  ['accent-ink', 'accent'],
  ['bad', 'bad-ground'],
  ['warn', 'warn-ground'],
  ['good', 'good-ground'],
] as const;
const EDGES = [
  ['soft', 'paper'],
  ['accent', 'paper'],
  ['accent', 'ground'],
] as const;

describe.each(THEMES)('in the %s', (_, colours) => {
  const ratio = (a: string, b: string): number => contrast(colours.get(a) ?? '', colours.get(b) ?? '');

  test.each(TEXT)('%s on %s is read easily (4.5 to 1)', (text, behind) => {
    expect(ratio(text, behind)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(EDGES)('the edge of a field and the focus, %s on %s, are seen (3 to 1)', (edge, behind) => {
    expect(ratio(edge, behind)).toBeGreaterThanOrEqual(3);
  });
});

test('black on white is 21 to 1, a colour on itself 1', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#1f5fbf', '#1f5fbf')).toBe(1);
});

test('both themes name the same colours, and nothing else in the sheet brings one of its own', () => {
  const [[, day], [, night]] = THEMES;
  expect(day.size).toBeGreaterThan(10);
  expect([...night.keys()]).toEqual([...day.keys()]);
  const rest = css.replaceAll(/:root \{[^}]*\}/g, '');
  expect(rest.match(/#[0-9a-f]{3,8}\b|\b(rgb|hsl|opacity)\b/gi)).toBeNull();
});
