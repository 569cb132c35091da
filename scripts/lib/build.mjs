// Compiles the sources to dist/ and bundles the workflows, when anything changed since the last build.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { distDir, projectRoot } from './project.mjs';
import { runQuietly } from './run.mjs';
import { checkDisk, Trouble } from './stages.mjs';

const STAMP = '.selvedge-build';
const ENTRY = join('bin', 'selvedge.js');
const NEEDED_MB = 100;
const BUNDLED = ['workflow-bundle.js', 'workflow-bundle-encrypted.js'];

function sourceFolders() {
  const text = readFileSync(join(projectRoot, 'tsconfig.build.json'), 'utf8');
  return JSON.parse(text).include.filter((name) => existsSync(join(projectRoot, name)));
}

/** Digest of every source's path and content, and of what shapes the output. */
export function fingerprint() {
  const hash = createHash('sha256');
  const add = (path) => hash.update(`${path}\n`).update(readFileSync(join(projectRoot, path)));
  for (const name of ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json']) add(name);
  for (const folder of sourceFolders()) {
    const names = readdirSync(join(projectRoot, folder), { recursive: true }).filter((name) =>
      /\.(ts|cjs)$/.test(name),
    );
    for (const name of names.sort()) {
      const path = join(folder, name);
      if (statSync(join(projectRoot, path)).isFile()) add(path);
    }
  }
  return hash.digest('hex');
}

/** True when dist/ is the build of exactly these sources. */
export function isBuilt(wanted = fingerprint()) {
  const stamp = join(distDir, STAMP);
  return existsSync(stamp) && existsSync(join(distDir, ENTRY)) && readFileSync(stamp, 'utf8').trim() === wanted;
}

/** Refuses to replace a folder that something else put there. */
function refuseForeign() {
  if (!existsSync(distDir) || existsSync(join(distDir, STAMP)) || existsSync(join(distDir, ENTRY))) return;
  const found = readdirSync(distDir);
  if (found.length === 0) return;
  throw new Trouble(
    `${distDir} holds files that this project's build did not make (${found.slice(0, 3).join(', ')}). ` +
      'Move the folder away and start again.',
  );
}

/** Builds beside dist/ and swaps, so that nobody ever loads half a build. Answers what it did in words. */
export async function build() {
  const wanted = fingerprint();
  if (isBuilt(wanted)) return 'up to date';
  refuseForeign();
  checkDisk(projectRoot, NEEDED_MB, 'building');
  const made = join(projectRoot, `dist.new-${process.pid}`);
  const old = join(projectRoot, `dist.old-${process.pid}`);
  sweepLeftovers();
  try {
    await compile(made);
    await bundle(made);
    writeFileSync(join(made, STAMP), `${wanted}\n`);
    if (existsSync(distDir)) renameSync(distDir, old);
    renameSync(made, distDir);
  } finally {
    rmSync(made, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
  return 'built';
}

async function compile(outDir) {
  const tsc = join(projectRoot, 'node_modules', '.bin', 'tsc');
  try {
    await runQuietly(tsc, ['-p', 'tsconfig.build.json', '--outDir', outDir], { cwd: projectRoot });
  } catch (error) {
    throw new Trouble(`The sources do not compile:\n${error.message}`);
  }
}

async function bundle(outDir) {
  const args = [join(projectRoot, 'scripts', 'bundle.mjs'), outDir];
  try {
    await runQuietly(process.execPath, args, { cwd: projectRoot });
  } catch (error) {
    throw new Trouble(`The workflows do not bundle:\n${error.message}`);
  }
  const missing = BUNDLED.filter((name) => !existsSync(join(outDir, name)));
  if (missing.length > 0) throw new Trouble(`bundling the workflows wrote no ${missing.join(', ')}`);
}

/** Folders of builds that were killed. */
function sweepLeftovers() {
  for (const name of readdirSync(projectRoot)) {
    const pid = Number(/^dist\.(?:new|old)-(\d+)$/.exec(name)?.[1] ?? 0);
    if (pid > 0 && pid !== process.pid && !alive(pid))
      rmSync(join(projectRoot, name), { recursive: true, force: true });
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
