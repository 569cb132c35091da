/** Every planted bug, one by one: `npm run planted`. Each named test must pass as the code is, and fail with its bug. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BUGS } from './bugs.js';
import { caught, copyTree, runNamed } from './plant.js';

const wanted = process.env['SELVEDGE_PLANTED']?.split(',') ?? BUGS.map(({ name }) => name);

describe('planted bugs', () => {
  let copy: ReturnType<typeof copyTree>;
  beforeAll(() => {
    copy = copyTree();
  });
  afterAll(() => copy.remove());

  test.each(BUGS.filter(({ name }) => wanted.includes(name)).map((bug) => [bug.name, bug.test.name, bug] as const))(
    '%s is caught by: %s',
    async (_name, _test, bug) => {
      const sound = await runNamed(copy.dir, bug.test);
      if (sound.test !== 'passed')
        throw new Error(`${bug.test.name} ends ${sound.test} without the bug: ${sound.words}`);
      const verdict = await caught(copy.dir, bug);
      if (verdict.test !== 'failed') throw new Error(`${bug.name} is not caught (${verdict.test}): ${verdict.words}`);
      expect(verdict.test).toBe('failed');
    },
    600_000,
  );
});
