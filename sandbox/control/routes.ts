/** The control surface of design.md 8: JSON in and out, and nothing in it knows the product's processes. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { blueCherryEvent } from '../blue-cherry/index.js';
import { Refusal } from '../core/index.js';
import {
  ClockBody,
  CycleBody,
  EditBody,
  EventBody,
  FaultBody,
  MisbehaveBody,
  PeriodBody,
  Reset,
  Webhook,
} from './requests.js';
import type { World } from './world.js';

/** What the routes work on: the world of now, and how to get another. */
export interface Control {
  world: () => World;
  reset(wanted: Reset): Promise<World>;
  setWebhook(target: Webhook): void;
}

/** Checks a body; a ZodError is answered as 400 by the server. */
const read = <S extends z.ZodType>(schema: S, request: FastifyRequest): z.output<S> => schema.parse(request.body ?? {});

const paramOf = (request: FastifyRequest, name: string): string =>
  (request.params as Record<string, string>)[name] ?? '';
const queryOf = (request: FastifyRequest): Record<string, string> => request.query as Record<string, string>;

function systemIn(name: string): 'blue-cherry' | 'archean' {
  if (name === 'blue-cherry' || name === 'archean') return name;
  throw new RangeError(`system "${name}" is not one of blue-cherry, archean`);
}

function booksOf(world: World, request: FastifyRequest): unknown {
  if (systemIn(paramOf(request, 'system')) === 'archean') return world.archean.dump();
  const include = (queryOf(request)['include'] ?? '').split(',');
  return world.blueCherry.dump({ invoices: include.includes('invoices') });
}

/** How far the scenario or the history has come; `planned` counts what it emits in all. */
function playOf(world: World): object | null {
  const state = world.play?.state();
  if (state === undefined) return null;
  return 'planned' in state ? state : { ...state, planned: state.returns + state.movements };
}

function reckoningOf(world: World): unknown {
  return { ...world.reckoning.report(), play: playOf(world) };
}

function happen(world: World, request: FastifyRequest): unknown {
  const { system, type, payload } = read(EventBody, request);
  if (systemIn(system) === 'archean') return world.archean.event(type, payload);
  const { blueCherry, clock, chance, reckoning } = world;
  return blueCherryEvent(
    {
      books: blueCherry.books,
      clock,
      random: chance,
      onOrder: (order) => reckoning.noteOrder(order),
      onItem: ({ sku, code, standardCost, unitsPerCase }) =>
        reckoning.noteItem({ sku, code, division: sku.split('|')[0] ?? '', standardCost, unitsPerCase }),
      onPurchaseOrder: (order, options) => reckoning.notePurchaseOrder(order, options),
    },
    type,
    payload,
  );
}

function cycle(world: World, request: FastifyRequest): unknown {
  const { cycles } = world.blueCherry;
  return cycles[read(CycleBody, request).do]();
}

function period(world: World, request: FastifyRequest): unknown {
  const wanted = read(PeriodBody, request);
  if (wanted.state === 'closed') world.blueCherry.books.closePeriod(wanted.period);
  else world.blueCherry.books.openPeriod(wanted.period);
  return wanted;
}

/** Reads: what is there. */
function readings(app: FastifyInstance, control: Control): void {
  const { world } = control;
  app.get('/_sandbox/systems', () => world().addresses);
  app.get('/_sandbox/books/:system', (request) => booksOf(world(), request));
  app.get('/_sandbox/reckoning', () => reckoningOf(world()));
  app.get('/_sandbox/mailbox', () => ({ mails: world().mailbox.list() }));
  app.get('/_sandbox/calls/:system', (request) => ({
    calls: world().calls.of(systemIn(paramOf(request, 'system'))),
  }));
  app.get('/_sandbox/faults', () => ({ faults: world().faults.list() }));
  app.get('/_sandbox/play', () => playOf(world()));
  app.get('/_sandbox/webhooks', () => ({ deliveries: world().archean.deliveries() }));
  app.get('/_sandbox/blue-cherry/references', () => ({ references: world().blueCherry.references() }));
  app.get('/_sandbox/blue-cherry/cycle', () => world().blueCherry.cycles.status());
  app.get('/_sandbox/clock', () => ({
    now: world().clock.instant(),
    businessDate: world().clock.businessDate(),
  }));
}

/** Doings: what happens to it. */
function doings(app: FastifyInstance, control: Control): void {
  const { world } = control;
  app.post('/_sandbox/reset', async (request) => {
    const wanted = read(Reset, request);
    const fresh = await control.reset(wanted);
    const faults = fresh.play !== null && 'faults' in fresh.play ? fresh.play.faults : [];
    return { systems: fresh.addresses, play: playOf(fresh), faults };
  });
  app.post('/_sandbox/mailbox', (request) => world().mailbox.deliver(request.body, world().clock.instant()));
  app.post('/_sandbox/faults', (request) => ({ id: world().faults.add(read(FaultBody, request)) }));
  app.delete('/_sandbox/faults', () => ({ removed: world().faults.remove() }));
  app.delete('/_sandbox/faults/:id', (request) => {
    const id = paramOf(request, 'id');
    if (!world().faults.remove(id)) throw new Refusal(404, 'NOT_FOUND', `there is no fault "${id}"`);
    return { removed: true };
  });
  app.post('/_sandbox/events', (request) => happen(world(), request));
  app.post('/_sandbox/misbehave', (request) => {
    const { probability } = read(MisbehaveBody, request);
    world().faults.misbehave(probability);
    world().archean.misbehave(probability);
    return { probability };
  });
  app.post('/_sandbox/webhook', (request) => {
    const target = read(Webhook, request);
    control.setWebhook(target);
    return { webhook: target?.url ?? null };
  });
  app.post('/_sandbox/blue-cherry/cycle', (request) => cycle(world(), request));
  app.post('/_sandbox/blue-cherry/period', (request) => period(world(), request));
  app.post('/_sandbox/blue-cherry/edit', (request) => {
    const { document, set } = read(EditBody, request);
    const { blueCherry, reckoning } = world();
    const edited = blueCherry.books.edit(document, set);
    const order = blueCherry.books.findPurchaseOrder(document);
    if (order !== undefined) reckoning.notePurchaseOrder(order, { statusSet: set.status !== undefined });
    return { document: edited };
  });
  app.post('/_sandbox/clock', (request) => {
    world().clock.advance(read(ClockBody, request).advanceMs);
    return { now: world().clock.instant(), businessDate: world().clock.businessDate() };
  });
}

/** Registers the whole surface. */
export function controlRoutes(app: FastifyInstance, control: Control): void {
  readings(app, control);
  doings(app, control);
}
