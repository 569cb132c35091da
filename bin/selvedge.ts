/** The command line: `selvedge <verb>`. Composition only; each verb lives in bin/commands. */
import { Command } from 'commander';
import { auditCommand } from './commands/audit.js';
import { backupCommand } from './commands/backup.js';
import { caseCommand, casesCommand } from './commands/cases.js';
import { configCommand } from './commands/config.js';
import { decideCommand } from './commands/decide.js';
import { ediCommand } from './commands/edi.js';
import { feedCommand } from './commands/feed.js';
import { findCommand } from './commands/find.js';
import { holdCommand, releaseCommand } from './commands/hold.js';
import { keysCommand } from './commands/keys.js';
import { mappingCommand } from './commands/mapping.js';
import { ingressCommand, migrateCommand, workerCommand } from './commands/parts.js';
import { peopleCommand } from './commands/people.js';
import { dayCommand, reportCommand } from './commands/report.js';
import { recoverCommand } from './commands/recover.js';
import { rehearseCommand } from './commands/rehearse.js';
import { retryCommand } from './commands/retry.js';
import { sandboxCommand } from './commands/sandbox.js';
import { serverCommand } from './commands/server.js';
import { startCommand } from './commands/start.js';
import { statusCommand } from './commands/status.js';
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
  statusCommand,
  findCommand,
  reportCommand,
  dayCommand,
  casesCommand,
  caseCommand,
  decideCommand,
  retryCommand,
  feedCommand,
  mappingCommand,
  ediCommand,
  auditCommand,
  holdCommand,
  releaseCommand,
  peopleCommand,
  configCommand,
  keysCommand,
  backupCommand,
  recoverCommand,
  rehearseCommand,
]) {
  add(program);
}

// Exit by itself would wait for sockets that the libraries keep alive.
process.exit(await runProgram(program, process.argv));
