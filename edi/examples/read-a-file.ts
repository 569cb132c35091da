import { readFileSync } from 'node:fs';
import { readSync } from '../index.js';

/** Lines of the orders in a file: product, how many, of what unit, at what price. */
export function orderLines(path: string): string[] {
  const lines: string[] = [];
  for (const item of readSync(readFileSync(path))) {
    if (item.kind !== 'transaction' || item.document?.set !== '850') continue;
    for (const { item: line } of item.document.lines) {
      const product = line.products?.[0]?.value ?? 'unknown';
      lines.push(`${product}: ${line.ordered?.value} ${line.ordered?.unit} at ${line.unitPrice?.value}`);
    }
  }
  return lines;
}
