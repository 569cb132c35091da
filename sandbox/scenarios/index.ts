/** Scenarios: a seeded trading day played through the stand-ins, or an empty one (design.md 8). */
import { movementsOf, type Archean } from '../archean/index.js';
import type { Clock, Keeper, Random } from '../core/index.js';
import { TRADING_DAY_RULES, type Reckoning } from '../reckoning/index.js';
import { loadReferenceData, openStock } from './books.js';
import type { DayPlan, PlannedEvent } from './day.js';
import { holdsAny, type Erp } from './erp.js';
import { planDay } from './plan.js';
import { play, type Action, type Play, type Position, type Progress } from './play.js';
import { planReceipts, QUIET_RECEIPTS, RECEIPT_CLASSES, type ReceiptPlan } from './receipt-plan.js';
import { raiseOrders, receiptActions } from './receipts.js';

export { RETURN_CLASSES, QUIET, ASKING } from './classes.js';
export { QUIET_RECEIPTS, RECEIPT_CLASSES, type ReceiptClass } from './receipt-plan.js';
export type { Erp } from './erp.js';

export const SCENARIOS = ['trading-day', 'quiet-day', 'empty'] as const;
export type ScenarioName = (typeof SCENARIOS)[number];

export interface ScenarioOptions {
  name: string;
  seed: number;
  /** 0..1: how badly Archean's ledger and webhooks behave by themselves. */
  misbehave: number;
  /** Returns of the day, 40 unless told. */
  returns?: number | undefined;
  /** Deliveries of goods during the day, for purchase orders raised before it; none unless told. */
  receipts?: number | undefined;
  /** Over how many milliseconds the day's events are spread; 12 s for 40 returns unless told. */
  spreadMs?: number | undefined;
  blueCherry: Erp;
  archean: Archean;
  reckoning: Reckoning;
  clock: Clock;
  random: Random;
  keeper?: Keeper | undefined;
  /** Goes on with a day that an earlier process began: both systems' books hold what had happened by then. */
  position?: Position | undefined;
  /** When the day was planned; now unless told. */
  begunAt?: Date | undefined;
}
export interface ScenarioState extends Progress {
  scenario: string;
  seed: number;
  planned: number;
}
export type Scenario = Play<ScenarioState>;

const DEFAULT_RETURNS = 40;
const DEFAULT_SPREAD_MS = 12_000;
/** Beyond 40 returns a day grows by this many milliseconds a return. */
const MS_PER_RETURN = 60;
const HOUR = 3_600_000;

/** One return's actions. `pace` shortens the way between return and movement as the day is shortened. */
function actionsOf(event: PlannedEvent, atMs: number, pace: number, options: ScenarioOptions): Action[] {
  const { archean, clock, random } = options;
  const prompt = event.versions.length > 1 || event.group !== null;
  const returned: Action = {
    atMs,
    counts: true,
    run: () => {
      for (const version of event.versions)
        archean.books.addReturn({ ...version, processedAt: clock.instant() }, { className: event.class, prompt });
    },
  };
  const last = event.versions.at(-1);
  if (event.movement === 'none' || last === undefined) return [returned];
  const offset = event.movement === 'before' ? -random.int(100, 900) : random.int(100, 1_500);
  const moved: Action = {
    atMs: Math.max(0, atMs + Math.floor(offset * pace)),
    counts: false,
    run: () => {
      const now = clock.instant();
      const occurred = new Date(clock.now().getTime() - event.recordedLateHours * HOUR).toISOString();
      const row = { ...last, seq: 0, processedAt: now };
      for (const movement of movementsOf(row, () => archean.books.nextId('MOV'), now, occurred))
        archean.books.addMovement(movement, { prompt });
    },
  };
  return event.movement === 'before' ? [moved, returned] : [returned, moved];
}

/** The day's actions in their order; returns keep the plan's order whatever the jitter. */
function schedule(options: ScenarioOptions, plan: DayPlan, receipts: ReceiptPlan): Action[] {
  const count = plan.events.length;
  const spread = options.spreadMs ?? DEFAULT_SPREAD_MS + Math.max(0, count - DEFAULT_RETURNS) * MS_PER_RETURN;
  const slot = spread / Math.max(1, count);
  const pace = Math.min(1, spread / DEFAULT_SPREAD_MS);
  const random = options.random.fork('schedule');
  const returns = plan.events.flatMap((event, index) =>
    actionsOf(event, Math.floor(slot * (index + 0.8 * random.next())), pace, { ...options, random }),
  );
  const deliveries = receiptActions(options, receipts, options.random.fork('deliveries'), { spreadMs: spread, pace });
  return [...returns, ...deliveries]
    .map((action, index) => ({ action, index }))
    .sort((a, b) => a.action.atMs - b.action.atMs || a.index - b.index)
    .map(({ action }) => action);
}

function checkedName(name: string): ScenarioName {
  const known = SCENARIOS.find((one) => one === name);
  if (known === undefined) throw new RangeError(`scenario "${name}" is not one of ${SCENARIOS.join(', ')}`);
  return known;
}

/**
 * Fills both systems' books with a business's past and begins to play its day. The same seed gives the same articles,
 * orders, returns and reckoning; only times follow the clock. Throws RangeError for an unknown name or a wrong number.
 */
export function playScenario(options: ScenarioOptions): Scenario {
  const name = checkedName(options.name);
  const { archean, blueCherry, reckoning, clock } = options;
  const random = options.random.fork(`scenario-${options.seed}`);
  const plan = planDay(
    name === 'empty' ? 'quiet-day' : name,
    random,
    options.begunAt ?? clock.now(),
    name === 'empty' ? 0 : (options.returns ?? DEFAULT_RETURNS),
  );
  const receipts = planReceipts(
    random.fork('receipts'),
    plan.articles,
    name === 'empty' ? 0 : (options.receipts ?? 0),
    name === 'quiet-day' ? QUIET_RECEIPTS : RECEIPT_CLASSES,
  );
  reckoning.onLater((documents) => holdsAny(blueCherry, documents));
  archean.connect(reckoning);
  if (options.position === undefined) {
    archean.misbehave(options.misbehave);
    reckoning.setRules(TRADING_DAY_RULES);
    loadReferenceData({ blueCherry, archean, reckoning }, plan);
    openStock({ blueCherry, archean, reckoning }, plan, random.fork('stock'));
    raiseOrders({ blueCherry, archean, reckoning }, receipts, clock.now());
  }
  const actions = schedule({ ...options, random }, plan, receipts);
  const planned = actions.filter((action) => action.counts).length;
  const { keeper, position } = options;
  return play(actions, { scenario: name, seed: options.seed, planned }, { keeper, from: position });
}
