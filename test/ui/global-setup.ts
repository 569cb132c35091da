import '../support/ts-resolution.cjs';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTemporalCli } from '../../bin/supervisor/find-temporal.js';
import { startGuardian } from '../../bin/supervisor/guardian.js';
import { freePort } from '../../bin/supervisor/ports.js';
import { startTemporal } from '../../bin/supervisor/temporal.js';
import bringTheRest from '../support/global-setup.js';
import { keepUiGuardian } from './kept.js';

/**
 * As for the other tests, but with a Temporal server that shows its Web UI: SELVEDGE_TEST_UI is its address.
 */
export default async function globalSetup(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'selvedge-test-ui-'));
  mkdirSync(join(dir, 'log'));
  const guardian = startGuardian();
  guardian.removeDir(dir);
  keepUiGuardian(guardian);
  const { address, ui } = await startTemporal({
    cli: await findTemporalCli(),
    namespace: 'selvedge',
    port: await freePort(),
    uiPort: await freePort(),
    dbFile: null,
    logFile: join(dir, 'log', 'temporal.log'),
    guardian,
  });
  process.env['TEMPORAL_ADDRESS'] = address;
  process.env['SELVEDGE_TEST_UI'] = ui ?? '';
  await bringTheRest();
}
