import { at, once, perRelease } from '../schema/release.js';
import { plainSegment } from '../schema/segment.js';

/** Segments of orders and stock advices that are kept element by element: their place is known, their content is not read. */

export const ADV = once(() => plainSegment('ADV', 'Advertising Demographic Information', 7));
export const CB1 = once(() => plainSegment('CB1', 'Contract and Cost Accounting Standards Data', 2));
export const CN1 = once(() => plainSegment('CN1', 'Contract Information', 6));
export const CS = once(() => plainSegment('CS', 'Contract Summary', 18));
export const CTB = perRelease((release) => plainSegment('CTB', 'Restrictions/Conditions', at(release, 6, 7)));
export const DD = once(() => plainSegment('DD', 'Demand Detail', 10));
export const DIS = once(() => plainSegment('DIS', 'Discount Detail', 6));
export const EFI = once(() => plainSegment('EFI', 'Electronic Format Identification', 16));
export const FA1 = once(() => plainSegment('FA1', 'Type of Financial Accounting Data', 3));
export const FA2 = once(() => plainSegment('FA2', 'Accounting Data', 2));
export const G53 = once(() => plainSegment('G53', 'Maintenance Type', 1));
export const G61 = once(() => plainSegment('G61', 'Contact', 5));
export const IN2 = perRelease((release) =>
  plainSegment('IN2', 'Individual Name Structure Components', at(release, 2, 3)),
);
export const INC = perRelease((release) => plainSegment('INC', 'Installment Information', at(release, 5, 6)));
export const IT3 = once(() => plainSegment('IT3', 'Additional Item Data', 5));
export const IT8 = once(() => plainSegment('IT8', 'Conditions of Sale', 27));
export const LE = once(() => plainSegment('LE', 'Loop Trailer', 1));
export const LM = once(() => plainSegment('LM', 'Code Source Information', 2));
export const LQ = once(() => plainSegment('LQ', 'Industry Code', 2));
export const LS = once(() => plainSegment('LS', 'Loop Header', 1));
export const NX2 = perRelease((release) => plainSegment('NX2', 'Location ID Component', at(release, 3, 5)));
export const PAM = once(() => plainSegment('PAM', 'Period Amount', 15));
export const PCT = once(() => plainSegment('PCT', 'Percent Amounts', 2));
export const PO3 = once(() => plainSegment('PO3', 'Additional Item Detail', 8));
export const PWK = once(() => plainSegment('PWK', 'Paperwork', 9));
export const SDQ = once(() => plainSegment('SDQ', 'Destination Quantity', 23));
export const SI = once(() => plainSegment('SI', 'Service Characteristic Identification', 21));
export const SPI = once(() => plainSegment('SPI', 'Specification Identifier', 15));
export const TAX = once(() => plainSegment('TAX', 'Tax Reference', 13));
export const TC2 = once(() => plainSegment('TC2', 'Commodity', 2));
export const TD4 = once(() =>
  plainSegment('TD4', 'Carrier Details (Special Handling, or Hazardous Materials, or Both)', 5),
);
export const UIT = once(() => plainSegment('UIT', 'Unit Detail', 3));
