import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { projectRoot } from '../../bin/supervisor/paths.js';
import { closeDrivers } from '../support/driver.js';
import { refusal } from '../support/fake-erp.js';
import { startWorld, type World } from '../support/world.js';

describe('steps that only prepare something', () => {
  let dir: string;
  let bundle: string;
  let world: World;
  beforeAll(async () => {
    const workflowsPath = join(projectRoot, 'test', 'driver', 'kit-workflows.ts');
    const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
    dir = mkdtempSync(join(tmpdir(), 'selvedge-kit-'));
    bundle = join(dir, 'bundle.js');
    writeFileSync(bundle, code);
  }, 60_000);
  afterEach(() => world.driver.dispose());
  afterAll(async () => {
    await closeDrivers();
    rmSync(dir, { recursive: true });
  });
  const start = async (refused?: string): Promise<void> => {
    world = await startWorld({
      ...{ bundle, workflowType: 'threePrepared', workflowId: 'three-prepared:archean:R1' },
      stub: (verb) => {
        if (verb === refused) throw refusal({ message: `no ${verb}` });
        return {};
      },
    });
  };
  const done = (): string[] =>
    world.driver.calls.filter(({ type }) => type.startsWith('stub.')).map(({ type }) => type.replace('stub.', ''));

  test('are kept when the saga goes through', async () => {
    await start();
    await world.driver.run();
    expect(done()).toEqual(['hold', 'allocate', 'print']);
    expect(world.driver.ended?.result).toEqual({ outcome: 'prepared' });
  });

  test('are undone newest first when one is refused, that one included: it may have been done before its no', async () => {
    await start('allocate');
    await world.driver.run();
    expect(done()).toEqual(['hold', 'allocate', 'undo-allocate', 'undo-hold']);
    expect(world.driver.ended?.result).toEqual({ outcome: 'declined', why: 'no allocate' });
  });

  test('are undone newest first when the saga is cancelled between them', async () => {
    await start();
    await world.driver.run(() => done().includes('allocate'));
    world.driver.cancel();
    await world.driver.run();
    expect(done()).toEqual(['hold', 'allocate', 'undo-allocate', 'undo-hold']);
    expect(world.driver.ended?.how).toBe('cancelled');
  });
});
