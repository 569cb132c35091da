/** `mapping`: coverage, and rows that one person proposes and another confirms (R-030..R-041, R-802). */
import { Argument, type Command } from 'commander';
import { addMapping, confirmMapping, endMapping, listMappings, nameOf } from '../../store/mapping-changes.js';
import { coverage } from '../../store/mapping-coverage.js';
import { MappingKind, MappingRefused, parseDay, type MappingRow } from '../../store/mappings.js';
import { Refused, withCommon, WrongUsage, type CommonOptions } from '../output.js';
import { wouldFree } from '../../views/held-by-mapping.js';
import { columnsOf, rowName, targetOf, valuesFrom } from '../../views/mapping-words.js';
import { coverageText, freesText, mappingsText } from '../screens/mapping.js';
import { withAccess } from './access.js';
import { wakeHeld, wokenText } from './wake-held.js';

const kindArgument = (required: boolean): Argument =>
  new Argument(required ? '<kind>' : '[kind]', `one of ${MappingKind.options.join(', ')}`).argParser(kindOf);

function kindOf(text: string): MappingKind {
  const kind = MappingKind.options.find((known) => known === text);
  if (kind !== undefined) return kind;
  throw new WrongUsage(`"${text.slice(0, 40)}" is no kind of mapping; allowed are ${MappingKind.options.join(', ')}`);
}

function rowId(text: string): string {
  if (/^\d{1,18}$/.test(text)) return text;
  throw new WrongUsage(`"${text.slice(0, 40)}" is no row; a row is named by its kind and number, as in location 12`);
}

