/** `people`: who may decide what. A change of roles, limits or a key needs a second person. */
import type { Command } from 'commander';
import { parseMoney } from '../../domain/money.js';
import { Owner } from '../../domain/failures.js';
import type { Queryable } from '../../store/database.js';
import {
  confirmPersonChange,
  findPerson,
  PersonChange,
  proposePersonChange,
  type Person,
} from '../../store/desk-people.js';
import { Refused, table, withCommon, WrongUsage, type CommonOptions } from '../output.js';
import { amount, at } from '../../views/format.js';
import { withAccess } from './access.js';

/** Without the digests of keys. */
const shape = (person: Person) => ({
  id: person.id,
  name: person.name,
  roles: person.roles,
  mail: person.mail,
  active: person.active,
  limits: {
    currency: person.limit_currency,
    document: person.limit_document,
    customerDay: person.limit_customer_day,
    day: person.limit_day,
  },
});

interface Waiting {
  id: string;
  person: string;
  change: unknown;
  why: string;
  proposedBy: string;
  proposedAt: string;
}

export function peopleCommand(program: Command): void {
  const people = program.command('people').description('who may decide what');
  listCommand(people);
  proposeCommand(people);
  confirmCommand(people);
}

const limit = (minor: string | null, currency: string): string => (minor === null ? 'none' : amount(minor, currency));

function listCommand(people: Command): void {
  withCommon(people.command('list', { isDefault: true }))
    .description('people with their roles and limits, and changes that wait for a second person')
    .action(async (options: CommonOptions) => {
      await withAccess(options, async ({ db, output, zone }) => {
        const rows = (await db.selectFrom('person').selectAll().orderBy('id').limit(1_000).execute()).map(shape);
        const waiting = await waitingChanges(db);
        output.result({ people: rows, waiting }, () =>
          [
            table(
              ['person', 'name', 'roles', 'per document', 'per customer and day', 'per day', 'may decide'],
              rows.map(({ id, name, roles, limits, active }) => [
                ...[id, name, roles.join(', ')],
                ...[limits.document, limits.customerDay, limits.day].map((minor) => limit(minor, limits.currency)),
                active ? 'yes' : 'no longer',
              ]),
            ),
            ...waiting.map(
              (row) =>
                `Change ${row.id} of ${row.person} waits for a second person: ${JSON.stringify(row.change)}, ${row.proposedBy} at ${at(row.proposedAt, zone)}: ${row.why}`,
            ),
          ].join('\n'),
        );
      });
    });
}

async function waitingChanges(q: Queryable): Promise<Waiting[]> {
  const rows = await q
    .selectFrom('person_change')
    .select(['id', 'person_id', 'change', 'why', 'proposed_by', 'proposed_at'])
    .where('confirmed_at', 'is', null)
    .orderBy('id')
    .limit(200)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    person: row.person_id,
    change: row.change,
    why: row.why,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at,
  }));
}

interface ProposeOptions extends CommonOptions {
  why: string;
  name?: string;
  roles?: string[];
  mail?: string;
  keyDigest?: string;
  limitDocument?: string;
  limitCustomerDay?: string;
  limitDay?: string;
  active?: boolean;
}

function proposeCommand(people: Command): void {
  withCommon(people.command('change'))
    .description('asks for a change of a person; it has no effect until somebody else confirms it')
    .argument('<person>', 'as in fin-1')
    .requiredOption('--why <text>', 'why')
    .option('--name <name>', 'name')
    .option('--roles <roles>', 'roles with commas between', rolesOf)
    .option('--mail <address>', 'address of notices')
    .option('--key-digest <hex>', 'SHA-256 of a new key, in hex')
    .option('--limit-document <amount>', 'limit per document, as in 2000.00; none for no limit')
    .option('--limit-customer-day <amount>', 'limit per customer and day')
    .option('--limit-day <amount>', 'limit per day in all')
    .option('--active <yes|no>', 'whether the person may decide at all', activeOf)
    .action(async (personId: string, options: ProposeOptions) => {
      if (options.why.length > 500) throw new WrongUsage('--why is longer than 500 characters');
      await withAccess(options, async ({ db, output, person }) => {
        const by = (await person()).id;
        const about = await findPerson(db, personId);
        if (about === undefined)
          throw new Refused(`Nobody is known as "${personId.slice(0, 60)}". See selvedge people.`);
        const change = changeOf(options, about.limit_currency);
        const { changeId } = await proposePersonChange(db, { personId, change, why: options.why, by });
        output.result({ change: changeId, person: personId, asked: change, by }, () =>
          [
            `Asked for: ${personId} ${JSON.stringify(change)}. It has no effect yet; somebody else confirms it:`,
            `  selvedge people confirm ${changeId}`,
          ].join('\n'),
        );
      });
    });
}

function changeOf(options: ProposeOptions, currency: string): PersonChange {
  const minor = (name: string, text: string | undefined): string | null | undefined => {
    if (text === undefined) return undefined;
    if (text === 'none') return null;
    try {
      if (/^\d{1,15}(\.\d+)?$/.test(text)) return parseMoney(text, currency).minor;
    } catch {
      // Falls through to the one sentence for all faults.
    }
    throw new WrongUsage(`${name} is "${text}"; an amount in ${currency}, as in 2000.00, or none is allowed`);
  };
  const given = {
    name: options.name,
    roles: options.roles,
    mail: options.mail,
    keyDigest: options.keyDigest,
    limitDocument: minor('--limit-document', options.limitDocument),
    limitCustomerDay: minor('--limit-customer-day', options.limitCustomerDay),
    limitDay: minor('--limit-day', options.limitDay),
    active: options.active,
  };
  const change = PersonChange.safeParse(Object.fromEntries(Object.entries(given).filter(([, v]) => v !== undefined)));
  if (!change.success)
    throw new WrongUsage(change.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  if (Object.keys(change.data).length === 0)
    throw new WrongUsage('say what is to change, as in --limit-document 500.00');
  return change.data;
}

function rolesOf(text: string): string[] {
  const roles = text.split(',').map((role) => role.trim());
  for (const role of roles)
    if (!Owner.options.some((owner) => role === owner || role === `${owner}-lead`))
      throw new WrongUsage(`--roles has "${role}"; allowed are ${Owner.options.join(', ')}, each also with -lead`);
  return roles;
}

function activeOf(text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes';
  throw new WrongUsage(`--active is "${text}"; allowed are yes and no`);
}

function confirmCommand(people: Command): void {
  withCommon(people.command('confirm'))
    .description('confirms a change that somebody else asked for')
    .argument('<change>', 'its number, as selvedge people shows it')
    .action(async (changeId: string, options: CommonOptions) => {
      if (!/^\d{1,18}$/.test(changeId)) throw new WrongUsage(`"${changeId.slice(0, 40)}" is no number of a change`);
      await withAccess(options, async ({ db, output, person }) => {
        const by = (await person()).id;
        await confirmed(confirmPersonChange(db, { changeId, by }));
        output.result({ change: changeId, by }, () => `Change ${changeId} is confirmed by ${by} and in force.`);
      });
    });
}

async function confirmed(change: Promise<void>): Promise<void> {
  try {
    await change;
  } catch (error) {
    if (error instanceof RangeError)
      throw new Refused(`${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`, { cause: error });
    throw error;
  }
}
