import { tagKey } from '../syntax/spelling.js';
import { bodyOf, NONE, type Plan, type PlannedSlot } from './plan.js';
import type { SetSpec, Slot } from './set.js';
import type { Source } from './source.js';
import { templateFor } from './template.js';
import { treeOf, type FlatLevel } from './tree.js';

/** Where the reading of a loop stands, and of the loops around it. */
export interface Frame {
  readonly plan: Plan;
  at: number;
  readonly around: Frame | null;
  /** of slots that must be filled and were passed: the segment that came instead */
  passed?: Map<number, number>;
}

/** Reads the body of a transaction into a document of its set; faults and unknown segments go to the source. */
export function readBody(spec: SetSpec, source: Source): Record<string, unknown> {
  const document = readLoop(openBody(spec, source), source);
  if (source.unknown.length > 0) document['unknown'] = source.unknown;
  return document;
}

/** Slot of a loop that a tag has, or -1; the segment that opens a loop has none in it. */
function slotOf({ plan, around }: Frame, key: number): number {
  const n = plan.slotOf.get(key) ?? -1;
  return n === 0 && around !== null ? -1 : n;
}

/** Slot that a segment may take from where the frame stands, or -1. The segment that opens a loop opens the next one. */
function forward(frame: Frame, key: number): number {
  const n = slotOf(frame, key);
  return n > frame.at || (n === frame.at && frame.plan.slots[n]?.many === true) ? n : -1;
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
  const own = slotOf(frame, key);
  if (own >= 0) return own;
  if (ahead) return 'leave';
  for (let around = frame.around; around !== null; around = around.around)
    if (around.plan.slotOf.has(key)) return 'leave';
  return 'unknown';
}

/**
 * Whether a segment that must come stands between here and slot `n`: a tax behind the description of an invoice line is
 * then a tax of that line out of its place, not one of the whole invoice, which would come after the total.
 */
const passesRequired = ({ plan, at }: Frame, n: number): boolean => (plan.slots[n]?.requiredBefore ?? -1) > at;

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
      if (passesRequired(frame, ahead)) notePassed(frame, ahead, source);
      frame.at = ahead;
      fill(frame, ahead, read, source);
      continue;
    }
    const where = elsewhere(frame, key);
    if (where === 'leave') break;
    if (where === 'unknown') tellUnknown(source);
    else late(frame, where, read, source);
  }
  if (unsure.length > 0) leaveOut(unsure, read);
  if (plan.trees.length > 0) growTrees(plan.trees, read, source);
  if (plan.required.length > 0) checkRequired(frame, read, opened, source);
  return read;
}

/** A property that was expected and did not come is not there. */
function leaveOut(unsure: readonly string[], read: Record<string, unknown>): void {
  for (const name of unsure) if (read[name] === undefined) delete read[name];
}

function growTrees(trees: readonly Slot[], read: Record<string, unknown>, source: Source): void {
  for (const { name } of trees) read[name] = treeOf(read[name] as readonly FlatLevel[], source);
}

function checkRequired(frame: Frame, read: Record<string, unknown>, opened: number, source: Source): void {
  const { required, slots } = frame.plan;
  for (const n of required) if (!filled(read, slots[n])) tellMissing(source, n, opened, frame);
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
  const { loop, currency, cursor } = source;
  source.loop = plan.loop.id;
  source.currency = currencyOf(cursor, source);
  const read = readLoop({ plan, at: 0, around }, source);
  source.loop = loop;
  source.currency = currency;
  return plan.loop.tree ? { node: read, opened: cursor } : read;
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
function ownCurrency({ slots, slotOf }: Plan, source: Source): number {
  for (let n = 1; n < source.end; n++) {
    const key = source.tags[n] ?? -1;
    if (key === CUR) return n;
    if (slots[slotOf.get(key) ?? -1]?.plan !== null) return 0;
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
    else if (slot?.id === 'CUR') {
      source.currencies ??= new Map<number, number>();
      if (!source.currencies.has(opened)) source.currencies.set(opened, segment);
    }
  }
}

/** Currency in the loop that a segment opens. */
export const currencyOf = (opened: number, source: Source): string | undefined =>
  source.currencies === null ? source.currency : currencyIn(source.currencies.get(opened) ?? 0, source);

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
