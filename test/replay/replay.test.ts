/** Every recorded history replays over the workflows as they are now: parked sagas outlive deploys (design.md 14). */
import { describe, expect, test } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { workflowBundle } from '../support/bundle.js';
import { projectRoot } from '../../bin/supervisor/paths.js';
import { quietRuntime } from '../../workers/main.js';
import { ALL_PATHS, recordedHistories, type RecordedEvent } from './histories.js';
import { readable } from './scrub.js';

const histories = recordedHistories();
const replay = async (events: RecordedEvent[], name: string): Promise<void> => {
  const codePath = await workflowBundle();
  await Worker.runReplayHistory({ workflowBundle: { codePath } }, { events }, name.replace('/', ':archean:'));
};

describe('recorded histories', () => {
  quietRuntime();

  test('there is one per path', () => {
    expect(histories.map(({ name }) => name)).toEqual([...ALL_PATHS.keys()].sort());
  });

  test.each(histories.map(({ name }) => name))('%s replays', async (name) => {
    const events = histories.find((each) => each.name === name)?.events ?? [];
    expect(events.at(-1)?.eventType).toMatch(/WORKFLOW_EXECUTION_(COMPLETED|CANCELED)$/);
    await replay(events, name);
  });

  test('one with its first two steps exchanged does not', async () => {
    const text = histories.find(({ name }) => name === 'return-to-stock/plain')?.text ?? '';
    const swapped = text
      .replaceAll('blueCherry.findSold', 'blueCherry.taken')
      .replaceAll('claims.claimReturn', 'blueCherry.findSold')
      .replaceAll('blueCherry.taken', 'claims.claimReturn');
    const { events } = JSON.parse(swapped) as { events: RecordedEvent[] };
    await expect(replay(events, 'return-to-stock/swapped')).rejects.toThrow(/determinis/i);
  });

  test.each(histories.map(({ name }) => name))(
    '%s names no person, customer, mail, machine or folder of one',
    (name) => {
      const text = readable(histories.find((each) => each.name === name)?.text ?? '');
      expect(text).not.toMatch(/\bCUST-|\bclerk-|\bfin-(\d|lead)|\bwh-\d|\bops-\d|@[a-z0-9-]+\.[a-z]/i);
      expect(text).not.toMatch(/"identity":"(?!worker"|proven"|claimed")/);
      expect(text).not.toMatch(/"\d+@/);
      expect(text).not.toContain(projectRoot);
      expect(text).not.toMatch(/(\(|at )(file:\/\/)?\/[^\s():]+:\d+:\d+/);
    },
  );
});
