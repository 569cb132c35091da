import { describe, expect, test } from '@jest/globals';
import { places, readOne } from './one-set.js';

const bsn = (structure: string): string => `BSN*00*SHIP0001*20260301*1430${structure && `*${structure}`}`;
const faultsOf = (segments: readonly string[]): unknown[] => places(readOne('856', '005010', segments).faults);

describe('the packages that TD1 counts', () => {
  const notice = (...td1: string[]) => [
    ...[bsn('0001'), 'HL*1**S', ...td1, 'HL*2*1*O', 'HL*3*2*T', 'HL*4*3*P', 'HL*5*4*I', 'SN1**1*EA', 'HL*6*3*P'],
    ...['HL*7*6*I', 'SN1**2*EA', 'HL*8*2*P', 'HL*9*8*I', 'SN1**3*EA'],
  ];

  test('are the cartons and pallets below, where those are named one by one', () => {
    expect(faultsOf(notice('TD1*CTN*3', 'TD1*PLT94*1'))).toEqual([]);
    expect(faultsOf(notice('TD1*CTN*1', 'TD1*CTN25*2'))).toEqual([]);
    expect(faultsOf(notice('TD1*CTN*4', 'TD1*PLT*1'))).toEqual([['total-differs', 'warning', 4, 2]]);
    expect(faultsOf(notice('TD1*CTN*3', 'TD1*PLT*2'))).toEqual([['total-differs', 'warning', 5, 2]]);
    expect(faultsOf(notice('TD1*BOX*7', 'TD1*CTN'))).toEqual([['element-needed', 'error', 5, 2]]);
    expect(faultsOf(notice('TD1*CTN*1', 'TD1*CTN'))).toEqual([['element-needed', 'error', 5, 2]]);
    expect(faultsOf([bsn(''), 'HL*1**S', 'TD1*CTN*4', 'HL*2*1*I', 'SN1**1*EA'])).toEqual([]);
  });
});
