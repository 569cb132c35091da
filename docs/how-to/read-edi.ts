/** What an order file holds, for a program: docs/how-to/read-an-edi-file.md. */
import { createReadStream } from 'node:fs';
import { read } from '../../edi/index.js';

/** Each line of the orders in a file, and what is wrong with it. */
export async function readOrders(path: string): Promise<string[]> {
  const said: string[] = [];
  for await (const item of read(createReadStream(path))) {
    for (const fault of item.faults) said.push(`${fault.severity}: ${fault.message}`);
    if (item.kind !== 'transaction' || item.document?.set !== '850') continue;
    const { beginning, lines } = item.document;
    for (const { item: line } of lines)
      said.push(
        `${beginning.purchaseOrderNumber}, line ${line.lineNumber}: ${line.ordered?.value} ${line.ordered?.unit}`,
      );
  }
  return said;
}
