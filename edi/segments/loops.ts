import type { Release } from '../schema/release.js';
import { loop, many, maybe } from '../schema/set.js';
import { MSG, N9, REF } from './references.js';
import { N1, N2, N3, N4, PER } from './parties.js';
import { plainSegment } from '../schema/segment.js';

/** A party with its name, address and references, as every set writes it. */
export const party = (release: Release) =>
  loop({
    party: N1(release),
    names: many(N2(), 2),
    address: many(N3(), 2),
    place: maybe(N4(release)),
    references: many(REF(release)),
    contacts: many(PER(release)),
  });

/** Text by reference: N9 and the lines of it. */
export const note = (release: Release) =>
  loop({ note: N9(release), dates: many(plainSegment('DTM', 'Date/Time Reference', 6)), lines: many(MSG()) });
