/** `cases` and `case`: what waits, for whom, until when, and what to do. */
import type { Command } from 'commander';
import { EXCEPTIONS, Owner } from '../../domain/failures.js';
import { CaseFilter, listCases, readCase, summaryOf, type CaseDetail } from '../../store/desk-read.js';
import type { Queryable } from '../../store/database.js';
import { Refused, wholeNumber, withCommon, WrongUsage, type CommonOptions } from '../output.js';
import { caseText, casesText } from '../screens/case.js';
import { linkTo } from '../../views/format.js';
import { deskDoor } from '../reads/desk-door.js';
import { keyOf, withAccess } from './access.js';

const DEFAULT_LIMIT = 200;
const MOST = 5_000;

/** `--owner`: one of the closed list. */
export function ownerOf(text: string): string {
  if (Owner.options.some((owner) => owner === text)) return text;
  throw new WrongUsage(`--owner is "${text}"; allowed are ${Owner.options.join(', ')}`);
}

/** `--code`: an exception code in any case, or `approval`. */
export function codeOf(text: string): string {
  const code = text.toLowerCase() === 'approval' ? 'approval' : text.toUpperCase();
  if (code === 'approval' || code in EXCEPTIONS) return code;
  throw new WrongUsage(`--code is "${text}"; allowed are approval, ${Object.keys(EXCEPTIONS).join(', ')}`);
}

/** A filter as the desk takes it. @throws WrongUsage naming every field that does not fit. */
export function caseFilter(fields: Record<string, string | undefined>): CaseFilter {
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const read = CaseFilter.safeParse(given);
  if (read.success) return read.data;
  const faults = read.error.issues.map((issue) =>
    issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`,
  );
  throw new WrongUsage(`this filter could not be read: ${faults.join('; ')}`);
}

/** `c-12` and ` C-12 ` are C-12. @throws WrongUsage for anything else. */
export function caseId(text: string): string {
  const id = text.trim().toUpperCase();
  if (/^C-\d{1,15}$/.test(id)) return id;
  throw new WrongUsage(`"${text.slice(0, 60)}" is no case; a case is named like C-12 (selvedge cases lists them)`);
}

/** @throws Refused when there is no such case. */
export async function caseNamed(q: Queryable, id: string): Promise<CaseDetail> {
  const found = await readCase(q, id);
  if (found === undefined) throw new Refused(`There is no case ${id}. See selvedge cases.`);
  return found;
}

type Action = 'acknowledge' | 'reassign';

function actionOf(text: string): Action {
  if (text === 'acknowledge' || text === 'reassign') return text;
  throw new WrongUsage(
    `"${text.slice(0, 60)}" cannot be done with a case; allowed are acknowledge and reassign (decide decides one)`,
  );
}

interface ListOptions extends CommonOptions {
  owner?: string;
  code?: string;
  question?: string;
  group?: string;
  customer?: string;
  workflow?: string;
  from?: string;
  to?: string;
  state?: string;
  limit: number;
}

export function casesCommand(program: Command): void {
  withCommon(program.command('cases'))
    .description('what waits, for whom, until when')
    .option('--owner <role>', 'only what this role must settle, as in finance', ownerOf)
    .option('--code <code>', 'only this code, as in X-10 or approval', codeOf)
    .option('--question <name>', 'only this question, as in refund')
    .option('--group <name>', 'only this group of like questions')
    .option('--customer <number>', 'only this customer')
    .option('--workflow <id>', 'only this saga')
    .option('--from <date>', 'business date from, yyyy-mm-dd')
    .option('--to <date>', 'business date up to, yyyy-mm-dd')
    .option('--state <which>', 'open, ended or all', 'open')
    .option('--limit <n>', 'how many at most', wholeNumber('--limit', 1, MOST - 1), DEFAULT_LIMIT)
    .action(async (options: ListOptions) => {
      const { owner, code, question, group, customer, workflow, from, to, state, limit } = options;
      const filter = caseFilter({ owner, code, question, group, customer, workflow, from, to, state });
      await withAccess(options, async ({ db, output, zone }) => {
        const rows = await listCases(db, filter, limit + 1);
        const cases = rows.slice(0, limit).map(summaryOf);
        output.result({ cases, more: rows.length > limit, zone }, (data) => casesText(data.cases, data.more, zone));
      });
    });
}

interface CaseOptions extends CommonOptions {
  to?: string;
  why: string;
}

export function caseCommand(program: Command): void {
  withCommon(program.command('case'))
    .description('one case: what is asked, what was shown, the choices, who said what; acknowledge takes it up')
    .argument('<case>', 'as in C-12', caseId)
    .argument('[action]', 'acknowledge: you have seen it and look after it; reassign: somebody else does', actionOf)
    .option('--to <person or role>', 'reassign: a person of its roles, or the role that is its deputy')
    .option('--why <text>', 'reassign: why', '')
    .action(async (id: string, action: Action | undefined, options: CaseOptions) => {
      const { to, why } = options;
      if (action === 'reassign' && to === undefined) throw new WrongUsage('say who looks after it: --to fin-2');
      if (action !== 'reassign' && (to !== undefined || why !== ''))
        throw new WrongUsage('--to and --why belong to reassign');
      await withAccess(options, async ({ db, output, zone, where }) => {
        const door = () => deskDoor(where.ingress, keyOf(where.env));
        if (action === 'acknowledge') {
          const taken = await door().acknowledge(id);
          return output.result({ case: id, ...taken }, () => `${id} is taken up by ${taken.by}.`);
        }
        if (action === 'reassign') {
          const given = await door().reassign(id, to ?? '', why);
          return output.result({ case: id, ...given }, () => `${id} is looked after by ${given.to} now.`);
        }
        const found = await caseNamed(db, id);
        const link = found.workflow === null ? null : linkTo(where, found.workflow);
        output.result({ ...found, link }, () => caseText(found, zone, link));
      });
    });
}
