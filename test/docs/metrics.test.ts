/** The page of metrics says what the code serves; the pages of keys and places say what the code does. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { LABEL_VALUES, METRICS_OF_OURS } from '../../ingress/metric-list.js';

const page = readFileSync('docs/reference/metrics.md', 'utf8');
const rowsBelow = (heading: string): string[][] => {
  const lines = page.slice(page.indexOf(heading)).split('\n');
  const start = lines.findIndex((line) => line.startsWith('|'));
  const end = lines.findIndex((line, n) => n > start && !line.startsWith('|'));
  return lines.slice(start + 2, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
};

describe('the page of metrics', () => {
  test('lists exactly ours, with kind, labels and help', () => {
    expect(rowsBelow('## Ours')).toEqual(
      Object.entries(METRICS_OF_OURS).map(([name, { kind, labels, help }]) => [
        name,
        kind,
        labels.join(', ') || '–',
        help,
      ]),
    );
  });

  test('names the values of closed lists', () => {
    for (const label of ['severity', 'state', 'source'] as const)
      expect(page).toMatch(new RegExp(`\\| \`${label}\` +\\| ${LABEL_VALUES[label].join(', ')} +\\|`));
  });

  test('each name tells its unit, and each label is known', () => {
    for (const [name, { kind, labels }] of Object.entries(METRICS_OF_OURS)) {
      expect(name).toMatch(/^selvedge_[a-z_]+$/);
      if (/age|after/.test(name)) expect(name).toMatch(/_seconds$/);
      expect(name.endsWith('_total')).toBe((kind as string) === 'counter');
      for (const label of labels)
        expect(['feed', 'owner', 'severity', 'state', 'attention', 'source']).toContain(label);
    }
  });
});
