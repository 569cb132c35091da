import { placesOf, sourceOf } from './placement.js';
import type { LoopSpec, SetSpec, Slot } from './set.js';
import type { Sheet } from './sheet.js';
import { UnknownSegment } from './values.js';
import { visitOf, type Visit, type Visited } from './visit.js';
import { isObject, segmentWriter, type WriteSegment } from './write-segment.js';

/** A loop made ready for writing. */
interface Plan {
  readonly loop: LoopSpec;
  readonly visit: Visit<null>;
  /** writes the segment that opens it, of a tree: the tree knows what its HL says */
  readonly opener: WriteSegment | null;
  readonly currencySlot: string | null;
}

const plans = new WeakMap<LoopSpec, Plan>();

function planOf(loop: LoopSpec, others: readonly string[]): Plan {
  const known = plans.get(loop);
  if (known !== undefined) return known;
  const [first] = loop.slots;
  const plan: Plan = {
    loop,
    visit: visitOf(
      loop.id,
      loop.slots.slice(loop.tree ? 1 : 0).map((slot): Visited<null> => ({
        name: slot.name,
        nothing: slot.min > 0 ? 'never' : slot.many ? 'empty' : 'absent',
        put: slotWriter(slot),
      })),
      others.map((name) => ({ name })),
    ),
    opener: loop.tree && first?.segment ? segmentWriter(first.segment) : null,
    currencySlot: loop.slots.find(({ id, many }) => id === 'CUR' && !many)?.name ?? null,
  };
  plans.set(loop, plan);
  return plan;
}

/** Writes the body of a document: its segments go to the sheet, in the order of the standard. */
export function writeBody(spec: SetSpec, document: Record<string, unknown>, sheet: Sheet): void {
  writeLoop(planOf(spec.body, ['set', 'unknown']), document, sheet);
  putUnknown(spec, document['unknown'], sheet);
}

function writeLoop(plan: Plan, value: unknown, sheet: Sheet): void {
  if (!isObject(value)) {
    sheet.refuse({ ref: plan.loop.id }, value, 'an object is expected');
    return;
  }
  const before = sheet.currency;
  const own = plan.currencySlot === null ? undefined : value[plan.currencySlot];
  if (isObject(own) && typeof own['currency'] === 'string') sheet.currency = own['currency'];
  plan.visit(value, sheet, null);
  sheet.currency = before;
}

/** Writes what a slot holds; made ready when it first holds something. */
function slotWriter(slot: Slot): Visited<null>['put'] {
  const { name, many, segment, loop } = slot;
  if (loop?.tree === true) return (sheet, held) => writeTree(slot, planOf(loop, ['level', 'children']), held, sheet);
  let made: ((sheet: Sheet, value: unknown) => void) | null = null;
  const writeOne = (): typeof made => {
    if (segment !== null) return segmentWriter(segment);
    const plan = loop === null ? null : planOf(loop, []);
    return plan === null ? null : (sheet, value) => writeLoop(plan, value, sheet);
  };
  return (sheet, held) => {
    made ??= writeOne();
    const list: unknown = many ? (held === undefined ? [] : held) : held === undefined ? [] : [held];
    if (!checkCount(slot, list, sheet) || !Array.isArray(list)) return;
    sheet.path.push(name);
    // A hole in a list is refused too: forEach would pass over it.
    for (let n = 0; n < list.length; n++) {
      if (many) sheet.path.push(n);
      made?.(sheet, list[n]);
      if (many) sheet.path.pop();
    }
    sheet.path.pop();
  };
}

/** Whether there are as many as there may be; of too many none is looked at. */
function checkCount({ name, id, min, max: allowed }: Slot, values: unknown, sheet: Sheet): boolean {
  const count = Array.isArray(values) ? values.length : -1;
  const max = Math.min(allowed, sheet.limits.transactionSegments);
  if (count >= min && count <= max) return true;
  sheet.path.push(name);
  if (count < 0) sheet.refuse({ ref: id }, values, 'a list is expected');
  else if (count < min) sheet.refuse({ ref: id }, undefined, 'it must be there');
  else sheet.refuse({ ref: id }, undefined, `${count} of them; ${max} are allowed`);
  sheet.path.pop();
  return count < min;
}

/** A level of a tree on its way: the node, the number of its parent, its place. */
interface Level {
  readonly node: unknown;
  readonly parent: string | undefined;
  readonly path: string;
}

