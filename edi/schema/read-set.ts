import { tagKey } from '../syntax/spelling.js';
import { segmentReader, type ReadSegment } from './read-segment.js';
import type { LoopSpec, SetSpec, Slot } from './set.js';
import type { Source } from './source.js';
import { templateFor, templatesOf, type Templates } from './template.js';
import { treeOf, type FlatLevel } from './tree.js';

export interface PlannedSlot extends Slot {
  readonly read: ReadSegment | null;
  readonly plan: Plan | null;
}

/** A loop made ready for reading: its slots, and by tag the slots that a segment may stand in. */
export interface Plan {
  readonly loop: LoopSpec;
  readonly slots: readonly PlannedSlot[];
  readonly byTag: ReadonlyMap<number, readonly number[]>;
  /** slots that must be filled */
  readonly required: readonly number[];
  /** what an iteration holds before anything is read: its empty lists, and a place for what must be there */
  readonly templates: Templates;
  /** property that the segment which opens the loop is read into; of an HL the tree keeps the level only */
  readonly openerName: string;
  /** slots whose iterations form a tree */
  readonly trees: readonly Slot[];
}

/** Where the reading of a loop stands, and of the loops around it. */
export interface Frame {
  readonly plan: Plan;
  at: number;
  readonly around: Frame | null;
  /** of slots that must be filled and were passed: the segment that came instead */
  passed?: Map<number, number>;
}

/** The one empty list; nobody writes to it. */
const NONE: readonly unknown[] = Object.freeze([]);
const plans = new WeakMap<LoopSpec, Plan>();

/**
 * The body of a set made ready, once. What every document has is in its templates from the start: a property that is added
 * later costs V8 a hidden class each time, which stays until the whole heap is swept.
 */
const bodyOf = (spec: SetSpec): Plan => planOf(spec.body, { set: spec.set, unknown: NONE });

/** `more` is what an iteration holds besides. */
function planOf(loop: LoopSpec, more: Readonly<Record<string, unknown>> = {}): Plan {
  const known = plans.get(loop);
  if (known !== undefined) return known;
  const slots = loop.slots.map((slot) => ({
    ...slot,
    read: slot.segment === null ? null : segmentReader(slot.segment),
    plan: slot.loop === null ? null : planOf(slot.loop),
  }));
  const byTag = new Map<number, number[]>();
  slots.forEach(({ id }, n) => byTag.set(tagKey(id), [...(byTag.get(tagKey(id)) ?? []), n]));
  const plan: Plan = {
    loop,
    slots,
    byTag,
    required: slots.flatMap(({ min }, n) => (min > 0 && !(loop.tree && n === 0) ? [n] : [])),
    openerName: loop.tree ? 'level' : (slots[0]?.name ?? ''),
    templates: templatesOf(slots, {
      ...Object.fromEntries(
        slots
          .slice(loop.tree ? 1 : 0)
          .filter(({ many, min }) => many || min > 0)
          .map(({ name, many }) => [name, many ? NONE : undefined]),
      ),
      ...(loop.tree ? { level: undefined, children: NONE } : {}),
      ...more,
    }),
    trees: slots.filter(({ loop }) => loop?.tree === true),
  };
  plans.set(loop, plan);
  return plan;
}

/** Reads the body of a transaction into a document of its set; faults and unknown segments go to the source. */
export function readBody(spec: SetSpec, source: Source): Record<string, unknown> {
  const document = readLoop(openBody(spec, source), source);
  if (source.unknown.length > 0) document['unknown'] = source.unknown;
  return document;
}

/** Slot that a segment may take from where the frame stands, or -1. The segment that opens a loop opens the next one. */
function forward(frame: Frame, key: number): number {
  const slots = frame.plan.byTag.get(key);
  if (slots === undefined) return -1;
  const opener = frame.around === null ? -1 : 0;
  for (const n of slots)
    if (n !== opener && (n > frame.at || (n === frame.at && frame.plan.slots[n]?.many === true))) return n;
  return -1;
}

/** How a loop deals with a segment that has no slot ahead. */
type Elsewhere = 'leave' | 'unknown' | number;

