import type { Command } from 'commander';
import type { SandboxOptions } from '../../sandbox/main.js';
import { outputOf, share, wholeNumber, withCommon, type CommonOptions } from '../output.js';
import { sayReady, untilAskedToStop } from '../ready.js';

interface SandboxCommandOptions extends CommonOptions {
  port: number;
  blueCherryPort: number;
  archeanPort: number;
  seed: number;
  scenario: string;
  misbehave: number;
  file?: string;
}

const port = (name: string): ((text: string) => number) => wholeNumber(name, 0, 65_535);

export function sandboxCommand(program: Command): void {
  withCommon(program.command('sandbox'))
    .description('stand-ins of the external systems on real sockets, with one control address')
    .option('--port <n>', 'port of the control address, 0 for a free one', port('--port'), 0)
    .option('--blue-cherry-port <n>', 'port of Blue Cherry', port('--blue-cherry-port'), 0)
    .option('--archean-port <n>', 'port of Archean', port('--archean-port'), 0)
    .option('--seed <n>', 'seed of what they begin with', wholeNumber('--seed', 0, 2_147_483_647), 1)
    .option('--scenario <name>', 'what they begin with', 'empty')
    .option('--misbehave <p>', 'how badly they behave, 0 to 1', share('--misbehave'), 0)
    .option('--file <path>', 'keep everything they hold in this file, and go on with what it holds')
    .action(async (options: SandboxCommandOptions) => {
      const asked = untilAskedToStop();
      const { seed, scenario, misbehave, file } = options;
      const { startSandbox } = await import('../../sandbox/main.js');
      const sandbox = await startSandbox({
        ...secretsOf(process.env),
        port: options.port,
        ports: { 'blue-cherry': options.blueCherryPort, archean: options.archeanPort },
        reset: { seed, scenario, misbehave },
        ...(file === undefined ? {} : { file }),
      });
      const addresses = { control: sandbox.url, ...sandbox.systems };
      const output = outputOf(options);
      if (sandbox.resumed) output.note(`sandbox: goes on with what ${file ?? ''} holds`);
      output.result(addresses, (known) =>
        Object.entries(known)
          .map(([name, url]) => `${name}: ${url}`)
          .join('\n'),
      );
      sayReady(addresses);
      await asked;
      await sandbox.close();
    });
}

/** Keys the stand-ins take and where hints go; what the environment leaves out, the sandbox has its own for. */
function secretsOf(env: NodeJS.ProcessEnv): SandboxOptions {
  const key = env['SELVEDGE_BLUE_CHERRY_KEY'];
  const clientId = env['SELVEDGE_ARCHEAN_CLIENT_ID'];
  const clientSecret = env['SELVEDGE_ARCHEAN_CLIENT_SECRET'];
  const secret = env['SELVEDGE_ARCHEAN_WEBHOOK_SECRET'];
  const ingress = env['SELVEDGE_INGRESS_URL'];
  return {
    ...(key ? { blueCherryKey: key } : {}),
    ...(clientId && clientSecret ? { archean: { clientId, clientSecret } } : {}),
    ...(secret && ingress ? { webhook: { url: new URL('/webhooks/archean', ingress).toString(), secret } } : {}),
  };
}
