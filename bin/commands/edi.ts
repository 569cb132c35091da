/** `edi`: an X12 file as a person reads it, and what is wrong with it. Needs no installation. */
import { Option, type Command } from 'commander';
import {
  acknowledging,
  countingFrom,
  outlineLines,
  outlineOf,
  PROFILES,
  replyTo,
  visible,
  write,
  WriteRefused,
  type Acknowledgement,
  type ControlNumbers,
  type Fault,
  type Item,
  type Outgoing,
  type Profile,
} from '../../edi/index.js';
import { outputOf, wholeNumber, withCommon, WrongUsage, type CommonOptions } from '../output.js';
import { itemsOf } from '../reads/edi-file.js';
import { checkedLine, faultLine, placeOf, type Checked } from '../screens/edi.js';
import { stdoutLines, writeArray, type Lines } from '../stream-out.js';

interface FoundFault extends Fault {
  readonly place: string;
}

interface CheckedFile extends Checked {
  readonly found: readonly FoundFault[];
}

interface EdiOptions extends CommonOptions {
  profile: string;
}

export function ediCommand(program: Command): void {
  const edi = program.command('edi').description('X12 files: what they say, and what is wrong with them');
  withProfile(edi.command('show'))
    .description('a file segment by segment, with the names of elements and codes, its faults where they are')
    .argument('<file>', 'an X12 file; - is standard input')
    .action(async (file: string, options: EdiOptions) => show(file, profileOf(options), options));
  withProfile(edi.command('check'))
    .description(
      'the faults of files; ends with 0, with 1 when any is worse than a warning, with 2 when a file cannot be read',
    )
    .argument('<files...>', 'X12 files; - is standard input')
    .action(async (files: readonly string[], options: EdiOptions) => check(files, profileOf(options), options));
  ackCommand(edi);
}

interface AckOptions extends EdiOptions {
  control: number;
}

function ackCommand(edi: Command): void {
  withProfile(edi.command('ack'))
    .description('the 997 that answers a file, and the TA1 where one is asked for; nothing is sent')
    .argument('<file>', 'an X12 file; - is standard input')
    .addOption(
      new Option('--control <n>', 'control number of the answer, which a partner may see once only')
        .argParser(wholeNumber('--control', 1, 999_999_999))
        .default(1),
    )
    .action(async (file: string, options: AckOptions) => ack(file, profileOf(options), options));
}

/** Prints one interchange for each that is answered, from its receiver to its sender. */
async function ack(file: string, profile: Profile, options: AckOptions): Promise<void> {
  const output = outputOf(options);
  const lines = stdoutLines();
  if (output.json) return writeArray(lines, ['', ''], shownAnswers(file, profile));
  const now = new Date().toISOString();
  const numbers = countingFrom(options.control);
  let answered = 0;
  for await (const answers of answersTo(file, profile)) {
    answered += 1;
    await lines.write(written(replyTo(answers, { date: now.slice(0, 10), time: now.slice(11, 16) }), numbers));
  }
  if (answered === 0) output.note('nothing in it is answered: acknowledgements are not, and nobody asked for a TA1');
}

/** The answers to each interchange of a file that is answered. */
async function* answersTo(file: string, profile: Profile): AsyncGenerator<readonly Acknowledgement[]> {
  const acks = acknowledging();
  for await (const item of itemsOf(file, profile)) {
    const answers = acks.add(item);
    if (answers.length > 0) yield answers;
  }
}

async function* shownAnswers(file: string, profile: Profile): AsyncGenerator<object> {
  for await (const answers of answersTo(file, profile)) yield* answers.map(shownAnswer);
}

/** An answer as text; its envelope repeats what the file said, which may be what no envelope can hold. */
function written(reply: Outgoing, numbers: ControlNumbers): string {
  try {
    return Buffer.from(write(reply, numbers, { lineEnd: '\n' })).toString('latin1');
  } catch (error) {
    if (error instanceof WriteRefused)
      throw new WrongUsage(visible(`this file cannot be answered: ${error.message}`, 2000), { cause: error });
    throw error;
  }
}

