/** `backup`: the store into a file or folder, by PostgreSQL's own means. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { outputOf, Refused, withCommon, type CommonOptions } from '../output.js';
import { backUp, NoBackup } from '../supervisor/postgres-copy.js';
import { surroundings } from '../surroundings.js';

const RESTORE = 'How to put it back, and what comes then: docs/how-to/back-up-and-recover.md';

export function backupCommand(program: Command): void {
  withCommon(program.command('backup'))
    .description('backs the store up, while everything works')
    .argument('<file>', 'a name that is free')
    .action(async (file: string, options: CommonOptions) => {
      const target = resolve(file);
      const { database, env } = surroundings();
      const how = await backUp(database, target, env['PG_DUMP'] ?? 'pg_dump').catch((error: unknown) => {
        if (error instanceof NoBackup) throw new Refused(`No backup was made: ${error.message}.`, { cause: error });
        throw new Refused(`No backup was made: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      });
      outputOf(options).result({ file: target, how }, () =>
        how === 'dump'
          ? `The store is in ${target}, as pg_dump writes it (for pg_restore). ${RESTORE}.`
          : `The whole cluster is in the folder ${target}, a base backup of PostgreSQL. ${RESTORE}.`,
      );
    });
}
