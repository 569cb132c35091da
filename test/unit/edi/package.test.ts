/** The folder is a package: what it exports is documented, and what it needs is what this repository has. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

const textOf = (path: string): string => readFileSync(path, 'utf8');
const json = (path: string) =>
  JSON.parse(textOf(path)) as {
    license: string;
    dependencies: Record<string, string>;
    exports: object;
    files: string[];
  };

/** What the package exports: names, and the file each is from. */
const exported = [...textOf('edi/index.ts').matchAll(/export (?:type )?\{([^}]*)\} from '\.\/([^']+)\.js'/g)].flatMap(
  ([, names = '', file = '']) =>
    names
      .split(',')
      .map((name) => name.trim().replace(/^type /, ''))
      .filter((name) => name !== '')
      .map((name) => ({ name, file: `edi/${file}.ts` })),
);

describe('the package', () => {
  test('exports something', () => {
    expect(exported.length).toBeGreaterThan(40);
  });

  test.each(exported)('$name of $file has a sentence that says what it is', ({ name, file }) => {
    const declared = `export (?:async )?(?:const|function\\*?|class|interface|type) ${name}\\b`;
    expect(textOf(file)).toMatch(new RegExp(declared));
    expect(textOf(file)).toMatch(new RegExp(`\\*/\\n${declared}`));
  });

  test('needs zod alone, in the version this repository is tested with, under the same licence', () => {
    const [own, all] = [json('edi/package.json'), json('package.json')];
    expect(own.dependencies).toEqual({ zod: `^${all.dependencies['zod']}` });
    expect(own.license).toBe(all.license);
    expect(textOf('edi/LICENSE')).toBe(textOf('LICENSE'));
  });

  test('builds what it exports from its index', () => {
    expect(json('edi/package.json').exports).toEqual({
      '.': { types: './build/index.d.ts', default: './build/index.js' },
    });
    expect(textOf('edi/tsconfig.publish.json')).toContain('"files": ["index.ts"]');
    expect(existsSync('edi/README.md')).toBe(true);
  });
});
