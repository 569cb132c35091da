import {
  allCodes,
  amount,
  an,
  compoundQuantity,
  date,
  decimal,
  id,
  implied,
  someCodes,
  time,
} from '../schema/elements.js';
import { at, once, perRelease } from '../schema/release.js';
import { segment } from '../schema/segment.js';
import { UNITS } from './lines.js';

/** Each further date of a CUR, and its time, has a qualifier in front of it, and a qualifier has one of the two. */
const laterDate = (qualifier: number): string[] => {
  const [date, time] = [qualifier + 1, qualifier + 2];
  return [`L${qualifier}${date}${time}`, `C${date}${qualifier}`, `C${time}${qualifier}`];
};

/** Currency of the amounts that follow. */
export const CUR = once(() =>
  segment(
    'CUR',
    'Currency',
    {
      entity: id('CUR01', 98, 2, 3),
      currency: id('CUR02', 100, 3, 3),
      exchangeRate: decimal('CUR03', 280, 4, 10).optional(),
      counterparty: id('CUR04', 98, 2, 3).optional(),
      counterCurrency: id('CUR05', 100, 3, 3).optional(),
      market: id('CUR06', 669, 3, 3).optional(),
      dateQualifier: id('CUR07', 374, 3, 3).optional(),
      date: date('CUR08', 373).optional(),
      time: time('CUR09', 337).optional(),
      secondDateQualifier: id('CUR10', 374, 3, 3).optional(),
      secondDate: date('CUR11', 373).optional(),
      secondTime: time('CUR12', 337).optional(),
      thirdDateQualifier: id('CUR13', 374, 3, 3).optional(),
      thirdDate: date('CUR14', 373).optional(),
      thirdTime: time('CUR15', 337).optional(),
      fourthDateQualifier: id('CUR16', 374, 3, 3).optional(),
      fourthDate: date('CUR17', 373).optional(),
      fourthTime: time('CUR18', 337).optional(),
      fifthDateQualifier: id('CUR19', 374, 3, 3).optional(),
      fifthDate: date('CUR20', 373).optional(),
      fifthTime: time('CUR21', 337).optional(),
    },
    { notes: ['C0807', 'C0907', ...[10, 13, 16, 19].flatMap(laterDate)] },
  ),
);

/** Element 146: who pays the freight. */
const FREIGHT = someCodes({
  BP: 'paid by buyer',
  CC: 'collect',
  DE: 'per contract',
  DF: 'defined by buyer and seller',
  FO: 'FOB port of call',
  PB: 'customer pick-up',
  PC: 'prepaid but charged to customer',
  PP: 'prepaid by seller',
  PS: 'paid by seller',
  TP: 'third party pay',
});

/** Freight terms. */
export const FOB = once(() =>
  segment(
    'FOB',
    'F.O.B. Related Instructions',
    {
      payment: id('FOB01', 146, 2, 2, FREIGHT),
      placeQualifier: id('FOB02', 309, 1, 2).optional(),
      place: an('FOB03', 352, 1, 80).optional(),
      termsQualifier: id('FOB04', 334, 2, 2).optional(),
      terms: id('FOB05', 335, 3, 3).optional(),
      titleQualifier: id('FOB06', 309, 1, 2).optional(),
      title: an('FOB07', 352, 1, 80).optional(),
      risk: id('FOB08', 54, 2, 2).optional(),
      riskPlace: an('FOB09', 352, 1, 80).optional(),
    },
    { notes: ['C0302', 'C0405', 'C0706', 'C0809'] },
  ),
);

/** Conditions of the sale: may there be backorders. */
export const CSH = perRelease((release) =>
  segment(
    'CSH',
    'Sales Requirements',
    {
      requirement: id(
        'CSH01',
        563,
        1,
        2,
        someCodes({
          N: 'no backorder',
          Y: 'backorder if out of stock',
          SC: 'ship complete',
          P2: 'ship as soon as possible',
        }),
      ).optional(),
      action: id('CSH02', 306, 1, 2).optional(),
      amount: amount('CSH03', 610, 1, 15, 2).optional(),
      account: an('CSH04', 508, 1, 35).optional(),
      date: date('CSH05', 373).optional(),
      agency: id('CSH06', 559, 2, 2).optional(),
      serviceCode: id('CSH07', 560, 2, 10).optional(),
      substitution: id('CSH08', 566, 1, 2).optional(),
      percent: decimal('CSH09', 954, 1, 10).optional(),
      percentQualifier: id('CSH10', 1004, 1, 2).optional(),
    },
    { notes: ['C0203', 'P0607', 'P0910'], most: at(release, 10, 10) },
  ),
);

