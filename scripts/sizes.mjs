// Holds files, sagas and the kit to their sizes (design.md 13, issue acceptance A18). Exit 1 names every one too long.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './lib/project.mjs';

const FILE_LINES = 300;
const SAGA_LINES = 120;
const KIT_FILES = 6;
const KIT_LINES = 600;
const KIT = join('workflows', 'saga');
const SKIPPED = /(^|\/)(node_modules|dist|dist\.(new|old)-\d+|coverage|\.[^/]+)(\/|$)/;

function sources() {
  return readdirSync(projectRoot, { withFileTypes: true })
    .filter((entry) => !SKIPPED.test(entry.name))
    .flatMap((entry) =>
      entry.isDirectory()
        ? readdirSync(join(projectRoot, entry.name), { recursive: true })
            .map((name) => join(entry.name, name))
            .filter((path) => !SKIPPED.test(path))
        : [entry.name],
    )
    .filter((path) => /\.(ts|mjs|cjs|js)$/.test(path))
    .sort();
}

const linesOf = (path) => readFileSync(join(projectRoot, path), 'utf8').trimEnd().split('\n');

const faults = [];
const files = sources();
for (const path of files) {
  const lines = linesOf(path);
  if (lines.length > FILE_LINES) faults.push(`${path}: ${lines.length} lines, at most ${FILE_LINES}`);
  if (/^workflows\/[^/]+\/workflow\.ts$/.test(path) && lines.length > SAGA_LINES)
    faults.push(`${path}: ${lines.length} lines, a saga at most ${SAGA_LINES}`);
}
const kit = existsSync(join(projectRoot, KIT)) ? files.filter((path) => path.startsWith(KIT)) : [];
const kitLines = kit.reduce((sum, path) => sum + linesOf(path).length, 0);
if (kit.length > KIT_FILES) faults.push(`${KIT}: ${kit.length} files, at most ${KIT_FILES}`);
if (kitLines > KIT_LINES) faults.push(`${KIT}: ${kitLines} lines in all, at most ${KIT_LINES}`);

for (const fault of faults) process.stdout.write(`${fault}\n`);
process.stdout.write(`${files.length} files looked at, ${faults.length} too long\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
