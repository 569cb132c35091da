/** From the cause a case waits on to the mapping that takes it away, as far as a mapping can. */
import type { CaseDetail } from '../store/desk-read.js';
import type { MappingKind } from '../store/mappings.js';

interface Wanted {
  kind: MappingKind;
  /** Columns that are known already. */
  values: Record<string, string>;
}

const SOURCE = 'archean';

/** The mapping a cause asks for; null when it is no mapping's to solve: an item master, two rows for one warehouse. */
export function wantedBy(cause: string): Wanted | null {
  const [, what = '', rest = ''] = /^(\S+) (.+)$/.exec(cause) ?? [];
  const served = /^(?<division>.+) at (?<location>.+)$/.exec(rest)?.groups;
  const pack = /^PPK of (?<prepack>.+)$/.exec(rest)?.groups;
  if (what === 'location') return { kind: 'location', values: { source: SOURCE, location: rest } };
  if (what === 'warehouse') return { kind: 'location', values: { source: SOURCE, warehouse: rest } };
  if (what === 'division' && served !== undefined)
    return { kind: 'location', values: { source: SOURCE, location: served['location'] ?? '' } };
  if (what === 'sku') return { kind: 'sku-alias', values: { source: SOURCE, sku: rest } };
  if (what === 'reason') return { kind: 'reason', values: { source: SOURCE, reason: rest } };
  if (what === 'charge') return { kind: 'charge', values: { code: rest } };
  if (what === 'pack' && pack !== undefined)
    return { kind: 'prepack', values: { source: SOURCE, prepack: pack['prepack'] ?? '' } };
  return null;
}

/** Where the row that a case waits for is proposed, with what is known filled in; null when none is. */
export function proposeAddress(found: Pick<CaseDetail, 'case' | 'cause' | 'holds'>): string | null {
  const wanted = wantedBy(found.cause);
  if (wanted === null) return null;
  const dates = found.holds.filter((hold) => hold.released_at === null).map((hold) => hold.business_date);
  const [from = ''] = dates.sort();
  const query = new URLSearchParams({ case: found.case, ...wanted.values, ...(from === '' ? {} : { from }) });
  return `/desk/mappings/new/${wanted.kind}?${query.toString()}`;
}