/** Terms of payment. */
export const ITD = once(() =>
  segment(
    'ITD',
    'Terms of Sale/Deferred Terms of Sale',
    {
      type: id('ITD01', 336, 2, 2).optional(),
      basis: id('ITD02', 333, 1, 2).optional(),
      discountPercent: decimal('ITD03', 338, 1, 6).optional(),
      discountDueDate: date('ITD04', 370).optional(),
      discountDays: implied('ITD05', 351, 0, 1, 3).optional(),
      netDueDate: date('ITD06', 446).optional(),
      netDays: implied('ITD07', 386, 0, 1, 3).optional(),
      discountAmount: amount('ITD08', 362, 1, 10, 2).optional(),
      deferredDueDate: date('ITD09', 388).optional(),
      deferredAmount: amount('ITD10', 389, 1, 10, 2).optional(),
      invoicePercent: decimal('ITD11', 342, 1, 5).optional(),
      description: an('ITD12', 352, 1, 80).optional(),
      dayOfMonth: implied('ITD13', 765, 0, 1, 2).optional(),
      paymentMethod: id('ITD14', 107, 1, 2).optional(),
      percent: decimal('ITD15', 954, 1, 10).optional(),
    },
    { notes: ['L03040513', 'L08040513', 'L091011'] },
  ),
);

/** An allowance or a charge; its amount has two implied decimals. */
export const SAC = perRelease((release) =>
  segment(
    'SAC',
    'Service, Promotion, Allowance, or Charge Information',
    {
      indicator: id(
        'SAC01',
        248,
        1,
        1,
        allCodes({
          A: 'allowance',
          C: 'charge',
          N: 'no allowance or charge',
          P: 'promotion',
          Q: 'charge request',
          R: 'allowance request',
          S: 'service',
        }),
      ),
      code: id('SAC02', 1300, 4, 4).optional(),
      agency: id('SAC03', 559, 2, 2).optional(),
      agencyCode: an('SAC04', 1301, 1, 10).optional(),
      amount: amount('SAC05', 610, 1, 15, 2).optional(),
      percentQualifier: id('SAC06', 378, 1, 1).optional(),
      percent: decimal('SAC07', 332, 1, 6).optional(),
      rate: amount('SAC08', 118, 1, 9).optional(),
      unit: id('SAC09', 355, 2, 2, UNITS).optional(),
      quantity: decimal('SAC10', 380, 1, 15).optional(),
      secondQuantity: decimal('SAC11', 380, 1, 15).optional(),
      handling: id('SAC12', 331, 2, 2).optional(),
      reference: an('SAC13', 127, 1, at(release, 30, 50)).optional(),
      option: an('SAC14', 770, 1, 20).optional(),
      description: an('SAC15', 352, 1, 80).optional(),
      language: id('SAC16', 819, 2, 3).optional(),
    },
    { notes: ['R0203', 'P0304', 'P0607', 'P0910', 'C1110', 'L130204', 'C1413', 'C1615'] },
  ),
);

/** A price beside the one of the line. */
export const CTP = once(() =>
  segment(
    'CTP',
    'Pricing Information',
    {
      tradeClass: id('CTP01', 687, 2, 2).optional(),
      priceIdentifier: id('CTP02', 236, 3, 3).optional(),
      unitPrice: amount('CTP03', 212, 1, 17).optional(),
      quantity: compoundQuantity(['CTP04', 380, 1, 15], 'CTP05', UNITS).optional(),
      multiplierQualifier: id('CTP06', 648, 3, 3).optional(),
      multiplier: decimal('CTP07', 649, 1, 10).optional(),
      amount: amount('CTP08', 782, 1, 18).optional(),
      basis: id('CTP09', 639, 2, 2).optional(),
      conditionValue: an('CTP10', 499, 1, 10).optional(),
      multipleQuantity: implied('CTP11', 289, 0, 1, 2).optional(),
    },
    { notes: ['P0405', 'C0607', 'C0902', 'C1002', 'C1103'] },
  ),
);

/** A tax. */
export const TXI = once(() =>
  segment(
    'TXI',
    'Tax Information',
    {
      type: id(
        'TXI01',
        963,
        2,
        2,
        someCodes({
          GS: 'goods and services tax',
          LS: 'state and local sales tax',
          ST: 'state sales tax',
          SP: 'state or provincial tax',
          VA: 'value added tax',
          TX: 'all taxes',
          ZZ: 'mutually defined',
        }),
      ),
      amount: amount('TXI02', 782, 1, 18).optional(),
      percent: decimal('TXI03', 954, 1, 10).optional(),
      jurisdictionQualifier: id('TXI04', 955, 2, 2).optional(),
      jurisdiction: an('TXI05', 956, 1, 10).optional(),
      exempt: id('TXI06', 441, 1, 1).optional(),
      relationship: id('TXI07', 662, 1, 1).optional(),
      base: amount('TXI08', 828, 1, 9).optional(),
      taxId: an('TXI09', 325, 1, 20).optional(),
      assigned: an('TXI10', 350, 1, 20).optional(),
    },
    { notes: ['R020306', 'P0405', 'C0803'] },
  ),
);
