import type { Command } from 'commander';
import { loadConfig } from '../../config/load.js';
import { ConfigError, type Fault } from '../../config/faults.js';
import { MappingRefused } from '../../store/mappings.js';
import { readSeed } from '../../store/mapping-seed.js';
import { outputOf, withCommon, type CommonOptions } from '../output.js';
import { MAPPINGS_DIR } from './prepare.js';

export function configCommand(program: Command): void {
  const config = program.command('config').description('the configuration');
  withCommon(config.command('check'))
    .description('configuration, mappings and site profile, every fault in one go')
    .option('--dir <path>', 'folder of the configuration files')
    .option('--mappings <path>', 'folder of the mapping files', MAPPINGS_DIR)
    .option('--addresses', 'addresses and secrets of the environment too')
    .action(async (options: CommonOptions & { dir?: string; mappings: string; addresses?: boolean }) => {
      const faults = [...configFaults(options), ...(await mappingFaults(options.mappings))];
      outputOf(options).result({ faults }, sentences);
      process.exitCode = faults.length === 0 ? 0 : 1;
    });
}

function configFaults(options: { dir?: string; addresses?: boolean }): Fault[] {
  try {
    const addresses = options.addresses === true ? 'required' : 'optional';
    loadConfig({ addresses, ...(options.dir === undefined ? {} : { dir: options.dir }) });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return [...error.faults];
    throw error;
  }
}

async function mappingFaults(dir: string): Promise<Fault[]> {
  try {
    await readSeed(dir);
    return [];
  } catch (error) {
    if (error instanceof MappingRefused) return [{ where: dir, key: '', found: error.message, allowed: '' }];
    throw error;
  }
}

const sentences = ({ faults }: { faults: readonly Fault[] }): string =>
  faults.length === 0
    ? 'Configuration and mappings hold no fault.'
    : [
        `${faults.length} fault${faults.length === 1 ? '' : 's'}:`,
        ...faults.map(
          ({ where, key, found, allowed }) =>
            `  ${where}${key === '' ? '' : `: ${key}`}: found ${found}${allowed === '' ? '' : `; ${allowed}`}`,
        ),
      ].join('\n');
