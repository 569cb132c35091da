import { allCodes, amount, an, date, id, implied, someCodes } from '../schema/elements.js';
import { at, once, only, perRelease } from '../schema/release.js';
import { segment } from '../schema/segment.js';

/** Element 305: what is to be done with a payment. */
const HANDLINGS = someCodes({
  C: 'payment accompanies remittance advice',
  D: 'make payment only',
  I: 'remittance information only',
  P: 'prenotification',
  U: 'split payment and remittance',
  X: 'handling party decides to split payment and remittance',
});

/** Element 591: how it is paid. */
const PAYMENT_METHODS = someCodes({
  ACH: 'automated clearing house',
  BOP: 'financial institution option',
  CHK: 'cheque',
  FEW: 'Federal Reserve wire, repetitive',
  FWT: 'Federal Reserve wire, non-repetitive',
  NON: 'no payment',
  SWT: 'SWIFT',
});

/** Element 506: what an account number's bank is named by. */
const BANK_QUALIFIERS = someCodes({
  '01': 'ABA transit routing number',
  '02': 'SWIFT identification',
  '03': 'CHIPS participant number',
  '04': 'Canadian bank branch and institution number',
});

/** Element 569: kind of account. */
const ACCOUNT_QUALIFIERS = someCodes({ DA: 'demand deposit', SG: 'savings', ALC: 'agency location code' });

const bank = (ref: string) => an(ref, 507, 3, 12).optional();
const bankQualifier = (ref: string) => id(ref, 506, 2, 2, BANK_QUALIFIERS).optional();
const account = (ref: string) => an(ref, 508, 1, 35).optional();
const accountQualifier = (ref: string) => id(ref, 569, 1, 3, ACCOUNT_QUALIFIERS).optional();

/** Beginning of a payment order or remittance advice: how much is paid, how, and from where to where. */
export const BPR = once(() =>
  segment(
    'BPR',
    'Beginning Segment for Payment Order/Remittance Advice',
    {
      handling: id('BPR01', 305, 1, 2, HANDLINGS),
      total: amount('BPR02', 782, 1, 18),
      creditDebit: id('BPR03', 478, 1, 1, allCodes({ C: 'credit', D: 'debit' })),
      method: id('BPR04', 591, 3, 3, PAYMENT_METHODS),
      format: id('BPR05', 812, 1, 10).optional(),
      payerBankQualifier: bankQualifier('BPR06'),
      payerBank: bank('BPR07'),
      payerAccountQualifier: accountQualifier('BPR08'),
      payerAccount: account('BPR09'),
      company: an('BPR10', 509, 10, 10).optional(),
      companySupplement: an('BPR11', 510, 9, 9).optional(),
      payeeBankQualifier: bankQualifier('BPR12'),
      payeeBank: bank('BPR13'),
      payeeAccountQualifier: accountQualifier('BPR14'),
      payeeAccount: account('BPR15'),
      date: date('BPR16', 373).optional(),
      purpose: id('BPR17', 1048, 1, 3).optional(),
      returnBankQualifier: bankQualifier('BPR18'),
      returnBank: bank('BPR19'),
      returnAccountQualifier: accountQualifier('BPR20'),
      returnAccount: account('BPR21'),
    },
    { notes: ['P0607', 'C0809', 'P1213', 'C1415', 'P1819', 'C2021'] },
  ),
);

/** The number by which a payment and its remittance find each other. */
export const TRN = perRelease((release) =>
  segment('TRN', 'Trace', {
    type: id(
      'TRN01',
      481,
      1,
      2,
      someCodes({ '1': 'current transaction trace', '3': 'financial reassociation trace', '4': 'invoice number' }),
    ),
    number: an('TRN02', 127, 1, at(release, 30, 50)),
    company: an('TRN03', 509, 10, 10).optional(),
    further: an('TRN04', 127, 1, at(release, 30, 50)).optional(),
  }),
);

/** Element 98 in ENT: whom the detail is about. */
const ENTITIES = someCodes({ '2J': 'party, individual', '2L': 'corporation', PE: 'payee', PR: 'payer' });