function day(text: string): string {
  try {
    return parseDay(text, 'it');
  } catch {
    throw new WrongUsage(`"${text.slice(0, 40)}" is no date as yyyy-mm-dd`);
  }
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Runs a change; what the mappings refuse becomes a sentence. */
async function refusing<T>(change: Promise<T>): Promise<T> {
  try {
    return await change;
  } catch (error) {
    if (error instanceof MappingRefused) throw new Refused(capital(error.message), { cause: error });
    throw error;
  }
}

/** What is put out of a row with `--json`. */
const shape = (row: MappingRow) => ({ ...row, name: nameOf(row) });

export function mappingCommand(program: Command): void {
  const mapping = program.command('mapping').description('what codes of the source mean in the ERP');
  checkCommand(mapping);
  listCommand(mapping);
  addCommand(mapping);
  confirmCommand(mapping);
  endCommand(mapping);
}

function checkCommand(mapping: Command): void {
  withCommon(mapping.command('check'))
    .description('codes used on days that no confirmed row covers; exit 1 when there are any')
    .action(async (options: CommonOptions) => {
      await withAccess(options, async ({ db, output }) => {
        const uncovered = await coverage(db);
        output.result({ covered: uncovered.length === 0, uncovered }, () => coverageText(uncovered));
        if (uncovered.length > 0) process.exitCode = 1;
      });
    });
}

interface ListOptions extends CommonOptions {
  on?: string;
  proposed?: boolean;
}

function listCommand(mapping: Command): void {
  withCommon(mapping.command('list'))
    .description('the rows there are, proposed ones included')
    .addArgument(kindArgument(false))
    .option('--on <date>', 'only rows that hold on that day', day)
    .option('--proposed', 'only rows that wait for a second person')
    .action(async (kind: MappingKind | undefined, options: ListOptions) => {
      await withAccess(options, async ({ db, output }) => {
        const rows: MappingRow[] = [];
        for (const each of kind === undefined ? MappingKind.options : [kind])
          rows.push(...(await listMappings(db, each, options.on === undefined ? {} : { on: options.on })));
        const shown =
          options.proposed === true ? rows.filter((row) => row.state === 'proposed' || row.endProposed !== null) : rows;
        output.result({ rows: shown.map(shape) }, () => mappingsText(shown));
      });
    });
}

interface AddOptions extends CommonOptions {
  from: string;
  to?: string;
  why: string;
}

const flagOf = (column: string): string => `--${column.replaceAll('_', '-')}`;
const optionOf = (column: string): string => column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** One verb per kind, its options the columns of that kind. */
function addCommand(mapping: Command): void {
  const add = mapping.command('add').description('proposes a row; it maps nothing until a second person confirms it');
  for (const kind of MappingKind.options) {
    const command = withCommon(add.command(kind)).description(`proposes a ${kind} mapping`);
    for (const { name, means, required } of columnsOf(kind)) {
      const flag = `${flagOf(name)} <value>`;
      if (required) command.requiredOption(flag, means);
      else command.option(flag, means);
    }
    command
      .requiredOption('--from <date>', 'first day it holds: the earliest business date that is held', day)
      .option('--to <date>', 'last day it holds; left out: until ended', day)
      .requiredOption('--why <text>', 'why')
      .action((options: AddOptions) => propose(kind, options));
  }
}

async function propose(kind: MappingKind, options: AddOptions): Promise<void> {
  if (options.why.length > 500) throw new WrongUsage('--why is longer than 500 characters');
  const given = options as unknown as Record<string, string | undefined>;
  const values = valuesFrom(kind, Object.fromEntries(columnsOf(kind).map(({ name }) => [name, given[optionOf(name)]])));
  await withAccess(options, async ({ db, output, person }) => {
    const by = (await person()).id;
    const { from: validFrom, to: validTo = null, why } = options;
    const row = await refusing(addMapping(db, { kind, values, validFrom, validTo, why, by }));
    const frees = await wouldFree(db, row);
    output.result({ row: shape(row), wouldFree: frees }, () =>
      [
        `Proposed ${rowName(row)}: ${nameOf(row)} is ${targetOf(row)}, from ${row.validFrom}${row.validTo === null ? '' : ` to ${row.validTo}`}.`,
        freesText(frees),
        'It maps nothing yet. A second person confirms it:',
        `  selvedge mapping confirm ${rowName(row)}`,
      ].join('\n'),
    );
  });
}

function confirmCommand(mapping: Command): void {
  withCommon(mapping.command('confirm'))
    .description('confirms what somebody else proposed; what was held for want of it goes on at once')
    .addArgument(kindArgument(true))
    .argument('<row>', 'its number, as mapping list shows it', rowId)
    .action(async (kind: MappingKind, id: string, options: CommonOptions) => {
      await withAccess(options, async (access) => {
        const { id: by } = await access.person();
        const { row, solved } = await refusing(confirmMapping(access.db, { kind, id, by }));
        const woken = await wakeHeld(access, solved, by);
        access.output.result({ row: shape(row), released: woken.released, notReached: woken.notReached }, () =>
          [
            row.validTo === null || solved.length > 0
              ? `Confirmed by ${by}: ${nameOf(row)} is ${targetOf(row)} from ${row.validFrom}.`
              : `Confirmed by ${by}: ${nameOf(row)} ends on ${row.validTo}.`,
            wokenText(woken),
          ].join('\n'),
        );
      });
    });
}

interface EndOptions extends CommonOptions {
  lastDay: string;
  why: string;
}

function endCommand(mapping: Command): void {
  withCommon(mapping.command('end'))
    .description('proposes the last day of a row, or takes a proposed row back')
    .addArgument(kindArgument(true))
    .argument('<row>', 'its number, as mapping list shows it', rowId)
    .requiredOption('--last-day <date>', 'last day it holds', day)
    .requiredOption('--why <text>', 'why')
    .action(async (kind: MappingKind, id: string, options: EndOptions) => {
      if (options.why.length > 500) throw new WrongUsage('--why is longer than 500 characters');
      await withAccess(options, async ({ db, output, person }) => {
        const by = (await person()).id;
        const { lastDay, why } = options;
        const row = await refusing(endMapping(db, { kind, id, lastDay, by, why }));
        const withdrawn = row.state === 'proposed';
        output.result({ row: shape(row), withdrawn }, () =>
          withdrawn
            ? `Taken back: ${rowName(row)} was only proposed and mapped nothing.`
            : `Proposed: ${lastDay} is the last day of ${rowName(row)}. A second person confirms it:\n  selvedge mapping confirm ${rowName(row)}`,
        );
      });
    });
}
