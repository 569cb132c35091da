import { spawn } from 'node:child_process';

const KEPT = 20_000;

/** Runs a program to its end, keeping the tail of what it wrote. Throws an Error with that tail when it fails. */
export function runQuietly(command, args, { cwd, env = process.env, timeoutMs = 20 * 60_000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs });
    let words = '';
    const keep = (chunk) => (words = `${words}${chunk}`.slice(-KEPT));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(words);
      else reject(new Error(`${words.trim() || '(it wrote nothing)'}\n[${signal ?? `exit code ${code}`}]`));
    });
  });
}
