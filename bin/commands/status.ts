/** `status`: the whole at a glance. Exit 1 when the books do not balance, or nobody can tell. */
import type { Command } from 'commander';
import { withCommon, type CommonOptions } from '../output.js';
import { readStatus } from '../reads/status.js';
import { linkTo } from '../../views/format.js';
import { statusText } from '../screens/status.js';
import { withAccess } from './access.js';

export function statusCommand(program: Command): void {
  withCommon(program.command('status'))
    .description('feeds, queues, cases by owner, sagas, documents, and whether the books balance')
    .action(async (options: CommonOptions) => {
      await withAccess(options, async ({ db, config, where, output, temporal }) => {
        const { namespace } = where.temporal;
        const status = await readStatus({ db, config, temporal, namespace, ui: where.ui, sandbox: where.sandbox });
        const named = status.sagas?.halfCompensated ?? [];
        const links = new Map(named.map(({ workflowId }) => [workflowId, linkTo(where, workflowId)]));
        output.result(status, (read) => statusText(read, links));
        if (status.books.balanced !== true) process.exitCode = 1;
      });
    });
}