/** An answer without the envelope it answers. */
const shownAnswer = (answer: Acknowledgement): object =>
  answer.kind === 'TA1' ? { ta1: answer.segment } : { release: answer.release, document: answer.document };

const withProfile = (command: Command): Command =>
  withCommon(command).addOption(new Option('--profile <name>', 'what is agreed with the partner').default('standard'));

function profileOf({ profile }: EdiOptions): Profile {
  const found = Object.hasOwn(PROFILES, profile) ? PROFILES[profile] : undefined;
  if (found !== undefined) return found;
  throw new WrongUsage(
    `there is no profile "${profile.slice(0, 40)}"; allowed are ${Object.keys(PROFILES).join(', ')}`,
  );
}

/** Items that say something: white space around interchanges does not. */
async function* shownOf(file: string, profile: Profile): AsyncGenerator<Item> {
  for await (const item of itemsOf(file, profile))
    if (item.kind !== 'outside' || item.faults.length > 0 || item.text.trim() !== '') yield item;
}

async function show(file: string, profile: Profile, options: EdiOptions): Promise<void> {
  const lines = stdoutLines();
  if (outputOf(options).json) return writeArray(lines, ['', ''], shownItems(file, profile));
  for await (const item of shownOf(file, profile))
    for (const { text } of outlineLines(outlineOf(item, profile))) if (!(await lines.write(`${text}\n`))) return;
}

/** Items as `--json` has them: the outline, and of a transaction its document. */
async function* shownItems(file: string, profile: Profile): AsyncGenerator<unknown> {
  for await (const item of shownOf(file, profile)) {
    const { kind, title, verdict, segments, faults } = outlineOf(item, profile);
    const about =
      item.kind === 'transaction'
        ? { set: item.set, controlNumber: item.controlNumber, verdict, document: item.document }
        : {};
    yield { kind, title, ...about, faults, segments };
  }
}

/** Faults of one file that `--json` lists; their number counts all of them. */
const MOST_LISTED = 10_000;

/** Looks at one file, and writes each fault as it is found when there are lines to write. */
async function checkFile(file: string, profile: Profile, lines: Lines | null): Promise<CheckedFile> {
  const checked = {
    file,
    interchanges: 0,
    groups: 0,
    transactions: 0,
    faults: { fatal: 0, error: 0, warning: 0, note: 0 },
  };
  const found: FoundFault[] = [];
  for await (const item of itemsOf(file, profile)) {
    if (item.kind === 'interchange') checked.interchanges += 1;
    if (item.kind === 'group') checked.groups += 1;
    if (item.kind === 'transaction') checked.transactions += 1;
    for (const fault of item.faults) {
      checked.faults[fault.severity] += 1;
      if (lines !== null) await lines.write(`${faultLine(file, item, fault)}\n`);
      else if (found.length < MOST_LISTED) found.push({ place: placeOf(item, fault), ...fault });
    }
  }
  return { ...checked, found };
}

async function check(files: readonly string[], profile: Profile, options: EdiOptions): Promise<void> {
  const output = outputOf(options);
  const lines = stdoutLines();
  let code = 0;
  const all = async function* (): AsyncGenerator<CheckedFile> {
    for (const file of files) {
      try {
        const checked = await checkFile(file, profile, output.json ? null : lines);
        if (code === 0 && checked.faults.fatal + checked.faults.error > 0) code = 1;
        yield checked;
      } catch (error) {
        if (!(error instanceof WrongUsage)) throw error;
        // The other files are worth looking at all the same.
        output.note(error.message);
        code = 2;
      }
    }
  };
  if (output.json) await writeArray(lines, ['{ "files": ', ' }'], all());
  else for await (const checked of all()) await lines.write(`${checkedLine(checked)}\n`);
  process.exitCode = code;
}
