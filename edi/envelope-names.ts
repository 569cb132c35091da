/** An element of an envelope segment, as X12.5 and X12.6 have it: the reader checks these by itself. */
export interface EnvelopeElement {
  readonly name: string;
  /** in the data element dictionary */
  readonly number: string;
  readonly type: string;
  readonly min: number;
  readonly max: number;
  readonly codes: Readonly<Record<string, string>>;
}

/** A segment of the envelope. */
export interface EnvelopeSegment {
  readonly name: string;
  readonly elements: readonly EnvelopeElement[];
}

const of = (
  name: string,
  number: string,
  type: string,
  [min, max]: readonly [number, number],
  codes: Record<string, string> = {},
): EnvelopeElement => ({ name, number, type, min, max, codes });

/** Element I05: whose identifier a party is named by. */
const QUALIFIERS = {
  '01': 'D-U-N-S number',
  '08': 'UCC communications number',
  '12': 'telephone number',
  '14': 'D-U-N-S plus suffix',
  '30': 'tax number',
  '32': 'employer identification number',
  ZZ: 'mutually defined',
};

/** Element 479: what the sets of a group are. */
const GROUPS = {
  AG: 'application advice',
  FA: 'functional acknowledgement',
  IB: 'inventory advice',
  IN: 'invoice',
  PC: 'purchase order change',
  PO: 'purchase order',
  PR: 'purchase order acknowledgement',
  RA: 'remittance advice',
  SH: 'ship notice',
};

const NUMBER = of('group control number', '28', 'N0', [1, 9]);

/** Element I18: what a TA1 says is wrong. */
const TA105 = {
  '000': 'nothing',
  '001': 'number of the trailer is not that of the header',
  '002': 'standard not supported',
  '003': 'version not supported',
  '004': 'segment terminator',
  '005': 'qualifier of the sender',
  '006': 'sender',
  '007': 'qualifier of the receiver',
  '008': 'receiver',
  '009': 'receiver not known',
  '010': 'authorization qualifier',
  '011': 'authorization',
  '012': 'security qualifier',
  '013': 'security',
  '014': 'date',
  '015': 'time',
  '016': 'standards identifier',
  '017': 'version',
  '018': 'control number',
  '019': 'acknowledgement requested',
  '020': 'usage',
  '021': 'count of groups',
  '022': 'structure',
  '023': 'early end of file',
  '024': 'content',
  '025': 'duplicate number',
  '026': 'element separator',
  '027': 'component separator',
};

/** The segments around transactions, by tag. */
export const ENVELOPE: Readonly<Record<string, EnvelopeSegment>> = {
  ISA: {
    name: 'Interchange Control Header',
    elements: [
      of('authorization qualifier', 'I01', 'ID', [2, 2], { '00': 'no authorization' }),
      of('authorization', 'I02', 'AN', [10, 10]),
      of('security qualifier', 'I03', 'ID', [2, 2], { '00': 'no security' }),
      of('security', 'I04', 'AN', [10, 10]),
      of('sender qualifier', 'I05', 'ID', [2, 2], QUALIFIERS),
      of('sender', 'I06', 'AN', [15, 15]),
      of('receiver qualifier', 'I05', 'ID', [2, 2], QUALIFIERS),
      of('receiver', 'I07', 'AN', [15, 15]),
      of('date', 'I08', 'DT', [6, 6]),
      of('time', 'I09', 'TM', [4, 4]),
      of('repetition separator, or U', 'I65', 'AN', [1, 1], { U: 'no separator' }),
      of('version', 'I11', 'ID', [5, 5]),
      of('interchange control number', 'I12', 'N0', [9, 9]),
      of('acknowledgement requested', 'I13', 'ID', [1, 1], { '0': 'no TA1 is wanted', '1': 'a TA1 is wanted' }),
      of('usage', 'I14', 'ID', [1, 1], { P: 'production', T: 'test', I: 'information' }),
      of('component separator', 'I15', 'AN', [1, 1]),
    ],
  },
  GS: {
    name: 'Functional Group Header',
    elements: [
      of('functional identifier', '479', 'ID', [2, 2], GROUPS),
      of('sender', '142', 'AN', [2, 15]),
      of('receiver', '124', 'AN', [2, 15]),
      of('date', '373', 'DT', [8, 8]),
      of('time', '337', 'TM', [4, 8]),
      NUMBER,
      of('agency', '455', 'ID', [1, 2], { X: 'Accredited Standards Committee X12', T: 'Transportation Data' }),
      of('release', '480', 'AN', [1, 12]),
    ],
  },
  ST: {
    name: 'Transaction Set Header',
    elements: [
      of('set', '143', 'ID', [3, 3]),
      of('transaction control number', '329', 'AN', [4, 9]),
      of('guide (005010)', '1705', 'AN', [1, 35]),
    ],
  },
  SE: {
    name: 'Transaction Set Trailer',
    elements: [of('count of segments', '96', 'N0', [1, 10]), of('transaction control number', '329', 'AN', [4, 9])],
  },
  GE: { name: 'Functional Group Trailer', elements: [of('count of transactions', '97', 'N0', [1, 6]), NUMBER] },
  IEA: {
    name: 'Interchange Control Trailer',
    elements: [of('count of groups', 'I16', 'N0', [1, 5]), of('interchange control number', 'I12', 'N0', [9, 9])],
  },
  TA1: {
    name: 'Interchange Acknowledgment',
    elements: [
      of('interchange control number', 'I12', 'N0', [9, 9]),
      of('date', 'I08', 'DT', [6, 6]),
      of('time', 'I09', 'TM', [4, 4]),
      of('acknowledgement', 'I17', 'ID', [1, 1], {
        A: 'accepted',
        E: 'accepted with errors',
        R: 'rejected',
      }),
      of('what is wrong', 'I18', 'ID', [3, 3], TA105),
    ],
  },
};
