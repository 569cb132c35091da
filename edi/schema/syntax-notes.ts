import type { SegmentSpec, SyntaxNote } from './segment.js';
import type { Source } from './source.js';

/** A syntax note as bits of the elements that are there. */
export interface NoteMask {
  readonly note: SyntaxNote;
  readonly all: number;
  readonly first: number;
  readonly others: number;
}

/** A syntax note, made ready. */
export function maskOf(note: SyntaxNote): NoteMask {
  const bits = note.positions.map((position) => 1 << position);
  const all = bits.reduce((mask, bit) => mask | bit, 0);
  const first = bits[0] ?? 0;
  return { note, all, first, others: all & ~first };
}

/** Whether a note holds of the elements that are there. */
export function holds({ note, all, first, others }: NoteMask, there: number): boolean {
  switch (note.kind) {
    case 'P':
      return (there & all) === 0 || (there & all) === all;
    case 'R':
      return (there & all) !== 0;
    case 'C':
      return (there & first) === 0 || (there & others) === others;
    case 'L':
      return (there & first) === 0 || (there & others) !== 0;
    case 'E':
      return (there & all & ((there & all) - 1)) === 0;
  }
}

/** Which element a broken note wants or forbids, and why. */
export function noteText(
  id: string,
  { kind, positions, text }: SyntaxNote,
  there: number,
): { readonly element: number; readonly message: string } {
  const has = (position: number): boolean => (there & (1 << position)) !== 0;
  const ref = (position = 0): string => `${id}${String(position).padStart(2, '0')}`;
  const [one, ...others] = positions;
  if (kind === 'E') {
    const [kept, second] = positions.filter(has);
    const message = `${ref(second)} and ${ref(kept)} exclude each other (syntax note ${text})`;
    return { element: second ?? 0, message };
  }
  const lacking = (kind === 'C' ? others : positions).find((position) => !has(position));
  const element = kind === 'L' ? (others[0] ?? 0) : (lacking ?? 0);
  const choice = (kind === 'L' ? others : positions).map(ref).join(', ');
  const why = {
    P: `${ref(positions.find(has))} is there`,
    C: `${ref(one)} is there`,
    L: `${ref(one)} is there, and one of ${choice} must be`,
    R: `one of ${choice} must be there`,
  }[kind];
  return { element, message: `${ref(element)} is missing: ${why} (syntax note ${text})` };
}

/** Tells of a broken note. */
export function tellNote(source: Source, segment: number, { id }: SegmentSpec, note: SyntaxNote, there: number): void {
  const { element, message } = noteText(id, note, there);
  source.tell(note.kind === 'E' ? 'element-excluded' : 'element-needed', message, segment, { element });
}
