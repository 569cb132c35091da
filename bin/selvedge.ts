/** The command line: `selvedge <verb>`. Composition only; each verb lives in bin/commands. */
import { Command } from 'commander';
import { configCommand } from './commands/config.js';
import { ingressCommand, migrateCommand, workerCommand } from './commands/parts.js';
import { sandboxCommand } from './commands/sandbox.js';
import { serverCommand } from './commands/server.js';
import { startCommand } from './commands/start.js';
import { runProgram } from './output.js';

const program = new Command('selvedge')
  .description('Durable sagas that keep a fashion ERP in step with stock, warehouse, web shop and trading partners.')
  .exitOverride()
  .showHelpAfterError('(selvedge --help lists the verbs)');

for (const add of [
  startCommand,
  serverCommand,
  sandboxCommand,
  workerCommand,
  ingressCommand,
  migrateCommand,
  configCommand,
]) {
  add(program);
}

// Exit by itself would wait for sockets that the libraries keep alive.
process.exit(await runProgram(program, process.argv));