/** An entity that remittance lines belong to. */
export const ENT = perRelease((release) =>
  segment(
    'ENT',
    'Entity',
    {
      number: implied('ENT01', 554, 0, 1, 6).optional(),
      role: id('ENT02', 98, 2, 3, ENTITIES).optional(),
      qualifier: id('ENT03', 66, 1, 2).optional(),
      code: an('ENT04', 67, 2, 80).optional(),
      relatedRole: id('ENT05', 98, 2, 3).optional(),
      relatedQualifier: id('ENT06', 66, 1, 2).optional(),
      relatedCode: an('ENT07', 67, 2, 80).optional(),
      referenceQualifier: id('ENT08', 128, 2, 3).optional(),
      reference: an('ENT09', 127, 1, at(release, 30, 50)).optional(),
    },
    { notes: ['P020304', 'P050607', 'P0809'] },
  ),
);

/** A person or an organisation by name. */
export const NM1 = perRelease((release) =>
  segment(
    'NM1',
    'Individual or Organizational Name',
    {
      role: id('NM101', 98, 2, 3),
      kind: id('NM102', 1065, 1, 1, someCodes({ '1': 'person', '2': 'organisation' })),
      name: an('NM103', 1035, 1, at(release, 35, 60)).optional(),
      firstName: an('NM104', 1036, 1, at(release, 25, 35)).optional(),
      middleName: an('NM105', 1037, 1, 25).optional(),
      prefix: an('NM106', 1038, 1, 10).optional(),
      suffix: an('NM107', 1039, 1, 10).optional(),
      qualifier: id('NM108', 66, 1, 2).optional(),
      code: an('NM109', 67, 2, 80).optional(),
      relationship: id('NM110', 706, 2, 2).optional(),
      relatedRole: id('NM111', 98, 2, 3).optional(),
      ...only(release === '005010', { furtherName: an('NM112', 1035, 1, 60).optional() }),
    },
    { notes: ['P0809', 'C1110', ...at<string[]>(release, [], ['C1203'])], most: at(release, 11, 12) },
  ),
);

/** Element 426: why an amount was adjusted (facts/amazon-vendor.md 1.7). */
export const ADJUSTMENT_REASONS = someCodes({
  '01': 'pricing error',
  '02': 'allowance or charge error',
  '03': 'extension error',
  '04': 'goods damaged',
  '05': 'quality',
  '06': 'quantity contested',
  '07': 'wrong product',
  '09': 'terms error',
  '11': 'returns, damage',
  '12': 'returns, quality',
  '16': 'allowance or charge outside an invoice',
  '17': 'required data missing',
  '19': 'duplicate billing',
  '26': 'invoice cancelled',
  '48': 'service charge',
  '50': 'late charge',
  '52': 'credit for an overpayment',
  '53': 'remittance for an underpayment',
  '54': 'freight deducted',
  '55': 'tax deducted',
  ZZ: 'mutually defined',
});

/** An adjustment: what is added (or, negative, taken off), why, and by which document. */
export const ADX = perRelease((release) =>
  segment(
    'ADX',
    'Adjustment',
    {
      amount: amount('ADX01', 782, 1, 18),
      reason: id('ADX02', 426, 2, 2, ADJUSTMENT_REASONS),
      qualifier: id('ADX03', 128, 2, 3).optional(),
      reference: an('ADX04', 127, 1, at(release, 30, 50)).optional(),
    },
    { notes: ['P0304'] },
  ),
);

/** A line of a remittance: an open item, what is paid of it, what it came to, and what was taken off. */
export const RMR = perRelease((release) =>
  segment(
    'RMR',
    'Remittance Advice Accounts Receivable Open Item Reference',
    {
      qualifier: id(
        'RMR01',
        128,
        2,
        3,
        someCodes({ IV: "seller's invoice number", CM: "buyer's credit memo", DL: "seller's debit memo", ZZ: 'other' }),
      ).optional(),
      reference: an('RMR02', 127, 1, at(release, 30, 50)).optional(),
      action: id(
        'RMR03',
        482,
        2,
        2,
        someCodes({ AJ: 'adjustment', PI: 'pay item', PO: 'payment on account', PP: 'partial payment' }),
      ).optional(),
      paid: amount('RMR04', 782, 1, 18).optional(),
      gross: amount('RMR05', 782, 1, 18).optional(),
      discount: amount('RMR06', 782, 1, 18).optional(),
      reason: id('RMR07', 426, 2, 2, ADJUSTMENT_REASONS).optional(),
      adjustment: amount('RMR08', 782, 1, 18).optional(),
    },
    { notes: ['P0102', 'P0708'] },
  ),
);
