/** Telling sagas of what came in. Handing on twice is handing on once, so a crash between is healed by the next round. */
import { ArcheanMovement } from '../../clients/archean/schema.js';
import { holderOf } from '../../store/event-claims.js';
import { eventsToHandOn, malformedToRaise, markRaised, markStarted, type EventRow } from '../../store/inbox.js';
import type { IntakeDeps } from './deps.js';
import type { KnownFeed } from './read.js';
import { ownerOf } from './sources/movements.js';

const AT_ONCE = 8;
const MOST = 1000;
/** So many in a row that nobody took: the sagas' server is away, the next round tries again. */
const GIVE_UP_AFTER = 3;

export interface HandedOn {
  handedOn: number;
  /** What the last one failed with; undefined when none did. */
  failed: unknown;
}

/** Hands on every new row of a feed. One that nobody takes stays new and does not keep its neighbours. */
export async function handOnNew(deps: IntakeDeps, feed: KnownFeed): Promise<HandedOn> {
  const rows = await eventsToHandOn(deps.store.db, feed.source.source, feed.source.kind, MOST);
  const queues = [...groupByObject(rows).values()];
  const done: HandedOn = { handedOn: 0, failed: undefined };
  let failures = 0;
  const work = async (): Promise<void> => {
    for (let queue = queues.shift(); queue !== undefined && failures < GIVE_UP_AFTER; queue = queues.shift()) {
      try {
        for (const row of queue) {
          await markStarted(deps.store.db, row.id, await handOn(deps, row));
          done.handedOn += 1;
          failures = 0;
        }
      } catch (error) {
        failures += 1;
        done.failed = error;
        deps.log?.warn({ feed: feed.name, error }, 'a row could not be handed on');
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return done;
}

/** Versions and movements of one document go on one after the other, in the source's order. */
function groupByObject(rows: readonly EventRow[]): Map<string, EventRow[]> {
  const groups = new Map<string, EventRow[]>();
  for (const row of [...rows].sort((a, b) => a.version - b.version || a.seq - b.seq)) {
    const key = row.documentId ?? row.sourceId;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return groups;
}

async function handOn(deps: IntakeDeps, row: EventRow): Promise<string | null> {
  const { source, kind, sourceId: key, version } = row;
  if (kind === 'movement') return handOnMovement(deps, row);
  const holder = await holderOf(deps.store.db, { source, kind, key });
  return (await deps.starter.handOnVersion({ source, kind, key, version, ...holder })) ?? null;
}

async function handOnMovement(
  deps: IntakeDeps,
  { source, sourceId: movementId, payload }: EventRow,
): Promise<string | null> {
  const object = { source, ...ownerOf(ArcheanMovement.parse(payload)) };
  const { finished } = await holderOf(deps.store.db, object);
  // The document is finished: its goods were proved before, and nobody waits for this movement any more.
  if (finished) return null;
  return (await deps.starter.handOnMovement({ ...object, movementId })) ?? null;
}

/** Raises X-63 for unreadable rows that have no case yet; answers how many. */
export async function raiseUnreadable(deps: IntakeDeps, feed: KnownFeed): Promise<number> {
  const rows = await malformedToRaise(deps.store.db, feed.source.source, feed.source.kind, MOST);
  for (const row of rows) {
    const { source, kind, seq } = row;
    const number = numberOf(row.payload);
    await deps.raise({ feed: feed.name, source, kind, eventId: row.id, seq, reason: row.reason ?? '', number });
    await markRaised(deps.store.db, row.id);
  }
  return rows.length;
}

function numberOf(payload: unknown): string {
  const row = (payload ?? {}) as { returnNo?: unknown; id?: unknown; poNo?: unknown };
  const number = row.returnNo ?? row.id ?? row.poNo;
  return typeof number === 'string' ? number.slice(0, 60) : '';
}
