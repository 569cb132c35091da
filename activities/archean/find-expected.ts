/** What came of the announcements of a purchase order: each is followed to the record that waits for the rest of it. */
import type { ArcheanGoodsIn } from '../../clients/archean/schema.js';
import type { Announced } from '../../domain/expected/plan.js';
import { announcementsOf } from '../../store/announcements.js';
import type { Archean } from './contract.js';
import type { ArcheanDeps } from './deps.js';
import { foundBy, recordOf } from './goods-in.js';
import { asTrouble } from './trouble.js';

/** An announcement that comes in more parts than this is none anybody means. */
const MOST_PARTS = 100;
const EACH = 'EA';
const STATES = { EXPECTED: 'expected', COMPLETED: 'arrived', REVERSED: 'arrived', CANCELLED: 'cancelled' } as const;

export const findExpectedWith =
  (deps: ArcheanDeps): Archean['findExpected'] =>
  async ({ poNo }) => {
    const found: Announced[] = [];
    for (const externalRef of await announcementsOf(deps.store.db, poNo)) {
      const first = await foundBy(deps, externalRef);
      if (first !== undefined) found.push(announcedOf(await partsOf(deps, first)));
    }
    return found;
  };

/** The record first announced, and those that were opened one after the other for what was still to come. */
async function partsOf(deps: ArcheanDeps, first: ArcheanGoodsIn): Promise<ArcheanGoodsIn[]> {
  const parts = [first];
  for (
    let next = first.followedBy;
    next !== null && parts.length < MOST_PARTS;
    next = parts.at(-1)?.followedBy ?? null
  ) {
    const id = next;
    const raw = await asTrouble(() => deps.client.findGoodsIn(id));
    if (raw === undefined) break;
    parts.push(recordOf(raw));
  }
  return parts;
}

function announcedOf(parts: readonly ArcheanGoodsIn[]): Announced {
  const [first] = parts;
  const last = parts.at(-1) ?? first;
  if (last === undefined) throw new Error('an announcement has at least one record');
  const counted = parts.filter(({ state }) => state === 'COMPLETED').flatMap(({ lines }) => lines);
  return {
    goodsInNo: last.id,
    state: STATES[last.state],
    location: last.location,
    lines: last.lines.map(({ lineNo, sku, expected }) => ({ lineNo, code: sku, expected })),
    arrived: counted.some(({ uom, received }) => uom !== EACH && received > 0)
      ? null
      : counted.map(({ lineNo, received }) => ({ lineNo, units: received })),
  };
}
