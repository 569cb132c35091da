import type { Item } from './items.js';
import { spell } from './syntax/spelling.js';

/**
 * The bytes of what was read, spelled again from its segments and elements: for every file within the reader's limits
 * the same bytes, envelope, line ends and all.
 */
export function rewrite(items: Iterable<Item>): Uint8Array {
  return Buffer.concat([...items].map((item) => Buffer.from(textOf(item), 'latin1')));
}

function textOf(item: Item): string {
  if (item.kind === 'outside') return item.text;
  return item.spelling === null ? '' : spell(item.spelling);
}
