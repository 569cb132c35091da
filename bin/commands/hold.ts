/** `hold` and `release`: all writes to one system. What waits shows as held. */
import type { Command } from 'commander';
import { appendAudit } from '../../store/audit.js';
import { heldTenants, holdTenant, releaseTenant } from '../../store/call-tenants.js';
import { countPostings } from '../../store/postings.js';
import { withCommon, WrongUsage, type CommonOptions } from '../output.js';
import { at, counted } from '../../views/format.js';
import { withAccess, type Access } from './access.js';

interface HoldOptions extends CommonOptions {
  why: string;
}

/** Only systems that are written to can be held. @throws WrongUsage naming them. */
function systemOf(system: string): string {
  if (system === 'blue-cherry') return system;
  throw new WrongUsage(`"${system.slice(0, 60)}" is no system that is written to; allowed is blue-cherry`);
}

function register(program: Command, verb: 'hold' | 'release', description: string): void {
  withCommon(program.command(verb))
    .description(description)
    .argument('<system>', 'as in blue-cherry', systemOf)
    .option('--why <text>', 'why', '')
    .action(async (system: string, options: HoldOptions) => {
      if (options.why.length > 500) throw new WrongUsage('--why is longer than 500 characters');
      await withAccess(options, (access) => change(access, verb, system, options.why));
    });
}

async function change(access: Access, verb: 'hold' | 'release', system: string, why: string): Promise<void> {
  const { db, config, output, zone } = access;
  const { tenant } = config.blueCherry;
  const person = await access.person();
  const { before, now } = await db.transaction().execute(async (tx) => {
    const find = async () => (await heldTenants(tx)).find((held) => held.tenant === tenant);
    const earlier = await find();
    if (verb === 'hold') await holdTenant(tx, tenant, person.id, why);
    else await releaseTenant(tx, tenant);
    if ((earlier === undefined) === (verb === 'hold'))
      await appendAudit(tx, {
        actor: person.id,
        identity: 'proven',
        action: `${verb}-writes`,
        subject: `tenant/${tenant}`,
        why,
        detail: verb === 'hold' ? {} : { heldBy: earlier?.held_by, heldWhy: earlier?.held_why },
      });
    return { before: earlier, now: await find() };
  });
  const waiting = (await countPostings(db, tenant)).intended ?? 0;
  const data = {
    system,
    tenant,
    held: now !== undefined,
    changed: (before === undefined) !== (now === undefined),
    by: now?.held_by ?? null,
    why: now?.held_why ?? null,
    since: now?.held_at ?? null,
    waiting,
  };
  output.result(data, () => {
    const queue = `${counted(waiting, 'document')} ${waiting === 1 ? 'waits' : 'wait'}`;
    if (verb === 'release')
      return before === undefined
        ? `Writes to ${system} were not held. ${queue}.`
        : `Writes to ${system} are released; ${before.held_by} had held them since ${at(before.held_at, zone)}. ${queue} and leave in order, oldest business date first.`;
    const reason = data.why === null || data.why === '' ? '' : `: ${data.why}`;
    return before === undefined
      ? `All writes to ${system} are held${reason}. What is on its way is still settled. ${queue}, shown as held.`
      : `Writes to ${system} were held already, by ${data.by ?? ''} since ${at(data.since, zone)}${reason}. ${queue}.`;
  });
}

export const holdCommand = (program: Command): void =>
  register(program, 'hold', 'holds all writes to a system until they are released');

export const releaseCommand = (program: Command): void =>
  register(program, 'release', 'releases the writes to a system');
