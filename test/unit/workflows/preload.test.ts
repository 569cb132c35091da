import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { projectRoot } from '../../../bin/supervisor/paths.js';

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');

/** Modules that sagas may load and that make schemas: those of the domain, and the shapes of workflows' inputs. */
function makersOfSchemas(): string[] {
  const domain = readdirSync(join(projectRoot, 'domain'), { recursive: true, encoding: 'utf8' }).map((name) =>
    join('domain', name),
  );
  const inputs = readdirSync(join(projectRoot, 'workflows'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('contract.ts'))
    .map((name) => join('workflows', name));
  return [...domain, ...inputs]
    .filter((path) => path.endsWith('.ts') && /^import \{ z \} from 'zod'/m.test(read(path)))
    .sort();
}

describe('what sagas share', () => {
  test('names every module that makes schemas, because zod writes into them later and the SDK would freeze them', () => {
    const text = read('workflows/preload.ts');
    const named = [...text.matchAll(/from '(\.[^']+)\.js'/g)].map(([, path]) => join('workflows', `${path}.ts`));
    const makers = makersOfSchemas();
    expect(makers.length).toBeGreaterThan(8);
    expect(makers.filter((path) => !named.includes(path))).toEqual([]);
  });
});
