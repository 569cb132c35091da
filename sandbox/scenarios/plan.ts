/** Draws a whole trading day from a seed, before anything happens. */
import type { Random } from '../core/index.js';
import { EVERYDAY, QUIET, RECIPES, RETURN_CLASSES } from './classes.js';
import { Day, TAX, type DayPlan, type PlannedEvent } from './day.js';

/** `trading-day` holds every class; `quiet-day` only those that need no person. */
export type DayName = 'trading-day' | 'quiet-day';

/** Most returns of one day. */
export const MOST_RETURNS = 20_000;

/** Orders of which nothing has come back yet, in every scenario. */
const SPARE_ORDERS = 150;

function spareOrders(day: Day): DayPlan['spare'] {
  const { random } = day;
  return Array.from({ length: SPARE_ORDERS }, () => {
    const division = random.pick(['WOM', 'MEN', 'ACC']);
    const place = random.pick(['FC-UK-1', 'FC-UK-1', 'FC-UK-1', 'FC-IE-1', 'FC-EU-1'] as const);
    const tax = place === 'FC-EU-1' ? TAX.zero : TAX.standard;
    const sales = Array.from({ length: random.int(1, 3) }, () => ({
      article: day.article(division),
      quantity: random.int(1, 6),
      tax,
    }));
    return day.order(sales, { place });
  });
}

/** Shuffled, but returns of one group keep their order. */
function shuffled(events: readonly PlannedEvent[], random: Random): PlannedEvent[] {
  const mixed = random.shuffle(events);
  const rank = new Map(events.map((event, index) => [event, index]));
  const members = new Map<string, PlannedEvent[]>();
  for (const event of mixed)
    if (event.group !== null) members.set(event.group, [...(members.get(event.group) ?? []), event]);
  for (const group of members.values()) group.sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
  return mixed.map((event) => (event.group === null ? event : (members.get(event.group)?.shift() ?? event)));
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
  const orders = [...day.orders];
  return { articles: day.articles, orders, spare: spareOrders(day), events };
}
