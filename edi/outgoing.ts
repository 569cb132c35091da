import { z } from 'zod';
import type { Refusal } from './schema/sheet.js';
import { isDay, TimeOfDay } from './schema/values.js';
import { RELEASES, type Release } from './schema/release.js';
import { setFor, type Document } from './sets/index.js';
import type { InterchangeAcknowledgement } from './sets/ta1.js';
import type { Separators } from './syntax/separators.js';

/** An identifier of a trading partner as the ISA has it: a qualifier of two characters and at most fifteen of an id. */
export interface Party {
  readonly qualifier: string /* ISA05, ISA07 */;
  readonly id: string /* ISA06, ISA08 */;
}

/** A functional group to be written: documents of one kind and one edition. */
export interface OutgoingGroup {
  readonly sender: string /* GS02 */;
  readonly receiver: string /* GS03 */;
  readonly release: Release /* GS08 */;
  readonly documents: readonly Document[];
}

/** An interchange to be written. Counts and numbers are computed, never given. */
export interface Outgoing {
  readonly sender: Party;
  readonly receiver: Party;
  /** `2026-03-31` and `09:30`, of ISA09, ISA10, GS04 and GS05 */
  readonly date: string;
  readonly time: string;
  readonly usage: 'P' | 'T' /* ISA15 */;
  readonly acknowledgementRequested?: boolean /* ISA14 */;
  /** TA1 segments, which stand before the first group */
  readonly interchangeAcknowledgements?: readonly InterchangeAcknowledgement[];
  readonly groups: readonly OutgoingGroup[];
  /** that what it says asks for, as of `replyTo`; those of the options go before them */
  readonly separators?: Partial<Separators>;
}

/** A document or envelope that cannot be written. `write` wrote nothing then; `writeChunks` handed out what was before it. */
export class WriteRefused extends Error {
  override readonly name = 'WriteRefused';
  readonly refusals: readonly Refusal[];

  constructor(refusals: readonly Refusal[], options?: ErrorOptions) {
    const [first] = refusals;
    const message = first?.message ?? '';
    super(refusals.length > 1 ? `${message} (and ${refusals.length - 1} more)` : message, options);
    this.refusals = refusals;
  }
}

/** Refuses one value of an envelope, or of how it is to be written. */
export function refuse(ref: string, value: string, why: string): never {
  const message = `${ref} is ${JSON.stringify(value.slice(0, 40))}: ${why}`;
  throw new WriteRefused([{ path: '', ref, message, value: value.slice(0, 99) }]);
}

/** Sets that GE01 can count, and groups that IEA01 can. */
const [MOST_SETS, MOST_GROUPS] = [999_999, 99_999];

/** Whether it names its set; of an object that cannot even be looked at (a revoked proxy) nothing is known. */
function isDocument(held: unknown): held is Document {
  try {
    return typeof held === 'object' && held !== null && 'set' in held && typeof held.set === 'string';
  } catch {
    return false;
  }
}

const PartyShape = z.strictObject({ qualifier: z.string(), id: z.string() });

/** What an outgoing interchange is made of; its documents are looked at when they are written. */
const Shape = z.strictObject({
  sender: PartyShape,
  receiver: PartyShape,
  date: z.string(),
  time: z.string(),
  usage: z.enum(['P', 'T']),
  acknowledgementRequested: z.boolean().optional(),
  interchangeAcknowledgements: z.array(z.unknown()).optional(),
  separators: z
    .strictObject({
      element: z.number(),
      component: z.number(),
      repetition: z.number().nullable(),
      segment: z.number(),
      segmentTail: z.string(),
    })
    .partial()
    .optional(),
  groups: z
    .array(
      z.strictObject({
        sender: z.string(),
        receiver: z.string(),
        release: z.enum(RELEASES),
        documents: z.array(z.custom(isDocument, 'a document is expected, with its set')).min(1).max(MOST_SETS),
      }),
    )
    .max(MOST_GROUPS),
});

/** Refuses a property that nobody knows: a misspelt one would be left out without a word. */
export function checkNames(what: string, given: object, known: readonly string[]): void {
  const stranger = Object.keys(given).find((name) => !known.includes(name));
  if (stranger !== undefined) refuse(what, stranger, `no such property; known are ${known.join(', ')}`);
}

/** Refuses what is no outgoing interchange at all: a program in plain JavaScript may hand over anything. */
export function checkShape(outgoing: Outgoing): void {
  const { error } = Shape.safeParse(outgoing);
  if (error === undefined) return;
  throw new WriteRefused(
    error.issues.slice(0, 100).map(({ path, message }) => {
      const where = path.map(String).join('.');
      return { path: where, ref: path[0] === 'groups' ? 'GS' : 'ISA', message: `${where || 'it'}: ${message}` };
    }),
  );
}

/** Refuses what an envelope cannot say; `bad` tells text that holds what cannot be written. */
export function checkEnvelope(
  { sender, receiver, date, time, groups, interchangeAcknowledgements = [] }: Outgoing,
  bad: (text: string) => boolean,
): void {
  if (groups.length + interchangeAcknowledgements.length === 0)
    refuse('groups', '', 'an interchange holds a group or a TA1 at least');
  for (const [ref, { qualifier, id }] of [
    ['ISA06', sender],
    ['ISA08', receiver],
  ] as const) {
    if (!/^[0-9A-Z]{2}$/.test(qualifier))
      refuse(ref === 'ISA06' ? 'ISA05' : 'ISA07', qualifier, 'two capitals or digits are expected');
    if (id.trim() !== id || id === '' || id.length > 15 || bad(id))
      refuse(ref, id, '1 to 15 characters are expected, no separator among them, no blank at its ends');
  }
  if (!isDay(date) || date < '1950' || date >= '2050')
    refuse(
      'ISA09',
      date,
      'a day like 2026-03-31 is expected, of 1950 to 2049: it is written with two digits of its year',
    );
  if (!TimeOfDay.safeParse(time).success) refuse('ISA10', time, 'a time like 09:30 is expected');
  for (const group of groups)
    for (const [ref, id] of [
      ['GS02', group.sender],
      ['GS03', group.receiver],
    ] as const)
      if (id.length < 2 || id.length > 15 || bad(id) || id.trim() !== id)
        refuse(ref, id, '2 to 15 characters are expected, no separator among them, no blank at its ends');
}

/** GS01 of a group: its documents are of one set. */
export function functionalIdOf({ documents, release }: OutgoingGroup): string {
  const kinds = [...new Set(documents.map(({ set }) => set))];
  const [set = ''] = kinds;
  const spec = setFor(set, release);
  if (spec === null || kinds.length !== 1)
    return refuse('GS01', kinds.join(' '), 'a group holds documents of one set that this library knows');
  return spec.group;
}
