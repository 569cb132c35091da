/** What saga tests share: sales to return against, returns, the books by return, and bodies that run side by side. */
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from '@jest/globals';
import { projectRoot } from '../../bin/supervisor/paths.js';
import type { BookDocument, Rig } from '../support/rig.js';
import { eventually } from '../support/eventually.js';

/** Articles of the trading-day catalogue, all of one division, each a lane of its own. */
export const ARTICLES = ['00123', '00417', '01002', '04055', '10230', '20881'].flatMap((style) =>
  ['08', '10', '12'].map((size) => ({ sku: `WOM|${style}|NVY|||${size}`, code: `${style}-NVY-${size}` })),
);
export const article = (index: number): { sku: string; code: string } =>
  ARTICLES[index % ARTICLES.length] ?? { sku: '', code: '' };

/** A deadline for one fact on a machine that has other work to do. */
export const LONG_MS = 90_000;

export interface SoldLine {
  sku: string;
  quantity: number;
  /** Net; 20 % tax comes on top unless told otherwise. */
  unitPrice: string;
  taxCode?: string;
  taxRate?: string;
}
export interface Sale {
  orderNo: string;
  customer: string;
}

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

/** An order that was shipped and invoiced days ago. */
export async function sell(rig: Rig, lines: SoldLine[], customer?: string, currency = 'GBP'): Promise<Sale> {
  const made = (await rig.emit('blue-cherry', 'order.shipped', {
    placedAt: daysAgo(6),
    shippedAt: daysAgo(5),
    currency,
    lines,
    ...(customer === undefined ? {} : { customer }),
  })) as unknown as { order: Sale };
  return made.order;
}

export interface Returned {
  returnNo: string;
  workflowId: string;
  /** The row as the source lists it. */
  row: { returnNo: string; seq: number; version: number };
}

/** A return is processed (or corrected, or withdrawn) at its source. */
export async function comeBack(rig: Rig, payload: object, type = 'return.processed'): Promise<Returned> {
  const made = (await rig.emit('archean', type, payload)) as unknown as { return: Returned['row'] };
  const { returnNo } = made.return;
  return { returnNo, workflowId: `return-to-stock:archean:${returnNo}`, row: made.return };
}

export type Held = BookDocument & { memo: string | null; orderNo: string | null; reversedBy: string | null };

/** What the ERP's books hold of a return, contra documents included, in order of number. */
export async function heldOf(rig: Rig, returnNo: string): Promise<Held[]> {
  const { documents } = (await rig.books()) as unknown as { documents: Held[] };
  const named = new RegExp(`\\b${returnNo}\\b`);
  return documents.filter((one) => named.test(one.memo ?? ''));
}

const figure = (one: Held): string => {
  const units = one.lines.reduce((sum, line) => sum + Number(line.quantity), 0);
  return `${one.kind} ${one.status} ${one.amount ?? units}`;
};

/** The same as figures: `credit memo POSTED 48.00`, `inventory adjustment POSTED 2`, sorted. */
export async function figuresOf(rig: Rig, returnNo: string): Promise<string[]> {
  return (await heldOf(rig, returnNo)).map(figure).sort();
}

/** The figures of every return in the books, in one look, by return number. */
export async function figuresByReturn(rig: Rig): Promise<Map<string, string[]>> {
  const { documents } = (await rig.books()) as unknown as { documents: Held[] };
  const found = new Map<string, string[]>();
  for (const one of documents) {
    const returnNo = /\bRMA-\d+\b/.exec(one.memo ?? '')?.[0];
    if (returnNo !== undefined) found.set(returnNo, [...(found.get(returnNo) ?? []), figure(one)].sort());
  }
  return found;
}

/** What a return of `units` over `gross` leaves in the books when all is well. */
export const bothHalves = (gross: string, units: number): string[] => [
  `credit memo POSTED ${gross}`,
  `inventory adjustment POSTED ${units}`,
];

export interface Call {
  operation: string;
  externalRef: string | null;
  status: number;
  stored: boolean;
  at: string;
}

/** Every write the ERP was asked for, stored or not. */
export async function writesOf(rig: Rig): Promise<Call[]> {
  const { calls } = (await rig.control('GET', '/_sandbox/calls/blue-cherry')) as {
    calls: (Call & { method: string })[];
  };
  return calls.filter((call) => call.method !== 'GET');
}

export const holdCycles = (rig: Rig): Promise<unknown> =>
  rig.control('POST', '/_sandbox/blue-cherry/cycle', { do: 'hold' });
export const releaseCycles = (rig: Rig): Promise<unknown> =>
  rig.control('POST', '/_sandbox/blue-cherry/cycle', { do: 'release' });

/** Waits until a saga has closed, however it ended. */
export const closed = (rig: Rig, workflowId: string, within = LONG_MS): Promise<string> =>
  eventually(
    async () => {
      const { status } = await rig.client.workflow.getHandle(workflowId).describe();
      return status.name === 'RUNNING' ? undefined : status.name;
    },
    { within, every: 100 },
  );

/** A copy of the configuration with some files changed, for SELVEDGE_CONFIG. */
export function configWith(changes: Record<string, (text: string) => string>): string {
  const dir = mkdtempSync(join(tmpdir(), 'selvedge-config-'));
  cpSync(join(projectRoot, 'config'), dir, { recursive: true });
  for (const [file, change] of Object.entries(changes)) {
    const before = readFileSync(join(dir, file), 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`the change of ${file} changes nothing`);
    writeFileSync(join(dir, file), after);
  }
  return dir;
}

/** Waits until a saga asks a question; answers what it shows of it. */
export const askedOf = (rig: Rig, workflowId: string, question: string): ReturnType<Rig['asked']> =>
  eventually(
    async () => {
      const { questions } = await rig.progress(workflowId);
      const open = questions.find((q) => q.question === question && q.asking !== null);
      if (open === undefined)
        throw new Error(`${workflowId} asks ${questions.map((q) => q.question).join() || 'nothing'}`);
      return open;
    },
    { within: LONG_MS, every: 50 },
  );

/** Answers an open question at the desk door with what it shows. */
export async function answer(
  rig: Rig,
  workflowId: string,
  question: string,
  choice: string,
  person = 'fin-2',
  data: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const open = await askedOf(rig, workflowId, question);
  return rig.decide(person, {
    workflow: workflowId,
    question,
    asking: open.asking,
    choice,
    why: 'looked at and agreed',
    shown: open.shown,
    data,
  });
}

/**
 * Tests whose bodies all start together, once `start` is called from the last `beforeAll`; each test then waits for its
 * own. Sagas wait for cycles most of their time, so that twenty take hardly longer than one.
 */
export function sideBySide(within = 240_000): {
  test: (name: string, body: () => Promise<void>) => void;
  start: () => void;
} {
  const bodies = new Map<string, () => Promise<void>>();
  const runs = new Map<string, Promise<void>>();
  return {
    test: (name, body) => {
      bodies.set(name, body);
      test(name, () => runs.get(name), within);
    },
    start: () => {
      for (const [name, body] of bodies) {
        const run = body();
        run.catch(() => undefined);
        runs.set(name, run);
      }
    },
  };
}
