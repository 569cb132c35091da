import { lateFaults, strayFaults, type Open } from './envelope-faults.js';
import type { Fault } from './faults.js';
import type { InterchangeHeader, Item } from './items.js';
import { judged, type Profile } from './profile.js';
import { readTa1, type InterchangeAcknowledgement } from './sets/ta1.js';
import { elementAt, type Spelling } from './syntax/spelling.js';

/** A segment of an interchange that stands in no transaction and is no envelope: between groups a TA1, or a stray one. */
export function strayItem(spelling: Spelling, open: Open<InterchangeHeader>, inGroup: boolean, profile: Profile): Item {
  if (inGroup || elementAt(spelling, 0, 0) !== 'TA1')
    return betweenItem(spelling, open, strayFaults(spelling, inGroup), profile);
  const { faults, acknowledgement } = readTa1(spelling);
  return betweenItem(spelling, open, [...faults, ...lateFaults(spelling, open.count)], profile, acknowledgement);
}

/** What stands between groups or transactions, with what is wrong with it. */
export function betweenItem(
  spelling: Spelling,
  { header }: Open<InterchangeHeader>,
  faults: readonly Fault[],
  profile: Profile,
  acknowledgement: InterchangeAcknowledgement | null = null,
): Item {
  return { kind: 'between', interchange: header, acknowledgement, faults: judged(faults, profile), spelling };
}
