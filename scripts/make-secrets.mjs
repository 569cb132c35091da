// Makes the passwords of docker-compose.yml's databases where they are missing, and says which secrets people must bring.
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { projectRoot } from './lib/project.mjs';

const MADE = ['postgres_password', 'temporal_database_password', 'store_database_password'];
const KEYS = 'payload_keys';
/** The user of the image: the file of keys is refused when others than its owner can read it. */
const IMAGE_USER = 1000;
const BROUGHT = ['blue_cherry_key', 'archean_client_id', 'archean_client_secret', 'archean_webhook_secret'];

const dir = resolve(process.argv[2] ?? join(projectRoot, 'secrets'));
// Nobody else gets into the folder; in it, the users inside the containers read the files that are handed to them.
mkdirSync(dir, { recursive: true, mode: 0o700 });
for (const name of MADE) {
  const file = join(dir, name);
  if (existsSync(file)) continue;
  writeFileSync(file, randomBytes(24).toString('hex'), { flag: 'wx' });
  chmodSync(file, 0o444);
  process.stdout.write(`made ${file}\n`);
}
if (!existsSync(join(dir, KEYS))) {
  const file = join(dir, KEYS);
  const id = `k-${new Date().toISOString().slice(0, 10)}`;
  const text = `current: ${id}\nkeys:\n  ${id}: ${randomBytes(32).toString('base64')}\n`;
  writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
  process.stdout.write(`made ${file}; keep a copy apart: without it no history is ever read again\n`);
  if (process.getuid?.() === 0) chownSync(file, IMAGE_USER, IMAGE_USER);
  else if (process.getuid?.() !== IMAGE_USER)
    process.stdout.write(`  and let the image's user own it: chown ${IMAGE_USER} ${file}\n`);
}
const missing = BROUGHT.filter((name) => !existsSync(join(dir, name)));
for (const name of missing) process.stdout.write(`missing: ${join(dir, name)} (write the secret alone into it)\n`);
process.exitCode = missing.length === 0 ? 0 : 1;
