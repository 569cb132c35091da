/** `find`: the whole path of an order, return, article or document. */
import type { Command } from 'commander';
import { jsonPart } from '../../reports/formats/json.js';
import { partText } from '../../reports/formats/table.js';
import type { Part } from '../../reports/report.js';
import { orderLines } from '../../reports/rp-05.js';
import { Refused, withCommon, WrongUsage, type CommonOptions } from '../output.js';
import { wholePath, type WholePath } from '../../views/path.js';
import { sagaState } from '../reads/sagas.js';
import { linkTo } from '../../views/format.js';
import { pathText, type Shown } from '../screens/path.js';
import { withAccess, type Access } from './access.js';
import { defaultsOf } from './report.js';

const LONGEST = 300;
/** Sagas that Temporal is asked about; further ones are shown without how they stand. */
const MOST_ASKED = 20;

export function findCommand(program: Command): void {
  withCommon(program.command('find'))
    .description('the whole path of an order, return, movement, article, case or ERP document')
    .argument('<number>', 'as any system prints it, as in RTN-000871 or CM-004712')
    .action(async (text: string, options: CommonOptions) => {
      const number = text.trim();
      if (number === '' || number.length > LONGEST) throw new WrongUsage(`give a number of 1 to ${LONGEST} characters`);
      await withAccess(options, (access) => find(access, number));
    });
}

async function find(access: Access, number: string): Promise<void> {
  const { db, output, zone } = access;
  const [path, order] = await Promise.all([wholePath(db, number), orderNamed(access, number)]);
  if (path.sagas.length + path.loose.length + path.documents.length === 0 && order === null)
    throw new Refused(
      `Nothing is known of "${number}". It may not have been read yet (selvedge feed), or is spelt otherwise.`,
    );
  const shown = await standings(access, path);
  const sagas = path.sagas.map((saga) => ({ ...saga, ...(shown.get(saga.workflowId) ?? { link: null, state: null }) }));
  const found = { number, zone, ...path, sagas, purchaseOrder: order === null ? null : jsonPart(order) };
  output.result(found, () =>
    [pathText(number, path, shown, zone), ...(order === null ? [] : ['', partText(order, zone)])].join('\n'),
  );
}

/** Lines of a purchase order of that number as payables read them (RP-05); null when the ERP has shown none. */
async function orderNamed({ db, config, zone }: Access, about: string): Promise<Part | null> {
  const part = await orderLines(db, { ...defaultsOf(config, zone), about });
  const rows = part.rows.filter(({ po }) => po === about);
  return rows.length === 0 ? null : { ...part, rows };
}

/** How each saga stands now. Without Temporal the path is shown all the same. */
async function standings(access: Access, { sagas }: WholePath): Promise<Map<string, Shown>> {
  const client = await access.temporal().catch((error: unknown) => {
    access.output.note(error instanceof Error ? error.message : String(error));
    return null;
  });
  const entries = sagas.map(async ({ workflowId }, index): Promise<[string, Shown]> => {
    const asked = client !== null && index < MOST_ASKED;
    const state = asked ? await sagaState(client, workflowId).catch(() => null) : null;
    return [workflowId, { link: linkTo(access.where, workflowId), state }];
  });
  return new Map(await Promise.all(entries));
}
