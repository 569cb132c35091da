// Writes docs/reference/x12.md from the schemas of edi/: npm run reference
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './lib/build.mjs';
import { distDir, projectRoot } from './lib/project.mjs';

await build();
const { referencePage } = await import(pathToFileURL(join(distDir, 'edi', 'reference', 'page.js')).href);
writeFileSync(join(projectRoot, 'docs', 'reference', 'x12.md'), referencePage());
