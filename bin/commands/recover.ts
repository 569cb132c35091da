/** `recover`: looks everything up again after the store was restored from a backup, and releases it. */
import type { Command } from 'commander';
import { NotAlone, recover } from '../../activities/recover/index.js';
import { createLog } from '../../config/log.js';
import type { Db } from '../../store/database.js';
import { SetBackAgain } from '../../store/recovery.js';
import { holdWatch, readWatch, reliance, type WatchRow } from '../../store/watch.js';
import { recoveryOf } from '../../workers/recovery.js';
import { Refused, wholeNumber, withCommon, WrongUsage, type CommonOptions } from '../output.js';
import { recoveredText } from '../screens/recover.js';
import { withAccess, type Access } from './access.js';

interface RecoverOptions extends CommonOptions {
  dryRun?: boolean;
  why: string;
  margin: number;
  from?: string;
}

const LONGEST_MARGIN_MINUTES = 7 * 24 * 60;
/** Bringing a restored store up to date is the work of those who run it. */
const ROLES = ['integration-support', 'integration-support-lead'];

export function recoverCommand(program: Command): void {
  withCommon(program.command('recover'))
    .description(
      'after a restore of the store: looks all references up again, writes down what was forgotten, releases',
    )
    .option('--dry-run', 'only shows what was forgotten and would be written')
    .option('--why <text>', 'what happened', '')
    .option('--margin <minutes>', 'looks back so much further', wholeNumber('--margin', 1, LONGEST_MARGIN_MINUTES), 15)
    .option(
      '--from <instant>',
      'the store was set back to this moment, though nothing has noticed: as in 2026-03-31T14:05:00Z',
    )
    .action(async (options: RecoverOptions) => {
      if (options.why.length > 500) throw new WrongUsage('--why is longer than 500 characters');
      if (options.from !== undefined) checkInstant(options.from);
      await withAccess(options, (access) => run(access, options));
    });
}

function checkInstant(from: string): void {
  const ms = Date.parse(from);
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(from) || Number.isNaN(ms) || ms > Date.now())
    throw new WrongUsage(`--from is "${from.slice(0, 60)}"; a past moment such as 2026-03-31T14:05:00Z is allowed`);
}

async function run(access: Access, { dryRun = false, why, margin, from }: RecoverOptions): Promise<void> {
  const { store, db, config, where, output, zone } = access;
  const person = dryRun ? null : await access.person();
  if (person !== null && !person.roles.some((role) => ROLES.includes(role)))
    throw new Refused(`${person.id} may not recover the store: it is the work of ${ROLES.join(' or ')}.`);
  if (!dryRun && why.trim() === '') throw new WrongUsage('say what happened: --why "…"');
  const held = await heldStore(db, from, dryRun);
  const log = createLog('recover', where.env, process.stderr);
  const client = await access.temporal();
  const parts = { config, store, client, log, env: where.env };
  const deps = recoveryOf(parts, (part) => output.note(`recover: ${part}`));
  const how = { write: !dryRun, marginMs: margin * 60_000, by: person?.id ?? '', why };
  const recovered = await recover(deps, held, how).catch((error: unknown) => {
    if (error instanceof NotAlone || error instanceof SetBackAgain)
      throw new Refused(`${error.message}.`, { cause: error });
    const words = error instanceof Error ? error.message : String(error);
    throw new Refused(`It could not be finished: ${words}. Nothing is released; run it again.`, { cause: error });
  });
  output.result(recovered, (found) => recoveredText(found, zone));
}

/** The held store; one that a person says was set back is held first. */
async function heldStore(db: Db, from: string | undefined, dryRun: boolean): Promise<WatchRow> {
  const row = await readWatch(db);
  if (row !== undefined && row.held_since !== null) return row;
  if (from !== undefined) {
    const said = { why: 'a person says that it was set back', restoredTo: new Date(from).toISOString() };
    if (dryRun && row !== undefined) return { ...row, restored_to: said.restoredTo };
    await holdWatch(db, said);
    const now = await readWatch(db);
    if (now !== undefined) return now;
  }
  const now = await reliance(db);
  throw new Refused(
    now.state === 'unwatched'
      ? `Nobody has compared this store yet (${now.why}). Start a worker of the queue standing, look at selvedge status, and run this again; or say the moment it is from with --from.`
      : 'The store was not restored: there is nothing to recover. If you know better, say the moment it is from with --from.',
  );
}
