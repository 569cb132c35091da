// Writes docs/reference/x12-public-files.md from other people's files, where they are: npm run reference
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './lib/build.mjs';
import { distDir, projectRoot } from './lib/project.mjs';

const folder = join(projectRoot, '..', 'shared', 'x12');
if (existsSync(folder)) await writePage();
else process.stdout.write('../shared/x12 is not there: docs/reference/x12-public-files.md stays as it is\n');

async function writePage() {
  await build();
  const { readSync } = await import(pathToFileURL(join(distDir, 'edi', 'index.js')).href);
  const { publicFilesPage } = await import(pathToFileURL(join(distDir, 'edi', 'reference', 'public-files.js')).href);
  const files = readdirSync(folder)
    .filter((name) => /\.(edi|txt)$/.test(name))
    .sort()
    .map((name) => ({ name, items: [...readSync(readFileSync(join(folder, name)))] }));
  writeFileSync(join(projectRoot, 'docs', 'reference', 'x12-public-files.md'), publicFilesPage(files));
}
