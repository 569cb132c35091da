/** Runs the command line in this process against a rig and keeps what it says. */
import { Command } from 'commander';
import { sql } from 'kysely';
import { auditCommand } from '../../bin/commands/audit.js';
import { caseCommand, casesCommand } from '../../bin/commands/cases.js';
import { decideCommand } from '../../bin/commands/decide.js';
import { ediCommand } from '../../bin/commands/edi.js';
import { feedCommand } from '../../bin/commands/feed.js';
import { findCommand } from '../../bin/commands/find.js';
import { holdCommand, releaseCommand } from '../../bin/commands/hold.js';
import { keysCommand } from '../../bin/commands/keys.js';
import { mappingCommand } from '../../bin/commands/mapping.js';
import { peopleCommand } from '../../bin/commands/people.js';
import { dayCommand, reportCommand } from '../../bin/commands/report.js';
import { retryCommand } from '../../bin/commands/retry.js';
import { statusCommand } from '../../bin/commands/status.js';
import { runProgram } from '../../bin/output.js';
import type { Rig } from '../support/rig.js';

const VERBS = [
  auditCommand,
  caseCommand,
  casesCommand,
  decideCommand,
  ediCommand,
  feedCommand,
  findCommand,
  holdCommand,
  keysCommand,
  mappingCommand,
  peopleCommand,
  releaseCommand,
  reportCommand,
  dayCommand,
  retryCommand,
  statusCommand,
];

export interface Ran {
  code: number;
  out: string;
  err: string;
}

/** Runs one command; `env` lies over this process's environment while it runs. One at a time. */
export async function cli(env: Record<string, string>, ...argv: string[]): Promise<Ran> {
  const program = new Command('selvedge').exitOverride();
  for (const add of VERBS) add(program);
  const before = { ...process.env };
  const said = { out: '', err: '' };
  const out = process.stdout.write.bind(process.stdout);
  const err = process.stderr.write.bind(process.stderr);
  Object.assign(process.env, env);
  process.exitCode = undefined;
  process.stdout.write = (text: string | Uint8Array) => ((said.out += String(text)), true);
  process.stderr.write = (text: string | Uint8Array) => ((said.err += String(text)), true);
  try {
    const code = await runProgram(program, ['node', 'selvedge', ...argv]);
    return { code, ...said };
  } finally {
    process.stdout.write = out;
    process.stderr.write = err;
    process.env = before;
    process.exitCode = undefined;
  }
}

export type Cli = (person: string | null, ...argv: string[]) => Promise<Ran>;

/** The command line of a rig, with the key of a person or none. */
export async function cliOf(rig: Rig): Promise<Cli> {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(rig.store.db);
  const database = new URL(process.env['SELVEDGE_TEST_POSTGRES'] ?? '');
  database.pathname = rows[0]?.name ?? '';
  const env = {
    ...rig.env,
    TEMPORAL_ADDRESS: rig.temporal.address,
    TEMPORAL_NAMESPACE: rig.temporal.namespace,
    TEMPORAL_UI: 'http://127.0.0.1:8233',
    DATABASE_URL: database.toString(),
  };
  return (person, ...argv) => cli({ ...env, SELVEDGE_KEY: person === null ? '' : `dev-key-${person}` }, ...argv);
}

/** What a command answered with `--json`. */
export const answered = <T = Record<string, unknown>>(ran: Ran): T => JSON.parse(ran.out) as T;
