/**
 * Nowhere may a segment be meant for two places. By the standard the reader takes the innermost loop that still has a
 * place ahead, and there the first one (X12.6, loops): so a segment goes astray only where a loop that is open could
 * take what was meant for one around it.
 */
import { describe, expect, test } from '@jest/globals';
import type { LoopSpec, Slot } from '../../../edi/schema/set.js';
import { setFor, SET_NUMBERS } from '../../../edi/sets/index.js';

const RELEASES = ['004010', '005010'] as const;
const SETS = SET_NUMBERS.flatMap((set) => RELEASES.map((release) => ({ set, release })));

/** A loop, and where in the loop around it it stands. */
interface Standing {
  readonly loop: LoopSpec;
  readonly at: number;
  readonly around: Standing | null;
}

const nameOf = ({ loop, at, around }: Standing): string =>
  around === null ? loop.id : `${nameOf(around)}.${around.loop.slots[at]?.name ?? ''}`;

/** Slots a segment may go to from slot `at` on: the loop repeats by the segment that opens it, which is the one around's. */
const ahead = ({ slots }: LoopSpec, at: number, inner: boolean): readonly [Slot, number][] =>
  slots.flatMap((slot, n): [Slot, number][] =>
    (n > at || (n === at && slot.many)) && !(inner && n === 0) ? [[slot, n]] : [],
  );

/** Whether a segment that must come stands from slot `at` on, before slot `to`: it ends what is open inside. */
const endsBefore = ({ slots }: LoopSpec, at: number, to = slots.length): boolean =>
  slots.some(({ min }, n) => min > 0 && n > at && n < to);

/**
 * Places of a loop that a later place of a loop around it may be mistaken for: where no segment that must come stands
 * between the two, as TDS does between the taxes of the last line and those of the invoice, and LE behind LS.
 */
function mistakable(standing: Standing): string[] {
  const found: string[] = [];
  const { loop } = standing;
  const own = new Map(ahead(loop, 0, standing.around !== null).map(([slot]) => [slot.id, slot]));
  for (let inner = standing; inner.around !== null; inner = inner.around) {
    const { around, at } = inner;
    for (const [slot, n] of ahead(around.loop, at, around.around !== null)) {
      const mine = own.get(slot.id);
      if (mine !== undefined && !endsBefore(around.loop, at, n))
        found.push(`${slot.id}: ${nameOf(standing)}.${mine.name} or ${nameOf(around)}.${slot.name}`);
    }
    if (endsBefore(around.loop, at)) break;
  }
  loop.slots.forEach(({ loop: inside }, n) => {
    if (inside !== null) found.push(...mistakable({ loop: inside, at: n, around: standing }));
  });
  return found;
}

/** Two slots of a loop with one tag, of which the reader could fill the first only. */
function twice({ slots }: LoopSpec): string[] {
  const own = slots.flatMap(({ id, name }, n) =>
    slots.slice(n + 1).some((other) => other.id === id) ? [`${id}: ${name}`] : [],
  );
  return [...own, ...slots.flatMap(({ loop }) => (loop === null ? [] : twice(loop)))];
}

const bodyOf = (set: string, release: (typeof RELEASES)[number]): LoopSpec => {
  const spec = setFor(set, release);
  if (spec === null) throw new Error(`no schema of ${set}`);
  return spec.body;
};

describe('a segment', () => {
  test.each(SETS)('of $set in $release has one place at a time', ({ set, release }) => {
    const body = bodyOf(set, release);
    expect(mistakable({ loop: body, at: -1, around: null })).toEqual([]);
    expect(twice(body)).toEqual([]);
  });

  test('that could have two would be found', () => {
    const slot = (name: string, id: string, loop: LoopSpec | null = null, min = 0): Slot => {
      return { name, id, min, max: 1, many: loop !== null, segment: null, loop };
    };
    const inner: LoopSpec = { id: 'N1', tree: false, slots: [slot('party', 'N1', null, 1), slot('references', 'REF')] };
    const set = (...slots: Slot[]): LoopSpec => ({ id: 'ST', tree: false, slots });
    const found = (loop: LoopSpec): string[] => mistakable({ loop, at: -1, around: null });
    const [parties, later] = [slot('parties', 'N1', inner), slot('late', 'REF')];
    expect(found(set(parties, later))).toEqual(['REF: ST.parties.references or ST.late']);
    expect(found(set(parties, slot('total', 'TDS', null, 1), later))).toEqual([]);
    expect(found(set(slot('early', 'REF'), parties))).toEqual([]);
    expect(twice(set(slot('one', 'REF'), slot('other', 'REF')))).toEqual(['REF: one']);
  });
});
