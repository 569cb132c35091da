/** Syntax notes of segments that orders and invoices carry, as the standard has them: what breaks them, and what does not. */
import { expect, test } from '@jest/globals';
import { readSync } from '../../../edi/index.js';
import { interchange } from './one-set.js';

type Release = '004010' | '005010';

/** Element and rule of what is wrong with a segment in the header of an order. */
function broken(release: Release, segment: string): (readonly [string, number | undefined])[] {
  const lines = ['BEG*00*NE*1**20260301', ...(segment.startsWith('N4') ? ['N1*ST*SHOP'] : []), segment, 'PO1*1*1*EA'];
  const items = [...readSync(Buffer.from(interchange('850', release, lines)))];
  return items.flatMap(({ faults }) => faults.map(({ rule, element }) => [rule, element] as const));
}

const needed = (element: number) => [['element-needed', element]];

test.each<[string, Release, string, (readonly [string, number])[] | unknown[][]]>([
  ['FOB08 wants FOB09, not the other way round', '004010', 'FOB*PP*******02', needed(9)],
  ['FOB09 may stand alone', '004010', 'FOB*PP********PLACE', []],
  ['ITD09 wants ITD10 or ITD11: a percent will do', '004010', 'ITD*04********20260401**50', []],
  ['ITD09 wants ITD10 or ITD11: neither is there', '004010', 'ITD*04********20260401', needed(10)],
  ['ITD14 has one or two characters', '004010', 'ITD*01*************AB', []],
  ['PER03 wants PER04', '004010', 'PER*BD*BUYER*TE', needed(4)],
  ['PER06 wants PER05', '005010', 'PER*BD*BUYER*TE*1**2', needed(5)],
  ['CSH07 wants CSH06', '004010', 'CSH*N******X1', needed(6)],
  ['CUR10 wants a date or a time', '004010', 'CUR*BY*USD********196', needed(11)],
  ['CUR11 wants CUR10', '004010', 'CUR*BY*USD*********20260301', needed(10)],
  ['MEA08 and MEA03 exclude each other', '004010', 'MEA*PD*G*5*LB****02', [['element-excluded', 3]]],
  ['MEA08 and MEA09 do not', '004010', 'MEA*PD*G******02*OS', []],
  ['MEA07 wants a value', '004010', 'MEA*PD*G*****03*02', needed(3)],
  ['MEA05 wants a unit', '004010', 'MEA*PD*G***1', needed(4)],
  ['MEA05 wants MEA04 or MEA12 in 005010', '005010', 'MEA*PD*G***1******91*LB', []],
  ['N402 and N407 exclude each other in 005010', '005010', 'N4*TORONTO*ON*M1M*CA***ON', [['element-excluded', 7]]],
  ['N407 wants a country in 005010', '005010', 'N4*TORONTO**M1M****ON', needed(4)],
])('%s', (_name, release, segment, faults) => {
  expect(broken(release, segment)).toEqual(faults);
});
