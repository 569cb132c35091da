/** What the sandbox's call log says was read from the ERP. */
import { z } from 'zod';
import type { SandboxControl } from '../bin/day/control.js';

const Log = z.object({
  calls: z.array(z.object({ operation: z.string(), method: z.string(), path: z.string() })),
});

export interface Reads {
  /** Calls in the log when it was read. */
  calls: number;
  /** Pages of the listing of changed transactions. */
  pages: number;
  /** Pages that the single-bearer check read: it lists a whole day, once a day in production, each minute here. */
  daily: number;
  /** Looks at the batch clock, which cost the ERP nothing that grows. */
  clock: number;
  /** Every other read, by operation. */
  others: string[];
}

/** The check lists from noon of the day before; settle lists from the start of a cycle. */
const FROM_NOON = /modifiedSince=[^&]*T12%3A00%3A00\.000Z/;

/** Reads after the first `from` calls of the log. */
export async function readsOf(sandbox: SandboxControl, from: number): Promise<Reads> {
  const { calls } = Log.parse(await sandbox.get('/_sandbox/calls/blue-cherry'));
  const read = calls.slice(from).filter(({ method }) => method === 'GET');
  const isPage = ({ operation, path }: (typeof read)[number]): boolean =>
    operation === 'transactions' && !path.includes('externalRef');
  const isDaily = (call: (typeof read)[number]): boolean => isPage(call) && FROM_NOON.test(call.path);
  return {
    calls: calls.length,
    pages: read.filter((call) => isPage(call) && !isDaily(call)).length,
    daily: read.filter(isDaily).length,
    clock: read.filter(({ operation }) => operation === 'batch-status').length,
    others: read.filter((call) => !isPage(call) && call.operation !== 'batch-status').map(({ operation }) => operation),
  };
}

const Page = z.object({ transactions: z.array(z.unknown()), cursor: z.string().nullish() });

/** How many documents the ERP lists as changed since that instant of its clock. */
export async function changedSince(erp: { url: string; key: string }, since: string): Promise<number> {
  let count = 0;
  let cursor: string | null | undefined;
  do {
    const address = new URL('/transactions', erp.url);
    address.searchParams.set('modifiedSince', since);
    if (cursor) address.searchParams.set('cursor', cursor);
    const reply = await fetch(address, { headers: { 'x-api-key': erp.key } });
    if (!reply.ok) throw new Error(`the ERP answered ${reply.status} to ${address.pathname}`);
    const page = Page.parse(await reply.json());
    count += page.transactions.length;
    cursor = page.cursor;
  } while (cursor);
  return count;
}
