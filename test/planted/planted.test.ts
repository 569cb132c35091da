/** A few planted bugs at every run; all of them with `npm run planted`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { projectRoot } from '../../bin/supervisor/paths.js';
import { BUGS } from './bugs.js';
import { caught, copyTree, plant } from './plant.js';

describe('planted bugs', () => {
  let copy: ReturnType<typeof copyTree>;
  beforeAll(() => {
    copy = copyTree();
  });
  afterAll(() => copy.remove());

  test.each(BUGS.filter(({ always }) => always).map((bug) => [bug.name, bug] as const))(
    '%s is caught by its test',
    async (_, bug) => {
      const verdict = await caught(copy.dir, bug);
      expect({ bug: bug.name, ...verdict, words: verdict.test === 'failed' ? '' : verdict.words }).toEqual({
        bug: bug.name,
        test: 'failed',
        words: '',
      });
    },
    300_000,
  );

  test.each(BUGS.map((bug) => [bug.name, bug] as const))('%s still fits the code and names a test', (_, bug) => {
    plant(copy.dir, bug)();
    const text = readFileSync(join(projectRoot, bug.test.file), 'utf8');
    // A row of a table of tests has its name made of parts; the whole is looked for by the long run.
    const parts = bug.test.name.split(' ').filter((word) => text.includes(word));
    expect([bug.name, parts.length > 0]).toEqual([bug.name, true]);
  });
});
