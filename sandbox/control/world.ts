/** One set of stand-ins and what belongs to them. A reset makes a fresh world on the same addresses. */
import { createArchean, DEVELOPMENT_ARCHEAN } from '../archean/index.js';
import type { Archean } from '../archean/index.js';
import { BlueCherryProfile, createBlueCherry, DEVELOPMENT_PROFILE } from '../blue-cherry/index.js';
import type { BlueCherry } from '../blue-cherry/index.js';
import { createCallLog, createClock, createFaultBoard, createRandom } from '../core/index.js';
import type { CallLog, Clock, FaultBoard, Keeper, Random } from '../core/index.js';
import { loadHistory } from '../history/index.js';
import type { History } from '../history/index.js';
import { createMailbox } from '../mailbox.js';
import type { Mailbox } from '../mailbox.js';
import { createReckoning } from '../reckoning/index.js';
import type { Reckoning } from '../reckoning/index.js';
import { playScenario } from '../scenarios/index.js';
import type { Scenario } from '../scenarios/index.js';
import type { Position } from '../scenarios/play.js';
import { resumeWorld, type HeldWorld } from './held.js';
import type { Reset, Webhook } from './requests.js';

/** Keys the stand-ins take, and where webhooks go. */
export interface WorldSettings {
  blueCherryKey: string;
  archean: { clientId: string; clientSecret: string } | null;
  webhook: Webhook;
  keeper: Keeper;
}

export interface World {
  /** What it was asked to be, and when it began. */
  wanted: Reset;
  begunAt: string;
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

/**
 * Builds a world and starts its play, or goes on with one that was `held`. RangeError: a history that cannot be read,
 * or a held play that is none of this release.
 */
export async function createWorld(
  settings: WorldSettings,
  wanted: Reset,
  ports: Partial<Ports>,
  held: HeldWorld | null = null,
): Promise<World> {
  const { keeper } = settings;
  // Chance goes on with other draws than those that were made before; the play's plan stays that of the seed.
  const random = createRandom(held === null ? wanted.seed : `${wanted.seed}/${Date.now()}`);
  const clock = createClock();
  const faults = createFaultBoard(random);
  const calls = createCallLog();
  const profile: BlueCherryProfile = BlueCherryProfile.parse({
    ...DEVELOPMENT_PROFILE,
    apiKey: settings.blueCherryKey,
    ...wanted.profile,
  });
  const shared = { clock, random, faults, calls, keeper };
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
    wanted,
    begunAt: held?.begunAt ?? clock.instant(),
    clock,
    random,
    faults,
    calls,
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
  try {
    if (held === null) faults.misbehave(wanted.misbehave);
    else resumeWorld(world, held);
    await fill(world, keeper, held?.play ?? undefined);
  } catch (error) {
    await closeWorld(world);
    throw error;
  }
  blueCherry.startCycles();
  return world;
}

/** Loads books and begins the play, or goes on `from` where it was. */
async function fill(world: World, keeper: Keeper, from: Position | undefined): Promise<void> {
  const { blueCherry, archean, reckoning, clock, wanted, begunAt } = world;
  if (wanted.history !== undefined) {
    const { misbehave } = wanted;
    world.play = await loadHistory({
      ...wanted.history,
      misbehave,
      blueCherry,
      archean,
      reckoning,
      keeper,
      position: from,
    });
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
    random: createRandom(seed),
    keeper,
    position: from,
    begunAt: new Date(begunAt),
  });
}

/** Stops the play and both systems. */
export async function closeWorld(world: World): Promise<void> {
  world.play?.stop();
  await Promise.all([world.blueCherry.close(), world.archean.close()]);
}
