import { z } from 'zod';
import type { ElementSpec, FieldSpec } from './elements.js';
import type { SegmentSpec } from './segment.js';
import type { LoopSpec, SetSpec, Slot } from './set.js';
import { CalendarDate, Decimal, digitsOf, TimeOfDay, UnknownSegment } from './values.js';

/**
 * The zod schema of a set's documents, made from the same declarations as the reader and the writer, for programs that
 * get documents from elsewhere. It takes tenths of a second, and neither reader nor writer needs it.
 */
export const zodOf = ({ set, body }: SetSpec): z.ZodType =>
  z.strictObject({
    set: z.literal(set),
    ...shapeOf(body.slots),
    unknown: z.array(UnknownSegment).readonly().default([]),
  });

const shapeOf = (slots: readonly Slot[]): Record<string, z.ZodType> =>
  Object.fromEntries(slots.map((slot) => [slot.name, slotSchema(slot)]));

function slotSchema({ segment, loop, min, max, many }: Slot): z.ZodType {
  const inner = segment !== null ? segmentSchema(segment) : loop !== null ? loopSchema(loop) : z.never();
  if (!many) return min === 0 ? inner.optional() : inner;
  const list = z.array(inner).min(min);
  return (max === Infinity ? list : list.max(max)).readonly().default([]);
}

function loopSchema({ slots, tree }: LoopSpec): z.ZodType {
  if (!tree) return z.strictObject(shapeOf(slots));
  const shape = shapeOf(slots.slice(1));
  const level: z.ZodType = z.strictObject({
    level: z.string().min(1).max(2),
    ...shape,
    get children() {
      return z.array(level).readonly();
    },
  });
  return level;
}

const segmentSchema = ({ properties }: SegmentSpec): z.ZodType =>
  z.strictObject(
    Object.fromEntries(
      properties.map(({ name, field, required }) => [
        name,
        required ? fieldSchema(field) : fieldSchema(field).optional(),
      ]),
    ),
  );

function fieldSchema(field: FieldSpec): z.ZodType {
  switch (field.kind) {
    case 'element':
      return elementSchema(field);
    case 'quantity':
      return z.strictObject({ value: elementSchema(field.value), unit: elementSchema(field.unit).optional() });
    case 'amount':
      return z.strictObject({ value: elementSchema(field.value), currency: z.string().length(3).optional() });
    case 'pairs': {
      const pair = z.strictObject({ qualifier: elementSchema(field.qualifier), value: elementSchema(field.value) });
      const most = (field.last - field.qualifier.position + 1) / 2;
      return z.array(pair).min(1).max(most).readonly();
    }
    case 'list': {
      const most = field.last - field.element.position + 1;
      return z.array(z.string().max(field.element.max)).min(1).max(most).readonly();
    }
    case 'composite':
      return z.strictObject(
        Object.fromEntries(
          field.components.map(({ name, element, required }) => [
            name,
            required ? elementSchema(element) : elementSchema(element).optional(),
          ]),
        ),
      );
    case 'plain':
      return z.array(z.string()).max(field.last).readonly();
  }
}

function elementSchema({ type, min, max, decimals }: ElementSpec): z.ZodType {
  switch (type) {
    case 'AN':
    case 'ID':
      return z.string().min(min).max(max);
    case 'DT':
      return CalendarDate;
    case 'TM':
      return TimeOfDay;
    case 'R':
      return Decimal.refine((value) => digitsOf(value) <= max, `at most ${max} digits are expected`);
    case 'N':
      return Decimal.refine(
        (value) => digitsOf(value) <= Math.max(max, decimals + 1) && (value.split('.')[1] ?? '').length <= decimals,
        `at most ${max} digits, ${decimals} of them after the point, are expected`,
      );
  }
}
