/** Faults of X12 files, as `selvedge edi check` lists them. */
import { faultText, visible, type Fault, type Item, type Severity } from '../../edi/index.js';
import { counted } from '../../views/format.js';
import { nameOf } from '../reads/edi-file.js';

/** Where a fault is: transaction, segment, element, as far as it is in any. */
export function placeOf(item: Item, { segmentId, segment, element, component }: Fault): string {
  const within = {
    transaction: () => (item.kind === 'transaction' ? `${item.set} ${item.controlNumber}` : ''),
    group: () => (item.kind === 'group' ? `group ${item.group.controlNumber}` : ''),
    'group-end': () => (item.kind === 'group-end' ? `group ${item.group.controlNumber}` : ''),
    interchange: () => 'interchange',
    'interchange-end': () => 'interchange',
    between: () => 'between',
    outside: () => 'outside',
  }[item.kind]();
  const at = item.kind === 'transaction' && segment !== undefined ? `segment ${segment}` : '';
  const ref = element === undefined || element < 1 ? '' : String(element).padStart(2, '0');
  const part = component === undefined ? '' : `-${component}`;
  return [within, at, `${segmentId ?? ''}${segmentId === undefined ? '' : ref}${part}`].filter(Boolean).join(', ');
}

/** A fault in one line, the file in front: what editors and grep can follow. */
export const faultLine = (path: string, item: Item, fault: Fault): string =>
  visible(`${nameOf(path)}: ${placeOf(item, fault)}: ${faultText(fault)}`, 2000);

/** What a file held, and how many faults of each kind. */
export interface Checked {
  readonly file: string;
  readonly interchanges: number;
  readonly groups: number;
  readonly transactions: number;
  readonly faults: Readonly<Record<Severity, number>>;
}

const KINDS: Readonly<Record<Severity, (count: number) => string>> = {
  fatal: (count) => `${count} fatal`,
  error: (count) => counted(count, 'error'),
  warning: (count) => counted(count, 'warning'),
  note: (count) => counted(count, 'note'),
};

/** `order.edi: no fault; 1 interchange, 1 group, 3 transactions`. */
export function checkedLine({ file, interchanges, groups, transactions, faults }: Checked): string {
  const told = (['fatal', 'error', 'warning', 'note'] as const).filter((severity) => faults[severity] > 0);
  const found = told.length === 0 ? 'no fault' : told.map((severity) => KINDS[severity](faults[severity])).join(', ');
  const held = [
    counted(interchanges, 'interchange'),
    counted(groups, 'group'),
    counted(transactions, 'transaction'),
  ].join(', ');
  return visible(`${nameOf(file)}: ${found}; ${held}`, 2000);
}
