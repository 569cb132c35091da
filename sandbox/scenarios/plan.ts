/** Draws a whole trading day from a seed, before anything happens. */
import type { Random } from '../core/index.js';
import { EVERYDAY, QUIET, RECIPES, RETURN_CLASSES } from './classes.js';
import { Day, type DayPlan, type PlannedEvent } from './day.js';

/** `trading-day` holds every class; `quiet-day` only those that need no person. */
export type DayName = 'trading-day' | 'quiet-day';

/** Most returns of one day. */
export const MOST_RETURNS = 20_000;

/** Shuffled, but returns of one group keep their order. */
function shuffled(events: readonly PlannedEvent[], random: Random): PlannedEvent[] {
  const mixed = random.shuffle(events);
  const rank = new Map(events.map((event, index) => [event, index]));
  const members = new Map<string, PlannedEvent[]>();
  for (const event of mixed)
    if (event.group !== null) members.set(event.group, [...(members.get(event.group) ?? []), event]);
  for (const group of members.values()) group.sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
  return mixed.map((event) =>
    event.group === null ? event : (members.get(event.group)?.shift() ?? event),
  );
}

/**
 * The day of a seed: one of every class, the rest everyday returns, `returns` in all. Fewer than there are classes
 * leaves the last classes out. Throws RangeError for a number of returns that no day holds.
 */
export function planDay(name: DayName, random: Random, now: Date, returns: number): DayPlan {
  if (!Number.isInteger(returns) || returns < 0 || returns > MOST_RETURNS)
    throw new RangeError(`a day holds 0 to ${MOST_RETURNS} returns; found ${returns}`);
  const day = new Day(random.fork('day'), now);
  const classes = name === 'quiet-day' ? (Object.keys(QUIET) as (keyof typeof QUIET)[]) : RETURN_CLASSES;
  for (const one of classes) if (day.events.length < returns) RECIPES[one](day);
  while (day.events.length < returns) RECIPES[day.random.pick(EVERYDAY)](day);
  const events = shuffled(day.events.slice(0, returns), random.fork('order'));
  return { articles: day.articles, orders: day.orders, events };
}
