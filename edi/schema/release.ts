/** Editions of the standard that the schemas are written for. */
export const RELEASES = ['004010', '005010'] as const;
export type Release = (typeof RELEASES)[number];

/** How a group's GS08 is read. */
export interface ReleaseRead {
  /** as sent, six digits at most looked at */
  readonly given: string;
  /** edition whose schemas are used */
  readonly used: Release;
  /** the schemas are of this very edition; else what differs by edition is only worth a warning */
  readonly exact: boolean;
  /** there may be such an edition: versions 2 to 8 and their releases */
  readonly edition: boolean;
}

/**
 * The edition to read a group by: the one of GS08 (ISA12 is never trusted, facts/amazon-vendor.md 4.2.7), or the nearest
 * one before it. GS08 of an industry guide (`004010X092A1`) names its edition in the first six digits.
 */
export function releaseOf(gs08: string): ReleaseRead {
  const given = gs08.slice(0, 6);
  const exact = RELEASES.find((release) => release === given);
  if (exact !== undefined) return { given, used: exact, exact: true, edition: true };
  const edition = /^00(2\d{3}|[3-8]0[0-7]\d)$/.test(given);
  return { given, used: /^\d{6}$/.test(given) && given > '005000' ? '005010' : '004010', exact: false, edition };
}

/** Picks by edition: `at('005010', 30, 50)` is 50. */
export const at = <T>(release: Release, of4010: T, of5010: T): T => (release === '004010' ? of4010 : of5010);

/** A declaration that is made once for each edition, however many loops it stands in. */
export function perRelease<T>(declare: (release: Release) => T): (release: Release) => T {
  const made = new Map<Release, T>();
  return (release) => {
    let known = made.get(release);
    if (known === undefined) made.set(release, (known = declare(release)));
    return known;
  };
}

/** A declaration that is the same in every edition, made once. */
export function once<T>(declare: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= declare());
}

/** What only one edition has: in the type it may be absent. */
export type Only<S> = { readonly [K in keyof S]: Omit<S[K], 'mayLack'> & { readonly mayLack?: true } };

/** Properties of a segment or loop that an edition has only if `there`; the other edition knows nothing of them. */
export const only = <S extends object>(there: boolean, shape: S): Only<S> => (there ? shape : {}) as Only<S>;
