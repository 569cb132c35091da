import { allCodes, an, composite, id, implied, list, shortDate, someCodes, time } from '../schema/elements.js';
import { at, once, only, perRelease } from '../schema/release.js';
import { segment } from '../schema/segment.js';

/** Element 717: what became of a transaction. */
export const TRANSACTION_RESULTS = allCodes({
  A: 'accepted',
  E: 'accepted, but errors were noted',
  M: 'rejected, message authentication code failed',
  R: 'rejected',
  W: 'rejected, assurance failed validity tests',
  X: 'rejected, content after decryption could not be analyzed',
});

/** Element 715: what became of a group. */
export const GROUP_RESULTS = allCodes({ ...TRANSACTION_RESULTS.names, P: 'partially accepted' });

/** Element 720: what is wrong with a segment. */
export const SEGMENT_ERRORS = someCodes({
  '1': 'unrecognized segment',
  '2': 'unexpected segment',
  '3': 'mandatory segment missing',
  '4': 'loop comes too often',
  '5': 'segment comes too often',
  '6': 'segment not in this set',
  '7': 'segment out of sequence',
  '8': 'errors in its elements',
});

/** Element 723: what is wrong with an element. */
export const ELEMENT_ERRORS = someCodes({
  '1': 'mandatory element missing',
  '2': 'conditionally required element missing',
  '3': 'too many elements',
  '4': 'too short',
  '5': 'too long',
  '6': 'invalid character',
  '7': 'invalid code',
  '8': 'invalid date',
  '9': 'invalid time',
  '10': 'exclusion condition violated',
});

/** Element 718: what is wrong with a transaction. */
export const TRANSACTION_ERRORS = someCodes({
  '1': 'set not supported',
  '2': 'trailer missing',
  '3': 'control numbers of header and trailer differ',
  '4': 'segment count differs',
  '5': 'segments in error',
  '6': 'invalid set identifier',
  '7': 'control number missing, invalid or repeated',
});

/** Element 716: what is wrong with a group. */
export const GROUP_ERRORS = someCodes({
  '1': 'group not supported',
  '2': 'version not supported',
  '3': 'trailer missing',
  '4': 'control numbers of header and trailer differ',
  '5': 'transaction count differs',
  '6': 'control number violates syntax',
});

/** Element I18: what is wrong with an interchange. */
export const INTERCHANGE_NOTES = someCodes({
  '000': 'no error',
  '001': 'control numbers of header and trailer differ',
  '002': 'standard not supported',
  '003': 'version of the controls not supported',
  '004': 'invalid segment terminator',
  '005': 'invalid qualifier of the sender',
  '006': 'invalid sender',
  '007': 'invalid qualifier of the receiver',
  '008': 'invalid receiver',
  '009': 'unknown receiver',
  '010': 'invalid authorization qualifier',
  '011': 'invalid authorization',
  '012': 'invalid security qualifier',
  '013': 'invalid security information',
  '014': 'invalid date',
  '015': 'invalid time',
  '016': 'invalid standards identifier',
  '017': 'invalid version',
  '018': 'invalid control number',
  '019': 'invalid acknowledgement requested',
  '020': 'invalid test indicator',
  '021': 'group count differs',
  '022': 'invalid control structure',
  '023': 'file ends too early',
  '024': 'invalid content',
  '025': 'duplicate control number',
  '026': 'invalid element separator',
  '027': 'invalid component separator',
});

/** The group that is answered. Its number is an identifier: its zeros in front are kept. */
export const AK1 = perRelease((release) =>
  segment('AK1', 'Functional Group Response Header', {
    functionalId: id('AK101', 479, 2, 2),
    controlNumber: an('AK102', 28, 1, 9),
    ...only(release === '005010', { version: an('AK103', 480, 1, 12).optional() }),
  }),
);

/** The transaction that is answered. */
export const AK2 = perRelease((release) =>
  segment('AK2', 'Transaction Set Response Header', {
    set: id('AK201', 143, 3, 3),
    controlNumber: an('AK202', 329, 4, 9),
    ...only(release === '005010', { convention: an('AK203', 1705, 1, 35).optional() }),
  }),
);

/** A segment in error: ST is at position 1. */
export const AK3 = perRelease((release) =>
  segment('AK3', 'Data Segment Note', {
    segmentId: id('AK301', 721, 2, 3),
    position: implied('AK302', 719, 0, 1, at(release, 6, 10)),
    loop: an('AK303', 447, 1, at(release, 6, 4)).optional(),
    code: id('AK304', 720, 1, 3, SEGMENT_ERRORS).optional(),
  }),
);

/** An element in error. */
export const AK4 = perRelease((release) =>
  segment('AK4', 'Data Element Note', {
    place: composite('AK401', {
      element: implied('AK40101', 722, 0, 1, 2),
      component: implied('AK40102', 1528, 0, 1, 2).optional(),
      ...only(release === '005010', { repetition: implied('AK40103', 1686, 0, 1, 4).optional() }),
    }),
    elementNumber: implied('AK402', 725, 0, 1, 4).optional(),
    code: id('AK403', 723, 1, 3, ELEMENT_ERRORS),
    value: an('AK404', 724, 1, 99).optional(),
  }),
);

/** What became of a transaction, and why: five codes of element 718 at most. */
export const AK5 = once(() =>
  segment('AK5', 'Transaction Set Response Trailer', {
    result: id('AK501', 717, 1, 1, TRANSACTION_RESULTS),
    errors: list('AK502', 718, 1, 3, 6).optional(),
  }),
);

/** What became of a group, and why: five codes of element 716 at most. */
export const AK9 = once(() =>
  segment('AK9', 'Functional Group Response Trailer', {
    result: id('AK901', 715, 1, 1, GROUP_RESULTS),
    included: implied('AK902', 97, 0, 1, 6),
    received: implied('AK903', 123, 0, 1, 6),
    accepted: implied('AK904', 2, 0, 1, 6),
    errors: list('AK905', 716, 1, 3, 9).optional(),
  }),
);

/** What became of an interchange (I12, I08, I09, I17, I18). Its number is an identifier of nine digits. */
export const TA1 = once(() =>
  segment('TA1', 'Interchange Acknowledgment', {
    controlNumber: an('TA101', 0, 9, 9),
    date: shortDate('TA102', 0),
    time: time('TA103', 0, 4),
    result: id('TA104', 0, 1, 1, allCodes({ A: 'accepted', E: 'accepted, but errors were noted', R: 'rejected' })),
    note: id('TA105', 0, 3, 3, INTERCHANGE_NOTES),
  }),
);
