// Installs the dependencies when they are missing or no longer those of package-lock.json.
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './project.mjs';
import { runQuietly } from './run.mjs';
import { checkDisk, say, Trouble } from './stages.mjs';

const NEEDED_MB = 900;

const STAMP = join('node_modules', '.selvedge-install');

const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages ?? {};

/** What an install depends on: the lock, and the Node whose native parts were chosen. */
function lockDigest(root) {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const platform = `${process.platform}-${process.arch}-${process.versions.modules}`;
  return createHash('sha256').update(lock).update(platform).digest('hex');
}

/** A direct dependency that is not there at the locked version, or `null`: for installs made by hand. */
function strayDependency(root, list) {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const present = packagesOf(list);
  const { dependencies = {}, devDependencies = {} } = wanted[''] ?? {};
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    const path = `node_modules/${name}`;
    if (present[path]?.version !== wanted[path]?.version) return name;
  }
  return null;
}

/** Why an install is needed, or `null`. npm writes its own list last, so a broken-off install has none. */
export function whyInstall(root = projectRoot) {
  const list = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(list)) return existsSync(join(root, 'node_modules')) ? 'an install was broken off' : 'missing';
  const stamp = join(root, STAMP);
  if (existsSync(stamp)) {
    return readFileSync(stamp, 'utf8').trim() === lockDigest(root) ? null : 'package-lock.json changed';
  }
  const stray = strayDependency(root, list);
  if (stray !== null) return `${stray} is not at its locked version`;
  writeFileSync(stamp, `${lockDigest(root)}\n`);
  return null;
}

/** npm empties a linked folder at its other end, where another project may be using it. */
function refuseLinked(root, why) {
  const folder = join(root, 'node_modules');
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return;
  const target = existsSync(folder) ? realpathSync(folder) : 'a folder that is gone';
  throw new Trouble(
    `${folder} is a link to ${target}, and it does not fit (${why}). npm ci would empty what it points to. ` +
      'Remove the link, or bring that folder up to date, and start again.',
  );
}

/** Brings node_modules up to package-lock.json; answers what it did in words. */
export async function install(root = projectRoot) {
  const why = whyInstall(root);
  if (why === null) return 'present';
  refuseLinked(root, why);
  checkDisk(root, NEEDED_MB, 'installing the dependencies');
  say(`dependencies: ${why}, running npm ci (about a minute)`);
  try {
    await runQuietly('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root });
  } catch (error) {
    throw new Trouble(
      `npm ci failed:\n${error.message}\nIs the npm registry in reach? Try "npm ci" by hand in ${root} and start again.`,
    );
  }
  writeFileSync(join(root, STAMP), `${lockDigest(root)}\n`);
  return `installed (${why})`;
}
