import type { Source } from '../schema/source.js';
import { tagKey } from '../syntax/spelling.js';

const [LS, LE] = [tagKey('LS'), tagKey('LE')];

/** LE01 names the loop that LS01 opened (X12 segments LS and LE). Nothing hangs on the name, so it is a warning. */
export function checkBounds(source: Source): void {
  for (let start = source.find(LS, 1); start > 0; start = source.find(LS, start + 1)) {
    const end = source.find(LE, start + 1);
    const [opened, closed] = [source.value(start, 1), source.value(end, 1)];
    if (end < 0 || opened === closed) continue;
    const place = { element: 1, elementNumber: 447, value: closed };
    const message = `LE01 is ${JSON.stringify(closed)}; LS01 is ${JSON.stringify(opened)}`;
    source.tell('code-not-known', message, end, place, 'warning');
  }
}
