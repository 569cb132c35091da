/**
 * One reader (or our writer) over one file, in a process of its own: `once.js <contender> <file> [<small file>]` prints its
 * figures. The small file is read first, so that what is compared is compiled, as it is in a program that runs on.
 */
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Writable } from 'node:stream';
import nodeX12 from 'node-x12';
import { X12parser } from 'x12-parser';
import { countingFrom, read, writeChunks, type Document, type Outgoing } from '../../edi/index.js';

/** What a run took: processor time of the work alone, the largest memory of the process, and what it found. */
export interface Figures {
  readonly megabytes: number;
  readonly cpuSeconds: number;
  readonly maxMegabytes: number;
  /** until the first transaction was out; 0 where the contender knows none */
  readonly firstMs: number;
  readonly found: number;
}

type Work = (file: string, first: () => void) => Promise<number>;

const ours: Work = async (file, first) => {
  let found = 0;
  for await (const item of read(createReadStream(file))) {
    if (item.kind !== 'transaction') continue;
    if (found === 0) first();
    if (item.document === null) throw new Error(`${file}: ${item.faults[0]?.message ?? 'no document'}`);
    found += 1;
  }
  return found;
};

const oracle: Work = (file) => {
  const parser = new nodeX12.X12Parser(true);
  const interchange = parser.parse(readFileSync(file, 'latin1'));
  const groups = 'functionalGroups' in interchange ? interchange.functionalGroups : [];
  return Promise.resolve(groups.reduce((all, group) => all + group.transactions.length, 0));
};

const stream: Work = async (file) => {
  let found = 0;
  const count = new Writable({
    objectMode: true,
    write(segment: { name: string }, _encoding, done) {
      if (segment.name === 'ST') found += 1;
      done();
    },
  });
  await pipeline(createReadStream(file), new X12parser(), count);
  return found;
};

const CONTENDERS: Record<string, Work> = { ours, 'node-x12': oracle, 'x12-parser': stream };

async function measured(file: string, work: Work): Promise<Figures> {
  const began = performance.now();
  let firstMs = 0;
  const before = process.cpuUsage();
  const found = await work(file, () => (firstMs = performance.now() - began));
  const { user, system } = process.cpuUsage(before);
  return {
    megabytes: statSync(file).size / 1e6,
    cpuSeconds: (user + system) / 1e6,
    maxMegabytes: process.resourceUsage().maxRSS / 1024,
    firstMs,
    found,
  };
}

/** Our writer: the documents of a file, read before, are written once, so that all is compiled, and then four times. */
async function writing(file: string): Promise<Figures> {
  const documents: Document[] = [];
  let [group, size] = [{ release: '004010' as const, sender: 'AMAZON', receiver: 'SELVEDGE' }, 0] as [Head, number];
  for await (const item of read(createReadStream(file))) {
    if (item.kind === 'group') group = { ...group, release: item.group.release.used };
    if (item.kind === 'transaction' && item.document !== null) documents.push(item.document);
  }
  const party = { qualifier: 'ZZ', id: 'SELVEDGE' };
  const head = { sender: party, receiver: party, date: '2026-03-31', time: '09:30', usage: 'T' as const };
  const outgoing: Outgoing = { ...head, groups: [{ ...group, documents }] };
  const writeAll = (): void => {
    for (const chunk of writeChunks(outgoing, countingFrom(1), { currency: 'USD' })) size += chunk.length;
  };
  writeAll();
  size = 0;
  const before = process.cpuUsage();
  for (let round = 0; round < 4; round++) writeAll();
  const { user, system } = process.cpuUsage(before);
  const cpuSeconds = (user + system) / 1e6;
  return {
    megabytes: size / 1e6,
    cpuSeconds,
    maxMegabytes: process.resourceUsage().maxRSS / 1024,
    firstMs: 0,
    found: documents.length,
  };
}
interface Head {
  release: '004010' | '005010';
  sender: string;
  receiver: string;
}

const [contender = '', file = '', warm] = process.argv.slice(2);
const work = CONTENDERS[contender];
if (warm !== undefined && work !== undefined) await work(warm, () => undefined);
const figures = contender === 'writer' ? await writing(file) : work === undefined ? null : await measured(file, work);
if (figures === null) throw new Error(`no contender ${contender}`);
process.stdout.write(`${JSON.stringify(figures)}\n`);
