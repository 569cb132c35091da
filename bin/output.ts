/** How every command speaks: sentences for people, `--json` for programs, exit codes 0 done, 1 refused, 2 wrong usage. */
import { CommanderError, type Command } from 'commander';
import { textColumns } from '../domain/wording.js';

/** The answer is no, or the books do not balance: exit 1. The message is for the user as it stands. */
export class Refused extends Error {}
/** The command was not understood: exit 2. */
export class WrongUsage extends Error {}

export interface Output {
  readonly json: boolean;
  /** A line for people; nothing with `--json`. */
  say(line: string): void;
  /** A line about the work, on the error stream: it never mixes with results. */
  note: (line: string) => void;
  /** The result: data as JSON, or the sentences `human` makes of it. */
  result<T>(data: T, human: (data: T) => string): void;
}

export interface CommonOptions {
  json?: boolean;
  verbose?: boolean;
}

/** Every command takes `--json` and `--verbose`. */
export const withCommon = (command: Command): Command =>
  command
    .option('--json', 'answer as JSON')
    .option('--verbose', 'with the details of errors, for whoever mends the program');

export function outputOf(options: CommonOptions): Output {
  const json = options.json === true;
  return {
    json,
    say: (line) => {
      if (!json) process.stdout.write(`${line}\n`);
    },
    note: (line) => void process.stderr.write(`${line}\n`),
    result: (data, human) => {
      process.stdout.write(`${json ? JSON.stringify(data, null, 2) : human(data)}\n`);
    },
  };
}

/** Columns under headings, each as wide as its widest cell; numbers given as numbers stand right. */
export const table = (headings: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  textColumns(
    headings,
    rows.map((row) => row.map((cell) => ({ text: String(cell), right: typeof cell === 'number' }))),
  );

/** Runs the program on its arguments and answers the exit code; every error becomes a sentence. */
export async function runProgram(program: Command, argv: readonly string[]): Promise<number> {
  try {
    await program.parseAsync([...argv]);
    return typeof process.exitCode === 'number' ? process.exitCode : 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const verbose = argv.includes('--verbose') || process.env['SELVEDGE_VERBOSE'] === '1';
    process.stderr.write(`${describe(error, verbose)}\n`);
    return error instanceof WrongUsage ? 2 : 1;
  }
}

/** A port that was given and is not free, in words; null for any other error. */
function takenPort(error: Error): string | null {
  const { code, port, address = 'this machine' } = error as { code?: string; port?: number; address?: string };
  if (port === undefined) return null;
  if (code === 'EADDRINUSE')
    return `Port ${port} of ${address} is taken by another program. Give another one (0 takes a free one), or end that program.`;
  if (code === 'EACCES') return `Port ${port} of ${address} may not be opened by this user. Give one above 1023.`;
  return null;
}

function describe(error: unknown, verbose: boolean): string {
  if (!(error instanceof Error)) return String(error);
  if (verbose) return error.stack ?? error.message;
  const taken = takenPort(error);
  if (taken !== null) return taken;
  const full = /ENOSPC|EDQUOT|no space left|disk is full|quota exceeded/i.test(error.message)
    ? 'The disk is full. '
    : '';
  return `${full}${error.message}`;
}

/** A whole number given as an option; anything else is wrong usage. */
export function wholeNumber(name: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new WrongUsage(`${name} is "${text}"; a whole number from ${least} to ${most} is allowed`);
  };
}

/** A share from 0 to 1 given as an option. */
export function share(name: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d*\.?\d+$/.test(text) && value >= 0 && value <= 1) return value;
    throw new WrongUsage(`${name} is "${text}"; a number from 0 to 1 is allowed, for example 0.1`);
  };
}
