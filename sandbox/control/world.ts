/** One set of stand-ins and what belongs to them. A reset makes a fresh world on the same addresses. */
import { createArchean, DEVELOPMENT_ARCHEAN } from '../archean/index.js';
import type { Archean } from '../archean/index.js';
import { BlueCherryProfile, createBlueCherry, DEVELOPMENT_PROFILE } from '../blue-cherry/index.js';
import type { BlueCherry } from '../blue-cherry/index.js';
import { createCallLog, createClock, createFaultBoard, createRandom } from '../core/index.js';
import type { CallLog, Clock, FaultBoard, Random } from '../core/index.js';
import { loadHistory } from '../history/index.js';
import type { History } from '../history/index.js';
import { createMailbox } from '../mailbox.js';
import type { Mailbox } from '../mailbox.js';
import { createReckoning } from '../reckoning/index.js';
import type { Reckoning } from '../reckoning/index.js';
import { playScenario } from '../scenarios/index.js';
import type { Scenario } from '../scenarios/index.js';
import type { Reset, Webhook } from './requests.js';

/** Keys the stand-ins take, and where webhooks go. */
export interface WorldSettings {
  blueCherryKey: string;
  archean: { clientId: string; clientSecret: string } | null;
  webhook: Webhook;
}

export interface World {
  clock: Clock;
  random: Random;
  /** What events fill in by chance. */
  chance: Random;
  faults: FaultBoard;
  calls: CallLog;
  blueCherry: BlueCherry;
  archean: Archean;
  reckoning: Reckoning;
  mailbox: Mailbox;
  play: Scenario | History | null;
  addresses: Record<'blue-cherry' | 'archean', string>;
}

/** Ports the systems listen on, so that a reset keeps their addresses. */
export type Ports = Record<'blue-cherry' | 'archean', number>;

/** Builds a world and starts its play. RangeError: a history that cannot be read. */
export async function createWorld(settings: WorldSettings, wanted: Reset, ports: Partial<Ports>): Promise<World> {
  const random = createRandom(wanted.seed);
  const clock = createClock();
  const faults = createFaultBoard(random);
  const calls = createCallLog();
  const profile: BlueCherryProfile = BlueCherryProfile.parse({
    ...DEVELOPMENT_PROFILE,
    apiKey: settings.blueCherryKey,
    ...wanted.profile,
  });
  const shared = { clock, random, faults, calls };
  const blueCherry = createBlueCherry({ ...shared, profile });
  const archean = createArchean({
    ...shared,
    profile: {
      ...DEVELOPMENT_ARCHEAN,
      ...(settings.archean === null ? {} : { credentials: settings.archean }),
    },
  });
  archean.setWebhook(settings.webhook);
  const world: World = {
    ...shared,
    blueCherry,
    archean,
    chance: random.fork('events'),
    reckoning: createReckoning(),
    mailbox: createMailbox(),
    play: null,
    addresses: {
      'blue-cherry': await blueCherry.listen(ports['blue-cherry']),
      archean: await archean.listen(ports.archean),
    },
  };
  faults.misbehave(wanted.misbehave);
  try {
    await fill(world, wanted);
  } catch (error) {
    await closeWorld(world);
    throw error;
  }
  blueCherry.startCycles();
  return world;
}

async function fill(world: World, wanted: Reset): Promise<void> {
  const { blueCherry, archean, reckoning, clock, random } = world;
  if (wanted.history !== undefined) {
    const { misbehave } = wanted;
    world.play = await loadHistory({ ...wanted.history, misbehave, blueCherry, archean, reckoning });
    return;
  }
  const { scenario: name, seed, misbehave, returns, receipts, spreadMs } = wanted;
  world.play = playScenario({
    name,
    seed,
    misbehave,
    returns,
    receipts,
    spreadMs,
    blueCherry,
    archean,
    reckoning,
    clock,
    random,
  });
}

/** Stops the play and both systems. */
export async function closeWorld(world: World): Promise<void> {
  world.play?.stop();
  await Promise.all([world.blueCherry.close(), world.archean.close()]);
}
