/** Mapping rows as people read and write them. */
import { MAPPINGS, type MappingKind, type MappingRow } from '../store/mappings.js';

/** `location 12`: how a row is named in commands. */
export const rowName = (row: Pick<MappingRow, 'kind' | 'id'>): string => `${row.kind} ${row.id}`;

/** A decimal without the zeros the store keeps: `0.200000` is 0.2. */
const plain = (value: string): string => (/^\d+\.\d+$/.test(value) ? value.replace(/\.?0+$/, '') : value);

/** What a row maps to, without what it maps. */
export function targetOf(row: MappingRow): string {
  const { keys } = MAPPINGS[row.kind];
  return Object.entries(row.values)
    .filter(([name, value]) => !keys.includes(name) && value !== null)
    .map(
      ([name, value]) => `${name.replaceAll('_', ' ')} ${Array.isArray(value) ? value.join(', ') : plain(value ?? '')}`,
    )
    .join('; ');
}

/** How far a row has come: a proposed row maps nothing. */
export function standingOf(row: MappingRow): string {
  if (row.state === 'proposed') return `proposed by ${row.addedBy}: maps nothing until a second person confirms it`;
  if (row.endProposed !== null)
    return `in force; ${row.endProposedBy ?? 'somebody'} proposes that ${row.endProposed} is its last day`;
  return `in force, confirmed by ${row.confirmedBy ?? 'the seed'}`;
}

const MEANS: Record<string, string> = {
  source: 'system the code comes from, as in archean',
  divisions: 'divisions it may serve, with commas between; there is no wildcard',
  contents: 'what one holds as ITEM=units, with commas between, all sizes',
  non_sellable_warehouse: 'warehouse of goods that cannot be sold; none when left out',
  tax_rate: 'a fraction: 0.2 for 20 %',
  amount_minor: 'amount in the smallest unit of the currency',
};

export interface MappingColumn {
  name: string;
  means: string;
  required: boolean;
}

/** The columns of a kind, in the order people fill them in. */
export const columnsOf = (kind: MappingKind): MappingColumn[] =>
  Object.keys(MAPPINGS[kind].columns.shape).map((name) => ({
    name,
    means: MEANS[name] ?? name.replaceAll('_', ' '),
    required: name !== 'non_sellable_warehouse',
  }));

/** What people wrote, as the columns hold it: lists at their commas, nothing for an empty optional one. */
export function valuesFrom(
  kind: MappingKind,
  given: Readonly<Record<string, string | undefined>>,
): Record<string, string | string[] | null> {
  const values: Record<string, string | string[] | null> = {};
  for (const { name, required } of columnsOf(kind)) {
    const text = given[name] ?? null;
    if (name === 'divisions' || name === 'contents') values[name] = (text ?? '').split(',').map((part) => part.trim());
    else values[name] = !required && (text ?? '').trim() === '' ? null : text;
  }
  return values;
}
