import { at, type Release } from '../schema/release.js';
import { plainSegment } from '../schema/segment.js';

type Kept = readonly [name: string, of4010: number, of5010?: number];

/** Segments of ship notices, invoices and remittances that have their place and whose elements nobody asked for yet: name, and how many elements. */
const KEPT = {
  AIN: ['Income', 12, 13],
  ASM: ['Amount and Settlement Method', 3],
  AT9: ['Trailer or Container Dimension and Weight', 8],
  ATN: ['Attendance', 6],
  BAL: ['Balance Detail', 3],
  CRC: ['Conditions Indicator', 7],
  DED: ['Deductions', 9],
  DMG: ['Demographic Information', 9, 11],
  DTP: ['Date or Time or Period', 3],
  EMS: ['Employment Position', 7, 15],
  ETD: ['Excess Transportation Detail', 5],
  GF: ['Furnished Goods and Services', 9],
  INV: ['Investment Vehicle Selection', 7],
  L7: ['Tariff Reference', 16],
  LEP: ['EPA Required Data', 4],
  LFH: ['Freeform Hazardous Material Information', 7, 8],
  LH1: ['Hazardous Identification Information', 11],
  LH2: ['Hazardous Classification Information', 11, 13],
  LH3: ['Hazardous Material Shipping Name', 4],
  LH4: ['Canadian Dangerous Requirements', 12],
  LHE: ['Empty Equipment Hazardous Material Information', 5],
  LHR: ['Hazardous Material Identifying Reference Numbers', 3],
  LHT: ['Transborder Hazardous Requirements', 3],
  LOC: ['Location', 24],
  LX: ['Assigned Number', 1],
  PAL: ['Pallet Information', 16, 17],
  PEN: ['Pension Information', 9],
  PYD: ['Payroll Deduction', 5],
  R4: ['Port or Terminal', 8],
  RDM: ['Remittance Delivery Method', 5],
  RPA: ['Rate Amounts or Percents', 5],
  RYL: ['Royalty Payment', 4],
  SR: ['Requested Service Schedule', 11],
  TSD: ['Trailer Shipment Details', 2],
  TXP: ['Tax Payment', 10],
  V1: ['Vessel Identification', 9],
  VEH: ['Vehicle Information', 16, 19],
  YNQ: ['Yes/No Question', 10],
} as const satisfies Record<string, Kept>;

/** A segment by its tag, its elements as they are. */
export function kept(id: keyof typeof KEPT, release: Release) {
  const [name, of4010, of5010 = of4010]: Kept = KEPT[id];
  return plainSegment(id, name, at(release, of4010, of5010));
}