/** Where a segment belongs that has no slot ahead: around, nowhere, or to a slot that was passed. */
function elsewhere(frame: Frame, key: number): Elsewhere {
  let ahead = false;
  for (let around = frame.around; around !== null; around = around.around) {
    const n = forward(around, key);
    if (n < 0) continue;
    if (!passesRequired(around, n)) return 'leave';
    ahead = true;
  }
  const own = frame.plan.byTag.get(key)?.find((n) => frame.around === null || n > 0);
  if (own !== undefined) return own;
  if (ahead) return 'leave';
  for (let around = frame.around; around !== null; around = around.around)
    if (around.plan.byTag.has(key)) return 'leave';
  return 'unknown';
}

/**
 * Whether a segment that must come stands between here and slot `n`: a tax behind the description of an invoice line is
 * then a tax of that line out of its place, not one of the whole invoice, which would come after the total.
 */
const passesRequired = ({ plan, at }: Frame, n: number): boolean => plan.required.some((slot) => slot > at && slot < n);

function readLoop(frame: Frame, source: Source): Record<string, unknown> {
  const { plan } = frame;
  const { make, unsure } = frame.around === null ? plan.templates.plain : templateFor(plan.templates, source);
  const read = make();
  const opened = source.cursor;
  if (frame.around !== null) {
    read[plan.openerName] = plan.slots[0]?.read?.(source, source.cursor++);
  }
  while (source.cursor < source.end) {
    const key = source.tags[source.cursor] ?? -1;
    const ahead = forward(frame, key);
    if (ahead >= 0) {
      if (ahead > frame.at + 1) notePassed(frame, ahead, source);
      frame.at = ahead;
      fill(frame, ahead, read, source);
      continue;
    }
    const where = elsewhere(frame, key);
    if (where === 'leave') break;
    if (where === 'unknown') tellUnknown(source);
    else late(frame, where, read, source);
  }
  for (const name of unsure) if (read[name] === undefined) delete read[name];
  for (const { name } of plan.trees) read[name] = treeOf(read[name] as readonly FlatLevel[], source);
  for (const n of plan.required) if (!filled(read, plan.slots[n])) tellMissing(source, n, opened, frame);
  return read;
}

/** Notes where a segment was expected that must come: the 997 says its place (AK302). */
function notePassed(frame: Frame, ahead: number, { cursor }: Source): void {
  for (const n of frame.plan.required)
    if (n > frame.at && n < ahead) (frame.passed ??= new Map<number, number>()).set(n, cursor);
}

const filled = (read: Record<string, unknown>, slot: PlannedSlot | undefined): boolean =>
  slot === undefined || (slot.many ? (read[slot.name] as unknown[]).length >= slot.min : read[slot.name] !== undefined);

function fill(frame: Frame, n: number, read: Record<string, unknown>, source: Source): void {
  const slot = frame.plan.slots[n];
  if (slot === undefined) return;
  const segment = source.cursor;
  const value = slot.plan === null ? slot.read?.(source, source.cursor++) : readIteration(slot.plan, frame, source);
  if (!slot.many) {
    read[slot.name] = value;
    return;
  }
  let list = read[slot.name] as unknown[];
  if (list === NONE) read[slot.name] = list = [value];
  else list.push(value);
  if (list.length === slot.max + 1) tellTooOften(source, slot, segment);
}

function readIteration(plan: Plan, around: Frame, source: Source): unknown {
  const [loop, currency] = [source.loop, source.currency];
  source.loop = plan.loop.id;
  const opened = source.cursor;
  source.currency = currencyOf(opened, source);
  let read: unknown = readLoop({ plan, at: 0, around }, source);
  if (plan.loop.tree) read = { node: read, opened };
  [source.loop, source.currency] = [loop, currency];
  return read;
}

/** Makes a body ready to be walked over: the CUR of the set itself rules it, those of loops rule their loops. */
export function openBody(spec: SetSpec, source: Source): Frame {
  const plan = bodyOf(spec);
  source.cursor = 1;
  const own = ownCurrency(plan, source);
  if (source.find(CUR, own + 1) < 0) source.currency = currencyIn(own, source);
  else {
    locate({ plan, at: -1, around: null }, 0, source);
    source.cursor = 1;
    source.currency = currencyOf(0, source);
  }
  return { plan, at: -1, around: null };
}

