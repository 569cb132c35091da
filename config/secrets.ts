/** Secrets from files, as container platforms hand them over: `<NAME>_FILE` names a file that holds `<NAME>`. */
import { readFileSync, statSync } from 'node:fs';
import { ConfigError, shown, type Fault } from './faults.js';

/** What may come from a file: everything that is secret by its name, and the addresses that hold a secret. */
const FROM_FILE =
  /^((?:DATABASE|DATABASE_ADMIN)_(?:URL|PASSWORD)|SELVEDGE_(?:[A-Z0-9_]+_)?(?:KEY|SECRET|PASSWORD|TOKEN)|SELVEDGE_ARCHEAN_CLIENT_ID)_FILE$/;
const MOST_BYTES = 10_000;

/**
 * The environment with every such file read, its last line break left away. Both a value and a file, and a file that is
 * not there, empty or too large, is a fault; throws ConfigError with all of them.
 */
export function withSecretFiles(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const faults: Fault[] = [];
  const read: NodeJS.ProcessEnv = { ...env };
  for (const [key, file] of Object.entries(env)) {
    const name = FROM_FILE.exec(key)?.[1];
    if (name === undefined || file === undefined || file === '') continue;
    const fault = (found: string, allowed: string): void => {
      faults.push({ where: 'environment', key, found, allowed });
    };
    if (env[name]) {
      fault(`a file beside ${name}`, 'one of the two is allowed');
      continue;
    }
    const secret = contentOf(file);
    if (typeof secret === 'string') {
      read[name] = secret;
      // Read once; what is handed on holds the secret alone.
      delete read[key];
    } else fault(`${shown(file)}, which ${secret.why}`, 'a readable file with the secret alone is allowed');
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return withPassword(read);
}

function contentOf(file: string): string | { why: string } {
  try {
    if (statSync(file).size > MOST_BYTES) return { why: `is larger than ${MOST_BYTES} bytes` };
    const text = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    return text === '' ? { why: 'is empty' } : text;
  } catch (error) {
    return { why: `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})` };
  }
}

/** DATABASE_PASSWORD goes into a DATABASE_URL that names a user and no password, so that the address itself is no secret. */
function withPassword(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { DATABASE_URL: address = '', DATABASE_PASSWORD: password = '' } = env;
  if (password === '' || !URL.canParse(address)) return env;
  const url = new URL(address);
  if (url.password !== '') return env;
  url.password = encodeURIComponent(password);
  return { ...env, DATABASE_URL: url.toString() };
}
