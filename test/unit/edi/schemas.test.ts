import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { readSync, schemaFor, type Rule, type Transaction } from '../../../edi/index.js';
import type { Release } from '../../../edi/schema/release.js';
import { elementsOf, type SegmentSpec } from '../../../edi/schema/segment.js';
import type { LoopSpec } from '../../../edi/schema/set.js';
import { SET_NUMBERS, setFor } from '../../../edi/sets/index.js';
import { interchange } from './one-set.js';

const PUBLIC = fileURLToPath(new URL('../../../../shared/x12/', import.meta.url));
const present = existsSync(PUBLIC);
if (!present) process.stdout.write(`the public files are not at ${PUBLIC}: their tests are skipped\n`);
const onPublic = present ? test : test.skip;

/** What a reader takes and a schema does not: it is told, and the value is kept. */
const KEPT: readonly Rule[] = ['element-too-long', 'element-too-short', 'segment-too-often', 'loop-too-often'];

const transactions = (bytes: Buffer): Transaction[] =>
  [...readSync(bytes)].filter((item) => item.kind === 'transaction');

/** Parses a document by the schema of its set; answers whether the schema takes it. */
function parsed({ set, group, document, faults }: Transaction): boolean {
  const schema = schemaFor(set, group?.release.used ?? '004010');
  const result = schema?.safeParse(document);
  if (result?.success === true) expect(result.data).toEqual(document);
  else expect([result?.error?.issues, faults.filter(({ rule }) => KEPT.includes(rule))]).not.toEqual([undefined, []]);
  return result?.success === true;
}

const SETS: Readonly<Record<string, readonly string[]>> = {
  '810': ['BIG*20260305*INV-1', 'IT1*1*1*EA*2.5', 'TDS*250', 'CTT*1*1'],
  '820': ['BPR*I*10*C*CHK', 'ENT*1', 'NM1*PE*2*PAYEE', 'RMR*IV*1**10', 'IT1*1', 'ADX*0*01'],
  '850': ['BEG*00*NE*1**20260301', 'N1*ST**92*PHX3', 'PO1*1*1*EA*2.5', 'CTT*1*1'],
  '856': ['BSN*00*S1*20260301*1430*0004', 'HL*1**S', 'HL*2*1*O', 'HL*3*2*I', 'SN1**1*EA', 'CTT*3*1'],
};

describe('a document that was read', () => {
  for (const [set, segments] of Object.entries(SETS))
    test.each(['004010', '005010'] as const)(`of set ${set} in %s is what its schema answers for it`, (release) => {
      const [read] = transactions(Buffer.from(interchange(set, release, segments)));
      expect(read?.faults).toEqual([]);
      expect(read === undefined ? null : parsed(read)).toBe(true);
    });

  onPublic('of a public file is what its schema answers for it', () => {
    let documents = 0;
    for (const name of readdirSync(PUBLIC).filter((file) => file.endsWith('.edi')))
      for (const transaction of transactions(readFileSync(join(PUBLIC, name))))
        if (transaction.document !== null) {
          parsed(transaction);
          documents += 1;
        }
    expect(documents).toBeGreaterThan(20);
  });
});

describe('a segment', () => {
  test.each(SET_NUMBERS.flatMap((set) => [`${set} 004010`, `${set} 005010`]))(
    'of set %s has a property for each element it may have, so that none is lost',
    (name) => {
      const [set = '', release = ''] = name.split(' ');
      const lost = new Set<string>();
      const look = ({ slots }: LoopSpec): void => {
        for (const { segment, loop } of slots) {
          if (segment !== null) for (const position of uncovered(segment)) lost.add(`${segment.id} ${position}`);
          if (loop !== null) look(loop);
        }
      };
      const spec = setFor(set, release as Release);
      if (spec !== null) look(spec.body);
      expect([spec?.set, [...lost]]).toEqual([set, []]);
    },
  );

  test('keeps the further dates of a currency, and the code list of a measurement', () => {
    const segments = ['BEG*00*NE*1**20260301', 'CUR*BY*USD*****196*20260301**197*20260331*2359', 'PO1*1*1*EA*2.5'];
    const lines = [...segments, 'MEA*PD*G*5********91*LB'];
    const [read] = transactions(Buffer.from(interchange('850', '005010', lines)));
    expect(read?.document).toMatchObject({
      currency: { date: '2026-03-01', secondDateQualifier: '197', secondDate: '2026-03-31', secondTime: '23:59' },
      lines: [{ measurements: [{ value: '5', codeList: '91', code: 'LB' }] }],
    });
  });
});

/** Elements of a segment that no property holds. */
function uncovered({ properties, most }: SegmentSpec): number[] {
  if (properties[0]?.field.kind === 'plain') return [];
  const held = new Set(properties.flatMap(({ field }) => elementsOf(field).map(({ position }) => position)));
  return Array.from({ length: most }, (_, n) => n + 1).filter((position) => !held.has(position));
}

describe('the remittances among the public files', () => {
  onPublic('are all documents of 005010, without a fault but one that does not add up', () => {
    const names = readdirSync(PUBLIC).filter((file) => /^005010-.*ra820.*pass/.test(file));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names)
      for (const { document, faults } of transactions(readFileSync(join(PUBLIC, name)))) {
        expect([name, document?.set]).toEqual([name, '820']);
        expect([name, faults.filter(({ rule }) => rule !== 'total-differs')]).toEqual([name, []]);
        expect(faults.every(({ severity }) => severity === 'warning')).toBe(true);
      }
  });

  onPublic.each(['basic-invoice', 'credit-card-invoice'])('and the %s is a document once its group says IN', (kind) => {
    const name = readdirSync(PUBLIC).find((file) => file.includes('sc810') && file.includes(kind)) ?? '';
    const text = readFileSync(join(PUBLIC, name), 'latin1');
    expect(transactions(Buffer.from(text, 'latin1'))[0]?.faults.map(({ rule }) => rule)).toEqual(['set-not-in-group']);
    const [invoice] = transactions(Buffer.from(text.replace('GS*SC', 'GS*IN'), 'latin1'));
    expect([invoice?.document?.set, invoice?.faults]).toEqual(['810', []]);
  });
});
