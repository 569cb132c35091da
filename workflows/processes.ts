/** The business processes there are: one line each. */
import { sagaNamed, type Process, type SagaName } from './process.js';
import { expectedReceiptProcess } from './expected-receipt/contract.js';
import { receiptProcess } from './po-receipt/contract.js';
import { returnProcess } from './return-to-stock/contract.js';

export const PROCESSES: readonly Process[] = [returnProcess, receiptProcess, expectedReceiptProcess];

/** The process for one kind of object of a source; undefined when none is for it. */
export const processFor = (source: string, kind: string): Process | undefined =>
  PROCESSES.find((process) => process.source === source && process.kind === kind);

/** The process and object a saga's workflow id names; undefined for any other id. */
export function sagaOf(workflowId: string): (SagaName & { of: Process }) | undefined {
  const named = sagaNamed(workflowId);
  const of = PROCESSES.find(({ name, source }) => name === named?.process && source === named.source);
  return named === undefined || of === undefined ? undefined : { ...named, of };
}
