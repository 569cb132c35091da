/** A world as plain data: everything the stand-ins hold, so that another process can go on with it. */
import type { HeldSystem } from '../archean/index.js';
import type { HeldBlueCherry } from '../blue-cherry/index.js';
import type { FaultBoard } from '../core/index.js';
import type { Mailbox } from '../mailbox.js';
import type { HeldFacts } from '../reckoning/index.js';
import type { Position } from '../scenarios/play.js';
import type { Reset } from './requests.js';
import type { World } from './world.js';

/** The call log, the deliveries of webhooks and tokens given out are not held: they are of the process, not of the books. */
export interface HeldWorld {
  wanted: Reset;
  begunAt: string;
  clock: { offset: number };
  faults: ReturnType<FaultBoard['held']>;
  blueCherry: HeldBlueCherry;
  archean: HeldSystem;
  reckoning: HeldFacts;
  mailbox: ReturnType<Mailbox['held']>;
  play: Position | null;
}

/** The live data, not a copy: whoever keeps it writes it down at once. */
export const heldOf = (world: World): HeldWorld => ({
  wanted: world.wanted,
  begunAt: world.begunAt,
  clock: world.clock.held(),
  faults: world.faults.held(),
  blueCherry: world.blueCherry.held(),
  archean: world.archean.held(),
  reckoning: world.reckoning.held(),
  mailbox: world.mailbox.held(),
  play: world.play?.position() ?? null,
});

/** Fills a new world with what another one held; its play is begun apart. */
export function resumeWorld(world: World, held: HeldWorld): void {
  world.clock.resume(held.clock);
  world.faults.resume(held.faults);
  world.blueCherry.resume(held.blueCherry);
  world.archean.resume(held.archean);
  world.reckoning.resume(held.reckoning);
  world.mailbox.resume(held.mailbox);
}
