/** `selvedge server versions`: which build of the workers takes work (docs/how-to/run-in-production.md). */
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { buildOf } from '../../workers/versions.js';
import { outputOf, table, wholeNumber, withCommon, WrongUsage, type CommonOptions } from '../output.js';
import type { TemporalAt } from '../supervisor/versions.js';
import { temporalInUse } from '../surroundings.js';

/** Who switched, as Temporal records it. */
const who = (): string => `${userInfo().username} with selvedge`;

function known(build: string): string {
  const checked = buildOf({ SELVEDGE_BUILD_ID: build });
  if (checked === null) throw new WrongUsage('the build is missing, as in: selvedge server versions current 2026.3');
  return checked;
}

async function show(options: CommonOptions, at: TemporalAt): Promise<void> {
  const { listBuilds } = await import('../supervisor/versions.js');
  outputOf(options).result(await listBuilds(at), ({ current, builds }) => {
    if (builds.length === 0) return 'No worker belongs to a build (SELVEDGE_BUILD_ID): any worker takes any work.';
    const rows = builds.map(({ build, state, percent, madeAt }) => [
      build,
      percent === null ? state : `${state}, ${percent} %`,
      madeAt ?? '',
    ]);
    const last =
      current === null ? 'No build is current: only workers without a build take work.' : `Current: ${current}`;
    return [table(['build', 'state', 'first seen'], rows), '', last].join('\n');
  });
}

export function versionsCommand(server: Command): void {
  const versions = withCommon(server.command('versions'))
    .description('the builds of the workers, and which one takes work')
    .action(async (options: CommonOptions) => show(options, temporalInUse()));
  withCommon(versions.command('current'))
    .description('gives new sagas, and the next step of open ones, to a build')
    .argument('<build>', 'as its workers have it in SELVEDGE_BUILD_ID; none: workers without a build')
    .action(async (build: string, options: CommonOptions) => {
      const { makeCurrent } = await import('../supervisor/versions.js');
      await makeCurrent(temporalInUse(), build === 'none' ? null : known(build), who());
      await show(options, temporalInUse());
    });
  withCommon(versions.command('ramp'))
    .description('gives a share of the work to a build; 0 takes it away again')
    .argument('<build>', 'as its workers have it in SELVEDGE_BUILD_ID')
    .requiredOption('--percent <n>', 'share of the work, 0 to 100', wholeNumber('--percent', 0, 100))
    .action(async (build: string, options: CommonOptions & { percent: number }) => {
      const { ramp } = await import('../supervisor/versions.js');
      await ramp(temporalInUse(), known(build), options.percent, who());
      await show(options, temporalInUse());
    });
}
