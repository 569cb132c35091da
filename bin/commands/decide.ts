/** `decide`: one case, or many like ones by filter, through the desk door with the key of the person (design.md 6). */
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { CaseFilter } from '../../store/desk-read.js';
import { Refused, wholeNumber, withCommon, WrongUsage, type CommonOptions } from '../output.js';
import { deskDoor, type BulkDone, type BulkPreviewed, type DeskDoor } from '../reads/desk-door.js';
import { decidedBefore, previewText, bulkText } from '../screens/decision.js';
import { keyOf, withAccess, type Access } from './access.js';
import { caseFilter, caseId, caseNamed, codeOf, ownerOf } from './cases.js';

const LOOK_EVERY_MS = 500;
const DEFAULT_WAIT_S = 60;

interface DecideOptions extends CommonOptions {
  choice: string;
  why: string;
  data: Record<string, string>;
  shown?: string;
  code?: string;
  owner?: string;
  filter: Record<string, string>;
  digest?: string;
  wait: number;
}

const text =
  (name: string, most: number) =>
  (value: string): string => {
    if (value.length <= most) return value;
    throw new WrongUsage(`${name} is ${value.length} characters long; at most ${most} are taken`);
  };

/** Collects `key=value` options. */
const pairs =
  (name: string, most: number) =>
  (given: string, before: Record<string, string>): Record<string, string> => {
    const at = given.indexOf('=');
    if (at < 1 || at > 80) throw new WrongUsage(`${name} is "${given.slice(0, 80)}"; give it as key=value`);
    const value = given.slice(at + 1);
    if (value.length > most) throw new WrongUsage(`${name} ${given.slice(0, at)} is longer than ${most} characters`);
    return { ...before, [given.slice(0, at)]: value };
  };

export function decideCommand(program: Command): void {
  withCommon(program.command('decide'))
    .description('decides a case, or with --code or --filter many like ones: first a preview, then exactly those')
    .argument('[case]', 'as in C-12', caseId)
    .requiredOption('--choice <name>', 'one of the choices of the case, as spelt there', text('--choice', 80))
    .option('--why <text>', 'why; needed wherever money or stock moves', text('--why', 500), '')
    .option(
      '--data <key=value>',
      'a fact the choice needs, as in orderNo=536365; may be repeated',
      pairs('--data', 8_000),
      {},
    )
    .option('--shown <digest>', 'decide only if the case still shows this', text('--shown', 200))
    .option('--code <code>', 'many at once: all open questions of this code', codeOf)
    .option('--owner <role>', 'many at once: only those of this role', ownerOf)
    .option(
      '--filter <key=value>',
      'many at once: question, group, customer, workflow, from or to; may be repeated',
      pairs('--filter', 300),
      {},
    )
    .option(
      '--digest <digest>',
      'many at once: decide exactly what the preview with this digest showed',
      text('--digest', 64),
    )
    .option(
      '--wait <s>',
      'many at once: how long to wait for the sagas',
      wholeNumber('--wait', 0, 3_600),
      DEFAULT_WAIT_S,
    )
    .action(async (id: string | undefined, options: DecideOptions) => {
      const { code, owner } = options;
      const many = code !== undefined || owner !== undefined || Object.keys(options.filter).length > 0;
      if (id === undefined && !many)
        throw new WrongUsage('say what is decided: a case, as in "selvedge decide C-12 …", or --code for many');
      if (id !== undefined && (many || options.digest !== undefined))
        throw new WrongUsage('decide either one case, or many by --code, --owner and --filter, not both');
      if (id === undefined && Object.keys(options.data).length > 0)
        throw new WrongUsage('--data belongs to one case: name the case');
      const narrowed = { ...(code === undefined ? {} : { code }), ...(owner === undefined ? {} : { owner }) };
      const filter = many ? caseFilter({ ...options.filter, ...narrowed }) : {};
      await withAccess(options, async (access) => {
        const door = deskDoor(access.where.ingress, keyOf(access.where.env));
        if (id !== undefined) await decideOne(access, door, id, options);
        else await decideMany(access, door, filter, options);
      });
    });
}

/** Sends one decision bound to what the case shows now, or to what `--shown` says was seen. */
export async function decideOne(
  { db, output }: Pick<Access, 'db' | 'output'>,
  door: DeskDoor,
  id: string,
  { choice, why, data, shown }: Pick<DecideOptions, 'choice' | 'why' | 'data' | 'shown'>,
): Promise<void> {
  const found = await caseNamed(db, id);
  output.say(decidedBefore(found));
  const decided = await door.decide({ case: id, choice, why, data, shown: shown ?? found.digest });
  if (decided.state !== 'refused') return output.result(decided, () => decided.message ?? decided.state);
  if (output.json) output.result(decided, () => '');
  throw new Refused(decided.error ?? 'The decision was refused.');
}

async function decideMany(access: Access, door: DeskDoor, filter: CaseFilter, options: DecideOptions): Promise<void> {
  const { output } = access;
  const { choice, why } = options;
  let { digest } = options;
  if (digest === undefined) {
    const preview = await door.preview({ filter, choice, why });
    const again = againCommand(filter, options, preview.digest);
    output.result({ ...preview, apply: again }, () => previewText(preview, choice, again));
    if (output.json || !(await agreed(preview))) return;
    digest = preview.digest;
  }
  const done = await settled(door, await door.apply({ filter, choice, why, digest }), digest, options.wait);
  output.result({ ...done, digest }, bulkText);
  if (done.refused.length > 0) process.exitCode = 1;
}

/** Asks at a terminal; anywhere else the command with the digest is how to agree. */
async function agreed({ count }: BulkPreviewed): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return false;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await lines.question(`Decide exactly these ${count} now? Type yes: `);
    return answer.trim().toLowerCase() === 'yes';
  } finally {
    lines.close();
  }
}

/** Waits until every saga has taken its decision, or the time is over: what is left is sent again by itself. */
async function settled(door: DeskDoor, first: BulkDone, digest: string, waitS: number): Promise<BulkDone> {
  const until = Date.now() + waitS * 1_000;
  let done = first;
  while (done.waiting > 0 && Date.now() < until) {
    await sleep(LOOK_EVERY_MS);
    const { accepted, first: awaitsSecond, waiting, refused } = await door.progress(digest);
    done = { ...done, state: waiting === 0 ? 'done' : 'stored', decided: accepted, awaitsSecond, waiting, refused };
  }
  return done;
}

function againCommand(filter: CaseFilter, { choice, why }: DecideOptions, digest: string): string {
  const { code, owner, ...others } = filter;
  const quote = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;
  return [
    'selvedge decide',
    ...(code === undefined ? [] : [`--code ${code}`]),
    ...(owner === undefined ? [] : [`--owner ${owner}`]),
    ...Object.entries(others).map(([key, value]) => `--filter ${quote(`${key}=${value}`)}`),
    `--choice ${quote(choice)}`,
    ...(why === '' ? [] : [`--why ${quote(why)}`]),
    `--digest ${digest}`,
  ].join(' ');
}
