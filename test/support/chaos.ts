/** A seeded random life of one return: refusals, decisions, cancels, later versions, at any moment. */
import type { Choice } from '../../activities/desk/contract.js';
import { sale } from '../unit/domain/returns.js';
import type { Asking } from './fake-desk.js';
import { decisionOn } from './fake-desk.js';
import { aReturn, expensiveReturn, laterVersion, type AReturn } from './returns.js';
import { startWorld, type World } from './world.js';

const MINUTE = 60_000;

/** Numbers in 0..1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const twoOrders = (): AReturn =>
  aReturn({
    lines: [
      { sku: '00123', quantity: 1, refundUnitPrice: '10.00' },
      { sku: '00456', quantity: 1, refundUnitPrice: '8.00', orderNo: 'A2', orderLine: 1 },
    ],
    sales: [
      sale('A1', [{ sku: '00123', quantity: 2, unitPrice: '10.00' }]),
      sale('A2', [{ sku: '00456', quantity: 1, unitPrice: '8.00' }]),
    ],
  });
const exchange = (): AReturn =>
  aReturn({
    document: {
      exchange: { lines: [{ sku: '00123', quantity: 1, unitPrice: '10.00', taxAmount: '2.00' }] },
    },
  });
const exceeding = (): AReturn => aReturn({ lines: [{ sku: '00123', quantity: 3, refundUnitPrice: '10.00' }] });
const overRefunded = (): AReturn => aReturn({ lines: [{ sku: '00123', quantity: 1, refundUnitPrice: '25.00' }] });
const KINDS = [aReturn, expensiveReturn, twoOrders, exchange, exceeding, overRefunded];

/** Runs one life to its end. Throws when a workflow task fails, or when it goes on for ever. */
export async function live(seed: number): Promise<World> {
  const random = randomOf(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const upTo = (ms: number): number => Math.floor(random() ** 3 * ms);
  const about = pick(KINDS)();
  const soon = pick([8_000, 20 * MINUTE, 200 * MINUTE]);
  const calm = random() < 0.2;
  const world = await startWorld({
    return: about,
    chance: random,
    latency: () => 1 + upTo(2_000),
    prepare: (made) => prepare(made, { random, pick, upTo, calm }),
  });
  if (!calm && random() < 0.4) world.driver.cancel(upTo(soon));
  if (!calm && random() < 0.35) {
    const change = pick([
      { state: 'withdrawn' as const },
      { refund: { kind: 'on-account' as const, reference: 'V2' } },
    ]);
    world.arrive(laterVersion(about, 2, change), upTo(soon));
    if (random() < 0.3) world.arrive(laterVersion(about, 3, { state: 'withdrawn' }), soon + upTo(soon));
  }
  await toTheEnd(world);
  return world;
}

interface Dice {
  random: () => number;
  pick: <T>(from: readonly T[]) => T;
  upTo: (ms: number) => number;
  calm: boolean;
}

function prepare(world: World, { random, pick, upTo, calm }: Dice): void {
  const badness = calm ? 0 : pick([0, 0.2, 0.6]);
  // Whatever is asked often enough is answered yes in the end, so that every life has an end.
  world.erp.verdict = (_, attempt, kind) =>
    attempt < 4 && random() < badness ? { message: `no ${attempt} to ${kind}` } : null;
  world.erp.pace = () => ({ leaves: upTo(10 * MINUTE), known: 1 + upTo(30 * MINUTE) });
  if (!calm && random() < 0.15) world.mapped = false;
  world.desk.onHeld = (cause, code) =>
    world.driver.later(1 + upTo(120 * MINUTE), () => {
      world.mapped = true;
      world.desk.causes.set(cause, true);
      world.driver.signal('causeSolved', { code, cause });
    });
  world.desk.onAsked = (asking) => decide(world, asking, { random, pick, upTo, calm });
}

/** Somebody answers, sooner or later, at one of the doors; a foolish decision may come first. */
function decide(world: World, asking: Asking, { random, pick, upTo }: Dice): void {
  const { driver } = world;
  const send = (decision: object, afterMs: number): void => {
    if (random() < 0.5) driver.signal('decide', decision, afterMs);
    else driver.update('decide', decision, afterMs);
  };
  const after = 10_000 + upTo(180 * MINUTE);
  const choices: Choice[] = asking.question.choices;
  const { choice } = asking.asking > 4 ? last(choices) : pick(choices);
  if (random() < 0.3) send({ ...decisionOn(asking, choice), asking: asking.asking + 7 }, upTo(after));
  if (random() < 0.2) send({ ...decisionOn(asking, choice), shown: 'stale' }, upTo(after));
  const decision = decisionOn(asking, choice, dataFor(choice));
  send(decision, after);
  if (random() < 0.2) send(decision, after + upTo(5_000));
}

const last = <T>(from: readonly T[]): T => from[from.length - 1] as T;
const dataFor = (choice: string): Record<string, string> => ({
  ...(choice === 'already-entered' ? { number: 'BY-HAND-1' } : {}),
  ...(choice === 'correct' ? { orderNo: 'A1' } : {}),
});

const MOST_STEPS = 3_000;
async function toTheEnd(world: World): Promise<void> {
  for (let steps = 0; await world.driver.step(); steps++) {
    if (steps > MOST_STEPS) throw new Error(`no end after ${MOST_STEPS} events; asked: ${world.asked()}`);
  }
}
