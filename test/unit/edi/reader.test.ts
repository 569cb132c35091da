import { describe, expect, test } from '@jest/globals';
import { readSync, type Item } from '../../../edi/index.js';
import { spell } from '../../../edi/syntax/spelling.js';

const ISA =
  'ISA*00*          *00*          *ZZ*AMAZON         *ZZ*SELVEDGE       *260301*1200*U*00401*000000001*0*P*>~';
const ORDER = [
  'GS*PO*AMAZON*SELVEDGE*20260301*1200*1*X*004010~',
  'ST*850*0001~BEG*00*NE*4X7QK2LM**20260301~REF*CR*CUST1~CSH*N~DTM*064*20260305~DTM*063*20260312~N1*ST**92*PHX3~',
  'PO1*1*10*CA*7.50*PE*BP*B012345678~PO1*2*2.5*EA*12.5000*PE*BP*B012345679~CTT*2*12.5~SE*11*0001~',
  'GE*1*1~IEA*1*000000001~',
].join('');

const readAll = (text: string): Item[] => [...readSync(Buffer.from(text, 'latin1'))];
const kinds = (items: readonly Item[]): string[] => items.map(({ kind }) => kind);
const spelled = (items: readonly Item[]): string =>
  items.map((item) => ('spelling' in item ? (item.spelling === null ? '' : spell(item.spelling)) : item.text)).join('');

describe('the reader of X12', () => {
  test('hands out an order as a document, with exact amounts and its units', () => {
    const items = readAll(ISA + ORDER);
    expect(kinds(items)).toEqual(['interchange', 'group', 'transaction', 'group-end', 'interchange-end']);
    expect(items.flatMap(({ faults }) => faults)).toEqual([]);
    const order = items.find((item) => item.kind === 'transaction');
    expect(order?.document).toMatchObject({
      set: '850',
      beginning: { purpose: '00', type: 'NE', purchaseOrderNumber: '4X7QK2LM', date: '2026-03-01' },
      parties: [{ party: { role: 'ST', qualifier: '92', code: 'PHX3' } }],
      lines: [
        {
          item: {
            lineNumber: '1',
            ordered: { value: '10', unit: 'CA' },
            unitPrice: { value: '7.50' },
            products: [{ qualifier: 'BP', value: 'B012345678' }],
          },
        },
        { item: { lineNumber: '2', ordered: { value: '2.5', unit: 'EA' }, unitPrice: { value: '12.5000' } } },
      ],
    });
  });

  test('says the same however the bytes come: in one piece, or one by one', () => {
    const bytes = Buffer.from(`\r\n${ISA}${ORDER}`.replaceAll('~', '~\r\n'), 'latin1');
    const whole = [...readSync(bytes)];
    const one = [...readSync(Array.from(bytes, (byte) => Uint8Array.of(byte)))];
    expect(one.map(({ kind, faults }) => [kind, faults])).toEqual(whole.map(({ kind, faults }) => [kind, faults]));
    expect(spelled(one)).toBe(bytes.toString('latin1'));
    expect(spelled(whole)).toBe(bytes.toString('latin1'));
  });

  test.each([
    ['a line end behind some segments only', (text: string) => text.replace('~', '~\r\n')],
    [
      'a terminator of three bytes of which one segment has the first',
      (text: string) => text.replaceAll('~', '\u00e2\u0080\u00a6').replace('CUST1\u00e2\u0080\u00a6', 'CUST1\u00e2'),
    ],
  ])('takes no byte of a segment for what ends the one before: %s', (_what, ended) => {
    const text = ISA + ORDER;
    const documents = (items: readonly Item[]) =>
      items.flatMap((item) => (item.kind === 'transaction' ? [item.document] : []));
    const items = readAll(ended(text));
    expect(documents(items)).toEqual(documents(readAll(text)));
    expect(items.flatMap(({ faults }) => faults)).toEqual([]);
    expect(spelled(items)).toBe(ended(text));
  });

  test('takes any four to nine characters as the number of a set, which is text (X12 element 329)', () => {
    const numbered = (number: string) =>
      readAll(ISA + ORDER.replaceAll('0001~BEG', `${number}~BEG`).replace('*11*0001', `*11*${number}`));
    const rules = (number: string) => numbered(number).flatMap(({ faults }) => faults.map(({ rule }) => rule));
    expect(rules('PO_2026-1')).toEqual([]);
    expect(rules('PO1')).toEqual(['transaction-number']);
    expect(rules('PO_2026-10')).toEqual(['transaction-number']);
  });

  test('is not stopped by a bad transaction: its neighbours are read', () => {
    const bad = 'ST*850*0002~BEG*00*NE*~SE*9*0003~';
    const items = readAll(
      ISA + ORDER.replace('GE*1', `${bad}ST*850*0004~BEG*00*NE*X**20260301~PO1*1*1*EA~SE*4*0004~GE*3`),
    );
    const found = items.filter((item) => item.kind === 'transaction');
    expect(found.map(({ controlNumber, document }) => [controlNumber, document !== null])).toEqual([
      ['0001', true],
      ['0002', false],
      ['0004', true],
    ]);
    expect(found[1]?.faults.map(({ rule, segment, code }) => [rule, segment, code?.table, code?.value])).toEqual([
      ['segment-count', 3, 'AK502', '4'],
      ['transaction-number-differs', 3, 'AK502', '3'],
      ['element-missing', 2, 'AK403', '1'],
      ['element-missing', 2, 'AK403', '1'],
      ['trailing-separators', 2, undefined, undefined],
      ['segment-missing', 3, 'AK304', '3'],
    ]);
  });
});

test('the type of a document is the one its declarations say', () => {
  const [order] = readAll(ISA + ORDER).flatMap((item) =>
    item.kind === 'transaction' && item.document?.set === '850' ? [item.document] : [],
  );
  // Compiled, this holds that amounts and quantities are text, and that what may lack may be undefined.
  if (order?.set !== '850') throw new Error('an order is expected');
  const total: string | undefined = order.lines[0]?.item.unitPrice?.value;
  const unit: string | undefined = order.lines[0]?.item.ordered?.unit;
  const number: string | undefined = order.beginning.purchaseOrderNumber;
  expect([total, unit, number]).toEqual(['7.50', 'CA', '4X7QK2LM']);
});
