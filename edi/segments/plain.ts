import { at, type Release } from '../schema/release.js';
import { plainSegment } from '../schema/segment.js';

/** Segments of orders and stock advices that are kept element by element: their place is known, their content is not read. */

export const ADV = () => plainSegment('ADV', 'Advertising Demographic Information', 7);
export const CB1 = () => plainSegment('CB1', 'Contract and Cost Accounting Standards Data', 2);
export const CN1 = () => plainSegment('CN1', 'Contract Information', 6);
export const CS = () => plainSegment('CS', 'Contract Summary', 18);
export const CTB = (release: Release) => plainSegment('CTB', 'Restrictions/Conditions', at(release, 6, 7));
export const DD = () => plainSegment('DD', 'Demand Detail', 10);
export const DIS = () => plainSegment('DIS', 'Discount Detail', 6);
export const EFI = () => plainSegment('EFI', 'Electronic Format Identification', 16);
export const FA1 = () => plainSegment('FA1', 'Type of Financial Accounting Data', 3);
export const FA2 = () => plainSegment('FA2', 'Accounting Data', 2);
export const G53 = () => plainSegment('G53', 'Maintenance Type', 1);
export const G61 = () => plainSegment('G61', 'Contact', 5);
export const IN2 = (release: Release) => plainSegment('IN2', 'Individual Name Structure Components', at(release, 2, 3));
export const INC = (release: Release) => plainSegment('INC', 'Installment Information', at(release, 5, 6));
export const IT3 = () => plainSegment('IT3', 'Additional Item Data', 5);
export const IT8 = () => plainSegment('IT8', 'Conditions of Sale', 27);
export const LE = () => plainSegment('LE', 'Loop Trailer', 1);
export const LM = () => plainSegment('LM', 'Code Source Information', 2);
export const LQ = () => plainSegment('LQ', 'Industry Code', 2);
export const LS = () => plainSegment('LS', 'Loop Header', 1);
export const NX2 = (release: Release) => plainSegment('NX2', 'Location ID Component', at(release, 3, 5));
export const PAM = () => plainSegment('PAM', 'Period Amount', 15);
export const PCT = () => plainSegment('PCT', 'Percent Amounts', 2);
export const PO3 = () => plainSegment('PO3', 'Additional Item Detail', 8);
export const PWK = () => plainSegment('PWK', 'Paperwork', 9);
export const SDQ = () => plainSegment('SDQ', 'Destination Quantity', 23);
export const SI = () => plainSegment('SI', 'Service Characteristic Identification', 21);
export const SPI = () => plainSegment('SPI', 'Specification Identifier', 15);
export const TAX = () => plainSegment('TAX', 'Tax Reference', 13);
export const TC2 = () => plainSegment('TC2', 'Commodity', 2);
export const TD4 = () => plainSegment('TD4', 'Carrier Details (Special Handling, or Hazardous Materials, or Both)', 5);
export const UIT = () => plainSegment('UIT', 'Unit Detail', 3);
