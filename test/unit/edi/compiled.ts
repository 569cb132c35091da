import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { transformSync } from '@swc/core';

/**
 * Folders of the project as JavaScript in a folder of their own, for tests that look at a process: what it takes is then not
 * what the test runner takes. Answers the folder, and what removes it.
 */
export function compiled(...folders: readonly string[]): { readonly dir: string; readonly remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'selvedge-compiled-'));
  for (const folder of folders)
    for (const name of readdirSync(folder, { recursive: true }) as string[]) {
      if (!name.endsWith('.ts')) continue;
      const to = join(dir, folder, name.replace(/ts$/, 'js'));
      mkdirSync(dirname(to), { recursive: true });
      const { code } = transformSync(readFileSync(join(folder, name), 'utf8'), {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        module: { type: 'es6' },
      });
      writeFileSync(to, code);
    }
  writeFileSync(join(dir, 'package.json'), '{ "type": "module" }');
  symlinkSync(resolve('node_modules'), join(dir, 'node_modules'));
  return { dir, remove: () => rmSync(dir, { recursive: true }) };
}
