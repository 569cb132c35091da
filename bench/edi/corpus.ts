import { closeSync, openSync, writeSync } from 'node:fs';

/** Sets a corpus can be of. */
export const KINDS = ['850', '856', '820'] as const;
export type Kind = (typeof KINDS)[number];

/** Numbers that follow from a seed (a linear congruence of Numerical Recipes; good enough to vary a file). */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Below = ReturnType<typeof numbersFrom>;

const GROUPS: Record<Kind, { id: string; release: string; version: string; repetition: string }> = {
  '850': { id: 'PO', release: '004010', version: '00401', repetition: 'U' },
  '856': { id: 'SH', release: '005010', version: '00501', repetition: '^' },
  '820': { id: 'RA', release: '004010', version: '00401', repetition: 'U' },
};

/** Writes a file of one interchange and one group with as many transactions of a kind as `bytes` holds; seeded. */
export function writeCorpus(file: string, kind: Kind, bytes: number, seed: number): void {
  const below = numbersFrom(seed);
  const { id, release, version, repetition } = GROUPS[kind];
  const out = openSync(file, 'w');
  let written = 0;
  let buffered: string[] = [];
  const put = (text: string): void => {
    buffered.push(text);
    written += text.length;
    if (buffered.length < 200) return;
    writeSync(out, buffered.join(''));
    buffered = [];
  };
  put(
    `ISA*00*          *00*          *ZZ*AMAZON         *ZZ*SELVEDGE       *260301*1200*${repetition}*${version}*000000001*0*P*>~\n`,
  );
  put(`GS*${id}*AMAZON*SELVEDGE*20260301*1200*1*X*${release}~\n`);
  let count = 0;
  while (written < bytes) {
    count += 1;
    const number = String(count).padStart(4, '0');
    const body = BODIES[kind](below, count);
    put(`ST*${kind}*${number}~\n${body.map((one) => `${one}~\n`).join('')}SE*${body.length + 2}*${number}~\n`);
  }
  put(`GE*${count}*1~\nIEA*1*000000001~\n`);
  writeSync(out, buffered.join(''));
  closeSync(out);
}

const price = (below: Below): string => `${below(90) + 1}.${String(below(100)).padStart(2, '0')}`;

function order(below: Below, n: number): string[] {
  const quantities = Array.from({ length: 10 + below(40) }, () => below(96) + 1);
  const lines = quantities.map(
    (quantity, at) => `PO1*${at + 1}*${quantity}*EA*${price(below)}*PE*BP*B0${String(below(1e8)).padStart(8, '0')}`,
  );
  return [
    `BEG*00*NE*${String(n).padStart(8, 'A')}**20260301`,
    'REF*CR*AMZN1',
    'CSH*N',
    'DTM*064*20260305',
    'DTM*063*20260312',
    `N1*ST**92*PHX${below(9) + 1}`,
    ...lines,
    `CTT*${lines.length}*${quantities.reduce((all, one) => all + one, 0)}`,
  ];
}

/** SSCC-18: extension, company, serial and a check digit by weights 3 and 1. */
function sscc(serial: number): string {
  const digits = `0${'0614141'}${String(serial).padStart(9, '0')}`;
  const sum = Array.from(digits).reduce((all, digit, at) => all + Number(digit) * (at % 2 === 0 ? 3 : 1), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

function notice(below: Below, n: number): string[] {
  const cartons = 5 + below(20);
  const segments = [`BSN*00*SHP${n}*20260301*1200*0001`, 'HL*1**S*1'];
  segments.push(`TD1*CTN25*${cartons}****G*120.5*LB`, 'TD5**2*UPSN*M');
  segments.push(`REF*BM*${10_000_000 + n}`, 'DTM*011*20260301', 'DTM*017*20260304', 'N1*ST**92*PHX3', 'HL*2*1*O*1');
  segments.push(`PRF*${String(n).padStart(8, 'A')}`);
  let level = 2;
  for (let carton = 0; carton < cartons; carton++) {
    const pack = ++level;
    segments.push(`HL*${pack}*2*P*1`, `MAN*GM*${sscc((n * 40 + carton) % 1e9)}`);
    segments.push(
      `HL*${++level}*${pack}*I*0`,
      `LIN**BP*B0${String(below(1e8)).padStart(8, '0')}`,
      `SN1**${below(24) + 1}*EA`,
    );
  }
  return [...segments, `CTT*${level}`];
}

function remittance(below: Below, n: number): string[] {
  const cents = Array.from({ length: 20 + below(60) }, () => 100 + below(900_000));
  const money = (value: number): string => `${Math.floor(value / 100)}.${String(value % 100).padStart(2, '0')}`;
  const lines = cents.map((value, at) => `RMR*IV*INV${n * 100 + at}**${money(value)}*${money(value)}`);
  const total = cents.reduce((all, one) => all + one, 0);
  return [
    `BPR*I*${money(total)}*C*ACH************20260301`,
    `TRN*1*${100_000_000 + n}`,
    'CUR*PR*USD',
    'DTM*097*20260301',
    'N1*PE*SELVEDGE',
    'ENT*1',
    ...lines,
  ];
}

const BODIES: Record<Kind, (below: Below, n: number) => string[]> = { '850': order, '856': notice, '820': remittance };