/** HL loops of a tree: numbered from 1 in the order they are written, parents before children. */
function writeTree(slot: Slot, plan: Plan, held: unknown, sheet: Sheet): void {
  if (!checkCount(slot, held === undefined ? [] : held, sheet) || !Array.isArray(held)) return;
  const toWrite = Array.from(held, (node: unknown, n): Level => {
    return { node, parent: undefined, path: `${slot.name}[${n}]` };
  }).reverse();
  for (let number = 1; ; number++) {
    const next = toWrite.pop();
    if (next === undefined) return;
    sheet.path.push(next.path);
    const children = writeLevel(plan, next, String(number), sheet);
    sheet.path.pop();
    const own = String(number);
    for (let n = children.length - 1; n >= 0; n--)
      toWrite.push({ node: children[n], parent: own, path: `${next.path}.children[${n}]` });
  }
}

function writeLevel(plan: Plan, { node, parent }: Level, id: string, sheet: Sheet): readonly unknown[] {
  if (!isObject(node)) {
    sheet.refuse({ ref: 'HL' }, node, 'a level { level, children, … } is expected');
    return [];
  }
  const { level, children = [] } = node;
  if (!Array.isArray(children)) {
    sheet.refuse({ ref: 'HL' }, children, 'children are a list');
    return [];
  }
  const hasChildren = children.length > 0 ? '1' : '0';
  plan.opener?.(
    sheet,
    parent === undefined ? { id, level, hasChildren } : { id, parentId: parent, level, hasChildren },
  );
  writeLoop(plan, node, sheet);
  return children;
}

/** Segments that no schema knows go back to where they stood: there they must be what the reader keeps, and nothing else. */
function putUnknown(spec: SetSpec, unknown: unknown, sheet: Sheet): void {
  if (unknown === undefined || (Array.isArray(unknown) && unknown.length === 0)) return;
  const { transactionSegments } = sheet.limits;
  if (Array.isArray(unknown) && unknown.length > transactionSegments) {
    sheet.refuse({ ref: 'unknown' }, undefined, `a transaction has at most ${transactionSegments} segments`);
    return;
  }
  const parsed = UnknownSegment.array().safeParse(unknown);
  if (!parsed.success) {
    sheet.refuse({ ref: 'unknown' }, undefined, 'a list of { segment, id, elements } is expected');
    return;
  }
  const inOrder = [...parsed.data].sort((a, b) => a.segment - b.segment);
  const before = sheet.segments;
  const places = new Set<number>();
  for (const { segment, id, elements } of inOrder) {
    const bad = [id, ...elements].find((value) => !sheet.alphabet.has(value));
    const ref = id === '' ? 'unknown' : id;
    if (!/^[A-Z][A-Z0-9]{1,2}$/.test(id) || ENVELOPE.has(id))
      sheet.refuse({ ref }, id, 'no tag of a segment within a set');
    if (bad !== undefined) sheet.refuse({ ref }, bad, 'it holds a character that cannot be written');
    if (places.has(segment) || segment - 2 > before.length + places.size)
      sheet.refuse({ ref }, undefined, `it cannot be segment ${segment}: another one is, or the set ends before`);
    places.add(segment);
  }
  sheet.insert(inOrder.map(({ segment, id, elements }) => [segment - 2, [id, ...elements]]));
  if (sheet.refusals.length === 0) checkUnknown(spec, before, places, sheet);
}

/** Whether the reader would keep just these segments as unknown, and find the others where it would without them. */
function checkUnknown(spec: SetSpec, before: readonly string[], places: ReadonlySet<number>, sheet: Sheet): void {
  const without = standing(spec, before, sheet);
  let known = 0;
  for (const { segment, id, where } of standing(spec, sheet.segments, sheet)) {
    if (!places.has(segment)) {
      if (where === without[known++]?.where) continue;
      sheet.refuse(
        { ref: id },
        undefined,
        `segment ${segment} would lose its place, or its currency, by an unknown segment`,
      );
    } else if (where !== UNPLACED)
      sheet.refuse(
        { ref: id },
        undefined,
        `segment ${segment} has a place in this set, and would not be kept as it is`,
      );
  }
}

const UNPLACED = 'nowhere';

/** Where the reader finds segments, ST = 1. */
function standing(spec: SetSpec, segments: readonly string[], { separators }: Sheet) {
  const text = ['ST', ...segments, 'SE', ''].join(String.fromCharCode(separators.segment));
  const source = sourceOf({ text, separators, offset: 0 }, undefined);
  return placesOf(spec, source).map(({ segment, spec: of, name, opens, depth, currency = '' }) => ({
    segment: segment + 1,
    id: source.value(segment, 0),
    where: of === null ? UNPLACED : `${depth} ${opens ?? ''} ${name ?? ''} ${currency}`,
  }));
}

const ENVELOPE = new Set(['ISA', 'GS', 'ST', 'SE', 'GE', 'IEA', 'TA1']);
