/** Both stand-ins, their reckoning and nothing else, for tests of scenarios and histories. */
import { createArchean, type ArcheanProfile } from '../../sandbox/archean/index.js';
import { createBlueCherry, DEVELOPMENT_PROFILE } from '../../sandbox/blue-cherry/index.js';
import { createCallLog, createClock, createFaultBoard, createRandom } from '../../sandbox/core/index.js';
import { createReckoning } from '../../sandbox/reckoning/index.js';

export function createSystems(seed = 1, profile?: ArcheanProfile) {
  const random = createRandom(seed);
  const clock = createClock();
  const faults = createFaultBoard(random);
  const calls = createCallLog();
  const shared = { clock, random, faults, calls };
  return {
    ...shared,
    archean: createArchean({ ...shared, ...(profile === undefined ? {} : { profile }) }),
    blueCherry: createBlueCherry({ ...shared, profile: DEVELOPMENT_PROFILE }),
    reckoning: createReckoning(),
  };
}
