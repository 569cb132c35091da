/** `keys`: the keys payloads are encrypted with. Shows names and use, makes new ones, never shows a key. */
import type { Command } from 'commander';
import { workflowsWithin } from '../../clients/temporal/index.js';
import { KEYS_FILE, loadKeys, type KeyRing } from '../../config/payload-keys.js';
import { appendAudit } from '../../store/audit.js';
import { keyUses, type KeyUse } from '../../store/payload-keys.js';
import { openRow } from '../../store/sealed.js';
import { addKey, useKey } from '../keys/file.js';
import { Refused, table, withCommon, type CommonOptions } from '../output.js';
import { at } from '../../views/format.js';
import { surroundings } from '../surroundings.js';
import { keyOf, withAccess, type Access } from './access.js';

export function keysCommand(program: Command): void {
  const keys = program.command('keys').description('the keys that payloads are encrypted with: use, rotation');
  listCommand(keys);
  addCommand(keys);
  useCommand(keys);
  rowCommand(keys);
  webUiCommand(keys);
}

interface KeyShown extends Omit<KeyUse, 'id'> {
  id: string;
  /** What this file says of it. */
  file: 'current' | 'decrypts' | 'missing';
  /** Workflows whose histories may need it; null when Temporal does not answer. */
  workflows: number | null;
  needed: boolean | null;
}

const fileOf = (text: string | undefined): string => {
  if (text !== undefined && text !== '') return text;
  throw new Refused(`No key file is named: set ${KEYS_FILE} to its path. Without one nothing is encrypted.`);
};

const NEVER = { firstCurrentAt: null, lastCurrentAt: null, mayHaveEncryptedUntil: null, rows: 0 };

async function shownKeys({ db, where, temporal }: Access): Promise<KeyShown[]> {
  const ring = loadKeys(where.temporal.keysFile);
  const uses = await keyUses(db);
  const unused = (ring?.ids ?? []).filter((id) => !uses.some((use) => use.id === id));
  const all = [...uses, ...unused.map((id) => ({ id, ...NEVER }))];
  return Promise.all(
    all.map(async (use) => {
      const workflows = await countWorkflows(temporal, use);
      const current = ring?.current === use.id;
      const needed = current || use.rows > 0 || (workflows === null ? null : workflows > 0);
      return { ...use, file: standing(ring, use.id), workflows, needed };
    }),
  );
}

function standing(ring: KeyRing | null, id: string): KeyShown['file'] {
  if (ring?.current === id) return 'current';
  return ring?.ids.includes(id) === true ? 'decrypts' : 'missing';
}

async function countWorkflows(temporal: Access['temporal'], use: KeyUse): Promise<number | null> {
  if (use.firstCurrentAt === null || use.mayHaveEncryptedUntil === null) return 0;
  try {
    return await workflowsWithin(await temporal(), use.firstCurrentAt, use.mayHaveEncryptedUntil);
  } catch {
    return null;
  }
}

function verdictOf({ file, needed }: KeyShown): string {
  if (file === 'missing')
    return needed === false ? 'gone, and not needed' : 'MISSING: what it encrypted cannot be read';
  if (file === 'current') return 'encrypts';
  if (needed === null) return 'not known: Temporal does not answer';
  return needed ? 'still needed' : 'may be removed from the file';
}

function listCommand(keys: Command): void {
  withCommon(keys.command('list', { isDefault: true }))
    .description('names, since when each is in use, and which are still needed')
    .action(async (options: CommonOptions) => {
      await withAccess(options, async (access) => {
        const shown = await shownKeys(access);
        const missing = shown.some(({ file, needed }) => file === 'missing' && needed !== false);
        const { zone, output } = access;
        output.result({ file: access.where.temporal.keysFile || null, keys: shown }, () =>
          shown.length === 0
            ? `Nothing is encrypted: ${KEYS_FILE} names no file, and no key was ever used.`
            : table(
                ['key', 'first in use', 'last in use', 'workflows', 'sealed rows', ''],
                shown.map((key) => [
                  key.id,
                  ...[key.firstCurrentAt, key.lastCurrentAt].map((time) => (time === null ? 'never' : at(time, zone))),
                  key.workflows ?? 'not known',
                  key.rows,
                  verdictOf(key),
                ]),
              ),
        );
        if (missing) process.exitCode = 1;
      });
    });
}

