import type { LoopSpec, SetSpec, Slot } from './set.js';
import type { Sheet } from './sheet.js';
import { UnknownSegment } from './values.js';
import { isObject, refuseOthers, segmentWriter, type WriteSegment } from './write-segment.js';

interface PlannedSlot extends Slot {
  readonly write: WriteSegment | null;
  readonly plan: Plan | null;
}

interface Plan {
  readonly loop: LoopSpec;
  readonly slots: readonly PlannedSlot[];
  readonly names: ReadonlySet<string>;
  readonly currencySlot: string | null;
}

const plans = new WeakMap<LoopSpec, Plan>();

function planOf(loop: LoopSpec, more: readonly string[]): Plan {
  const known = plans.get(loop);
  if (known !== undefined) return known;
  const slots = loop.slots.map((slot) => ({
    ...slot,
    write: slot.segment === null ? null : segmentWriter(slot.segment),
    plan: slot.loop === null ? null : planOf(slot.loop, slot.loop.tree ? ['level', 'children'] : []),
  }));
  const plan: Plan = {
    loop,
    slots,
    names: new Set([...slots.map(({ name }) => name), ...more]),
    currencySlot: slots.find(({ id, many }) => id === 'CUR' && !many)?.name ?? null,
  };
  plans.set(loop, plan);
  return plan;
}

/** Writes the body of a document: its segments go to the sheet, in the order of the standard. */
export function writeBody(spec: SetSpec, document: Record<string, unknown>, sheet: Sheet): void {
  writeLoop(planOf(spec.body, ['set', 'unknown']), document, sheet);
  putUnknown(document['unknown'], sheet);
}

function writeLoop(plan: Plan, value: unknown, sheet: Sheet): void {
  if (!isObject(value)) {
    sheet.refuse({ ref: plan.loop.id }, value, 'an object is expected');
    return;
  }
  const before = sheet.currency;
  const own = plan.currencySlot === null ? undefined : value[plan.currencySlot];
  if (isObject(own) && typeof own['currency'] === 'string') sheet.currency = own['currency'];
  for (const slot of plan.slots) writeSlot(slot, value[slot.name], sheet);
  refuseOthers(sheet, value, plan.names, plan.loop.id);
  sheet.currency = before;
}

function writeSlot(slot: PlannedSlot, held: unknown, sheet: Sheet): void {
  if (slot.loop?.tree === true) {
    writeTree(slot, held, sheet);
    return;
  }
  const values: readonly unknown[] = slot.many ? ((held ?? []) as unknown[]) : held === undefined ? [] : [held];
  if (!checkCount(slot, values, sheet) || !Array.isArray(values)) return;
  values.forEach((value, n) => {
    sheet.path.push(slot.many ? `${slot.name}[${n}]` : slot.name);
    if (slot.plan !== null) writeLoop(slot.plan, value, sheet);
    else slot.write?.(sheet, value);
    sheet.path.pop();
  });
}

/** Whether there are as many as there may be; of too many none is looked at. */
function checkCount({ name, id, min, max: allowed }: PlannedSlot, values: unknown, sheet: Sheet): boolean {
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
function writeTree(slot: PlannedSlot, held: unknown, sheet: Sheet): void {
  const { plan } = slot;
  if (!checkCount(slot, held ?? [], sheet) || plan === null || !Array.isArray(held)) return;
  const toWrite: Level[] = held
    .map((node: unknown, n) => ({ node, parent: undefined, path: `${slot.name}[${n}]` }))
    .reverse();
  for (let number = 1; ; number++) {
    const next = toWrite.pop();
    if (next === undefined) return;
    sheet.path.push(next.path);
    const children = writeLevel(plan, next, String(number), sheet);
    sheet.path.pop();
    const below = children.map((node, n): Level => ({
      node,
      parent: String(number),
      path: `${next.path}.children[${n}]`,
    }));
    for (const level of below.reverse()) toWrite.push(level);
  }
}

function writeLevel(plan: Plan, { node, parent }: Level, id: string, sheet: Sheet): readonly unknown[] {
  if (!isObject(node)) {
    sheet.refuse({ ref: 'HL' }, node, 'a level { level, children, … } is expected');
    return [];
  }
  const { level, children = [], ...held } = node;
  if (!Array.isArray(children)) {
    sheet.refuse({ ref: 'HL' }, children, 'children are a list');
    return [];
  }
  const hierarchy = {
    id,
    ...(parent === undefined ? {} : { parentId: parent }),
    level,
    hasChildren: children.length > 0 ? '1' : '0',
  };
  writeLoop(plan, { hierarchy, ...held }, sheet);
  return children;
}

/** Segments that no schema knows go back to where they stood. */
function putUnknown(unknown: unknown, sheet: Sheet): void {
  if (unknown === undefined || (Array.isArray(unknown) && unknown.length === 0)) return;
  const parsed = UnknownSegment.array().safeParse(unknown);
  if (!parsed.success) {
    sheet.refuse({ ref: 'unknown' }, undefined, 'a list of { segment, id, elements } is expected');
    return;
  }
  const inOrder = [...parsed.data].sort((a, b) => a.segment - b.segment);
  for (const { id, elements } of inOrder) {
    const values = [id, ...elements];
    const bad = values.find((value) => sheet.forbidden.test(value));
    if (!/^[A-Z][A-Z0-9]{1,2}$/.test(id) || ENVELOPE.has(id))
      sheet.refuse({ ref: id }, id, 'no tag of a segment within a set');
    if (bad !== undefined) sheet.refuse({ ref: id }, bad, 'it holds a character that cannot be written');
  }
  sheet.insert(inOrder.map(({ segment, id, elements }) => [segment - 2, [id, ...elements]]));
}

const ENVELOPE = new Set(['ISA', 'GS', 'ST', 'SE', 'GE', 'IEA', 'TA1']);
