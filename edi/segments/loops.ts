import { only, type Release } from '../schema/release.js';
import { loop, many, maybe } from '../schema/set.js';
import { kept } from './kept.js';
import { N1, N2, N3, N4, PER } from './parties.js';
import { EFI, FA1, FA2, LM, LQ, PWK } from './plain.js';
import { DTM, MSG, MTX, N9, REF } from './references.js';

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

/** Lines of text: MSG in 004010, MTX in 005010. */
export const textLines = (release: Release, most = Infinity) => ({
  ...only(release === '004010', { lines: many(MSG(), most) }),
  ...only(release === '005010', { texts: many(MTX(release)) }),
});

/** A note's reference and its dates. */
export const noteOpening = (release: Release) => ({ note: N9(release), dates: many(DTM(release)) });

/** What a note says: lines of text, and files from 005010 on. */
export const noteText = (release: Release) => ({
  ...textLines(release, 1000),
  ...only(release === '005010', { paperwork: many(PWK()), files: many(EFI()) }),
});
/** Names and address of a party, two lines each in most sets; what else belongs to one differs from set to set. */
export const address = (release: Release, lines = 2) => ({
  names: many(N2(), lines),
  address: many(N3(), lines),
  place: maybe(N4(release)),
});

/** A vessel and its ports. */
export const vessel = (release: Release) =>
  loop({ vessel: kept('V1', release), ports: many(kept('R4', release)), dates: many(DTM(release)) });

/** Accounts that an amount goes to. */
export const accounting = () => loop({ accounting: FA1(), accounts: many(FA2(), Infinity, 1) });

/** Text by reference: N9 and the lines of it. */
export const note = (release: Release) => loop({ ...noteOpening(release), ...noteText(release) });

/** Codes of an industry's own list: LM names whose list it is. */
export const industryCodes = (most = Infinity) => loop({ list: LM(), codes: many(LQ(), most, 1) });
