import { readSync, verdictOf } from '../index.js';

/** What is wrong with the transactions of a file: how each is to be answered, and every fault at its place. */
export function faultsOf(bytes: Uint8Array): string[] {
  const told: string[] = [];
  for (const item of readSync(bytes)) {
    if (item.kind !== 'transaction') continue;
    told.push(`${item.set} ${item.controlNumber}: ${verdictOf(item.faults)}`);
    for (const { severity, message, offset, segmentId, segment, element = 0, code } of item.faults)
      told.push(
        `${severity} at byte ${offset}, ${segmentId} (segment ${segment}), element ${element}: ${message} [${code?.table} ${code?.value}]`,
      );
  }
  return told;
}
