/** Temporal as in production, on a PostgreSQL that runs already; its Web UI beside it. */
import { join } from 'node:path';
import { keep, type Kept } from '../keep.js';
import { PRODUCTION_RETENTION_DAYS, setUpNamespace } from '../namespace.js';
import type { ServerOptions } from '../servers.js';
import { bringSchemas, makeTemporalDatabases } from './databases.js';
import { chooseDoors } from './doors.js';
import { findProductionPrograms } from './programs.js';
import { startTemporalServer, startTemporalUi } from './temporal.js';

export interface ProductionTemporal {
  readonly address: string;
  readonly ui: string;
  /** Where its own measurements are read, in Prometheus' form. */
  readonly metrics: string;
  /** In the order they were started. */
  readonly kept: Kept[];
}

/**
 * Databases, schemas, server, namespace, attributes, Web UI, in that order; each is seen to work before the next.
 * @param adminUrl a PostgreSQL user who may make users and databases; @param at the ports of the frontend and the UI.
 */
export async function startProductionTemporal(
  options: ServerOptions,
  adminUrl: string,
  at: { port: number; uiPort: number },
): Promise<ProductionTemporal> {
  const { guardian, namespace, changed, say } = options;
  const programs = await findProductionPrograms();
  const dir = join(options.dir, 'temporal');
  const logDir = join(options.dir, 'log');
  const database = await makeTemporalDatabases(adminUrl, join(dir, 'database.password'));
  await bringSchemas(programs.schema, database);
  const ports = await chooseDoors(join(dir, 'ports.json'), at);
  const common = { dir, logDir, ports, guardian };
  const server = { ...common, program: programs.server, database };
  const kept = [keep('temporal', await startTemporalServer(server), () => startTemporalServer(server), changed, say)];
  const address = `127.0.0.1:${at.port}`;
  try {
    await setUpNamespace(address, namespace, PRODUCTION_RETENTION_DAYS);
    const ui = { ...common, program: programs.ui, namespace };
    kept.push(keep('temporal-ui', await startTemporalUi(ui), () => startTemporalUi(ui), changed, say));
  } catch (error) {
    for (const each of kept) await each.stop();
    throw error;
  }
  const url = (port: number): string => `http://127.0.0.1:${port}`;
  return { address, ui: url(at.uiPort), metrics: `${url(ports.metrics)}/metrics`, kept };
}
