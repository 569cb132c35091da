/** What goes wrong in a run: transient faults by chance, overlapping, and a known number of refusals for good. */
import { externalRefOf } from '../../activities/posting/reference.js';
import type { Books, Entry, Refused } from './books.js';
import type { Installation } from './installation.js';

interface Chance {
  system: string;
  operation: string;
  kind: string;
  probability: number;
  form?: '409' | '500';
}

/** Each write meets one of them nearly half of the time; a document is asked for until it is through. */
const TRANSIENT: readonly Chance[] = [
  { system: 'blue-cherry', operation: 'write', kind: 'drop-after', probability: 0.07 },
  { system: 'blue-cherry', operation: 'write', kind: 'drop-before', probability: 0.06 },
  { system: 'blue-cherry', operation: 'write', kind: 'late-landing', probability: 0.06 },
  { system: 'blue-cherry', operation: 'write', kind: 'status-429', probability: 0.06 },
  { system: 'blue-cherry', operation: 'write', kind: 'status-500', probability: 0.05 },
  { system: 'blue-cherry', operation: 'write', kind: 'table-lock', probability: 0.06, form: '409' },
  { system: 'blue-cherry', operation: 'write', kind: 'table-lock', probability: 0.03, form: '500' },
  { system: 'blue-cherry', operation: 'write', kind: 'lookup-lag', probability: 0.1 },
  { system: 'blue-cherry', operation: 'transactions', kind: 'lookup-lag', probability: 0.05 },
  { system: 'blue-cherry', operation: 'read', kind: 'status-429', probability: 0.03 },
  { system: 'blue-cherry', operation: 'read', kind: 'status-500', probability: 0.03 },
  { system: 'blue-cherry', operation: 'cycle', kind: 'abort-cycle', probability: 0.25 },
  { system: 'archean', operation: 'read', kind: 'status-500', probability: 0.03 },
  { system: 'archean', operation: 'read', kind: 'drop-after', probability: 0.03 },
];

/** A refusal for good: what the ERP says, and the case that must stay open for it. */
interface Refusal {
  kind: 'refuse' | 'reject-at-posting' | 'period-closed-at-posting' | 'partial';
  on: 'credit memo' | 'inventory adjustment';
  code: string;
  opens: string;
}

const REFUSALS: readonly Refusal[] = [
  { kind: 'refuse', on: 'credit memo', code: 'CUSTOMER_ON_HOLD', opens: 'X-06' },
  { kind: 'period-closed-at-posting', on: 'credit memo', code: 'PERIOD_CLOSED', opens: 'X-24' },
  { kind: 'reject-at-posting', on: 'credit memo', code: 'CREDIT_EXCEEDS_INVOICED', opens: 'X-11' },
  { kind: 'refuse', on: 'inventory adjustment', code: 'WAREHOUSE_UNKNOWN', opens: 'X-03' },
  { kind: 'partial', on: 'inventory adjustment', code: 'SKU_INACTIVE', opens: 'X-06' },
  { kind: 'refuse', on: 'credit memo', code: 'GL_ACCOUNT_UNKNOWN', opens: 'X-12' },
  { kind: 'reject-at-posting', on: 'inventory adjustment', code: 'SKU_INACTIVE', opens: 'X-02' },
];

/** A return that will wait, and why. */
export interface Waiting {
  key: string;
  code: string;
}

export interface Plan {
  refused: Refused;
  waiting: Waiting[];
  faults: object[];
}

const keyOf = (reference: string): string => reference.split(':')[2]?.split('/')[0] ?? '';

/** The one document of a return of this kind, where the return has just that one and its fellow. */
function simple(books: Books): Map<string, Map<string, Entry>> {
  const byKey = new Map<string, Map<string, Entry>>();
  const others = new Set<string>();
  for (const entry of books.entries.values()) {
    const key = keyOf(entry.reference);
    const held = byKey.get(key) ?? new Map<string, Entry>();
    if (held.has(entry.kind) || entry.kind === 'sales order') others.add(key);
    byKey.set(key, held.set(entry.kind, entry));
  }
  for (const [key, held] of byKey) if (others.has(key) || held.size !== 2) byKey.delete(key);
  return byKey;
}

/** `count` refusals, another first with each seed; those in part come first, since few documents fit them. */
function refusalsOf(seed: number, count: number): Refusal[] {
  const turned = REFUSALS.map((_, n) => REFUSALS[(seed + n) % REFUSALS.length]).filter((one) => one !== undefined);
  const all = Array.from({ length: Math.ceil(count / turned.length) }, () => turned).flat();
  return all.slice(0, count).sort((a, b) => Number(b.kind === 'partial') - Number(a.kind === 'partial'));
}

/**
 * Chooses whom the ERP refuses for good: `count` returns of the fault-free run that post one memo and one adjustment
 * and wait for nobody. The same books and seed choose the same.
 */
export function planRefusals(books: Books, excluded: ReadonlySet<string>, seed: number, count: number): Plan {
  const candidates = [...simple(books)]
    .filter(([key]) => !excluded.has(key))
    .sort(([a], [b]) => (externalRefOf(`${a}${seed}`, 1) < externalRefOf(`${b}${seed}`, 1) ? -1 : 1));
  const refused = new Map<string, 'all' | readonly number[]>();
  const waiting: Waiting[] = [];
  const faults: object[] = [];
  for (const { kind, on, code, opens } of refusalsOf(seed, count)) {
    const fits = ([, held]: (typeof candidates)[number]): boolean =>
      held.has(on) && (kind !== 'partial' || (held.get(on)?.lines.length ?? 0) > 1);
    const at = candidates.findIndex(fits);
    const [chosen] = at < 0 ? [] : candidates.splice(at, 1);
    const entry = chosen?.[1].get(on);
    if (chosen === undefined || entry === undefined) continue;
    const operation = on === 'credit memo' ? 'credit-memo' : 'inventory-adjustment';
    const last = entry.lines.length;
    refused.set(entry.reference, kind === 'partial' ? [last] : 'all');
    waiting.push({ key: chosen[0], code: opens });
    faults.push({
      ...{ system: 'blue-cherry', operation, kind, code, probability: 1 },
      ...(kind === 'partial' ? { lines: [last] } : {}),
      match: { externalRef: externalRefOf(entry.reference, 1) },
    });
  }
  return { refused, waiting, faults };
}

/** Puts the plan's refusals and the transient faults on the sandbox's board; refusals first, they count first. */
export async function misbehave(installation: Installation, plan: Plan): Promise<void> {
  for (const fault of [...plan.faults, ...TRANSIENT]) await installation.control('POST', '/_sandbox/faults', fault);
}