/** Index of a CUR that stands before the first loop; 0 if there is none. */
function ownCurrency({ slots, byTag }: Plan, source: Source): number {
  for (let n = 1; n < source.end; n++) {
    const key = source.tags[n] ?? -1;
    if (key === CUR) return n;
    if (slots[byTag.get(key)?.[0] ?? -1]?.plan !== null) return 0;
  }
  return 0;
}

/** Where the next segment belongs, by the rules the reader goes by; the frame goes on to a slot that lies ahead. */
export function placeOfNext(frame: Frame, source: Source): Elsewhere {
  const key = source.tags[source.cursor] ?? -1;
  const ahead = forward(frame, key);
  if (ahead < 0) return elsewhere(frame, key);
  frame.at = ahead;
  return ahead;
}

/** Which loop each CUR stands in, by the segment that opened it: a loop may come before its own CUR, and have one itself. */
function locate(frame: Frame, opened: number, source: Source): void {
  while (source.cursor < source.end) {
    const where = placeOfNext(frame, source);
    if (where === 'leave') return;
    const segment = source.cursor++;
    const slot = where === 'unknown' ? undefined : frame.plan.slots[where];
    if (slot?.plan) locate({ plan: slot.plan, at: 0, around: frame }, segment, source);
    else if (slot?.id === 'CUR' && !source.currencies.has(opened)) source.currencies.set(opened, segment);
  }
}

/** Currency in the loop that a segment opens. */
export const currencyOf = (opened: number, source: Source): string | undefined =>
  source.currencies.size === 0 ? source.currency : currencyIn(source.currencies.get(opened) ?? 0, source);

const currencyIn = (segment: number, source: Source): string | undefined =>
  (segment === 0 ? '' : source.value(segment, 2).trim()) || source.currency;

const CUR = tagKey('CUR');
/** Tags of segments (X12.6). */
export const TAG = /^[A-Z][A-Z0-9]{1,2}$/;

/** A segment that came after its place, or once too often. */
function late(frame: Frame, n: number, read: Record<string, unknown>, source: Source): void {
  const slot = frame.plan.slots[n];
  if (slot === undefined) return;
  if (!slot.many && read[slot.name] !== undefined) {
    source.tell('segment-too-often', `${slot.id} may come once here; the first one counts`, source.cursor);
    source.keep(source.cursor++);
    return;
  }
  const after = frame.plan.slots[frame.at]?.id ?? 'ST';
  source.tell('segment-out-of-sequence', `${slot.id} stands after ${after}; the standard has it before`, source.cursor);
  fill(frame, n, read, source);
}

/** Tells of a tag that no segment of any set can have. */
export const tellNoSegment = (source: Source, segment: number, tag: string): void =>
  source.tell(
    'segment-not-known',
    `${JSON.stringify(tag.slice(0, 20))} is no segment; two or three capital letters and digits are expected`,
    segment,
  );

function tellUnknown(source: Source): void {
  const segment = source.cursor++;
  const first = source.starts[segment] ?? 0;
  const tag = source.text.slice((source.marks[first] ?? 0) + 1, source.marks[first + 1]);
  if (tag === '' && (source.starts[segment + 1] ?? 0) - first === 2) {
    source.tell('segment-empty', 'a segment without anything in it', segment);
    return;
  }
  source.keep(segment);
  if (TAG.test(tag)) source.tell('segment-not-in-set', `${tag} does not belong to this set; kept as it is`, segment);
  else tellNoSegment(source, segment, tag);
}

function tellMissing(source: Source, n: number, opened: number, frame: Frame): void {
  const slot = frame.plan.slots[n];
  if (slot === undefined) return;
  source.broken = true;
  const where = frame.around === null ? 'the set' : `the ${frame.plan.loop.id} loop that segment ${opened + 1} opens`;
  source.tell('segment-missing', `${slot.id} is missing in ${where}`, frame.passed?.get(n) ?? source.cursor, {
    segmentId: slot.id,
  });
}

function tellTooOften(source: Source, slot: PlannedSlot, segment: number): void {
  const rule = slot.loop === null ? 'segment-too-often' : 'loop-too-often';
  source.tell(rule, `${slot.id} may come ${slot.max} times here`, segment);
}