function addCommand(keys: Command): void {
  withCommon(keys.command('add'))
    .description('a new key into the file; it decrypts until "keys use" makes it the current one')
    .option('--id <name>', 'its name; else k- and the day')
    .action((options: CommonOptions & { id?: string }) => {
      const file = fileOf(process.env[KEYS_FILE]);
      const added = addKey(file, options.id);
      print(options, { file, ...added }, [
        `${file}: made the key ${added.id}${added.current ? ', the first and so the current one' : ''}.`,
        ...(added.current
          ? ['Give the file to every process (ingress, workers, command line), then start them again.']
          : [
              'Give the file to every process first and start them again: they can read what it encrypts from then on.',
              `Then: selvedge keys use ${added.id}, and start them again.`,
            ]),
      ]);
    });
}

function useCommand(keys: Command): void {
  withCommon(keys.command('use'))
    .argument('<id>', 'name of a key of the file')
    .description('makes a key of the file the current one: it encrypts, the others only decrypt')
    .action((id: string, options: CommonOptions) => {
      const file = fileOf(process.env[KEYS_FILE]);
      const before = useKey(file, id);
      print(options, { file, current: id, before }, [
        `${file}: ${id} encrypts now; ${before} decrypts only. Start every process again.`,
      ]);
    });
}

const print = (options: CommonOptions, data: object, lines: string[]): void =>
  void process.stdout.write(`${options.json === true ? JSON.stringify(data, null, 2) : lines.join('\n')}\n`);

const READERS = ['integration-support', 'integration-support-lead'];

function rowCommand(keys: Command): void {
  withCommon(keys.command('row'))
    .argument('<event>', 'number of the row, as the case of X-63 names it: inbox:<number>')
    .description('a row that could not be read, as it came; for integration support, and noted in the audit trail')
    .action(async (event: string, options: CommonOptions) => {
      const id = event.replace(/^inbox:/, '');
      if (!/^\d{1,18}$/.test(id)) throw new Refused(`"${event}" is no row; a number as 4711 or inbox:4711 is allowed.`);
      await withAccess(options, async ({ db, where, output, person }) => {
        const reader = await person();
        if (!reader.roles.some((role) => READERS.includes(role)))
          throw new Refused(
            `Rows as they came may hold personal data: integration support reads them, not ${reader.id}.`,
          );
        const row = await db
          .selectFrom('event')
          .select(['id', 'source', 'kind', 'payload', 'state', 'reason'])
          .where('id', '=', id)
          .executeTakeFirst();
        if (row === undefined) throw new Refused(`There is no row ${id}.`);
        const payload = openRow(row.payload, loadKeys(where.temporal.keysFile));
        await appendAudit(db, {
          ...{
            actor: reader.id,
            identity: 'proven',
            action: 'read-raw-row',
            subject: `event/${id}`,
            why: row.reason ?? '',
          },
          detail: {},
        });
        output.result({ ...row, payload }, () => JSON.stringify(payload, null, 2));
      });
    });
}

function webUiCommand(keys: Command): void {
  withCommon(keys.command('web-ui'))
    .description('your own address for the Temporal Web UI, so that it shows encrypted payloads to you')
    .action(async (options: CommonOptions) => {
      const { ingress, env } = surroundings();
      if (ingress === null) throw new Refused('Set SELVEDGE_INGRESS_URL to the address of ingress.');
      const answer = await fetch(new URL('/codec/address', ingress), {
        headers: { authorization: `Bearer ${keyOf(env)}` },
        signal: AbortSignal.timeout(5_000),
      }).catch((cause: unknown) => {
        throw new Refused(`Ingress does not answer at ${ingress}.`, { cause });
      });
      const said = (await answer.json()) as { path?: string; error?: string };
      if (said.path === undefined) throw new Refused(said.error ?? `Ingress answered ${answer.status}.`);
      const address = new URL(said.path, ingress).toString();
      print(options, { address }, [
        address,
        'In the Web UI: the glasses at the top right, "Configure Codec Server", put this address there. It is yours alone, like a password.',
      ]);
    });
}
