/** The claim every door ends at, and the end of it (design: from event to saga, points 4 and 5). */
import { ApplicationFailure } from '@temporalio/common';
import { ArcheanFailure } from '../../clients/archean/client.js';
import { claimObject, finishClaim } from '../../store/event-claims.js';
import { readFeed } from '../../store/feeds.js';
import { insertEvents, markStarted, newestEvent, type EventRow } from '../../store/inbox.js';
import type { Intake, ObjectKey } from './contract.js';
import type { IntakeDeps } from './deps.js';
import { raiseUnreadable } from './hand-on.js';
import { troubleOf } from '../archean/trouble.js';
import { feedNamed, readNew } from './read.js';
import { OBJECTS, type ObjectSource } from './sources/index.js';

/** How long a look at the source waits before Temporal tries again. */
const RETRY_MS = 2_000;
/** Rounds a claim reads so that earlier returns get in before it: another reader may win each. */
const ROUNDS = 5;

interface KnownObject {
  feed: string;
  source: ObjectSource;
}

/** The feed that lists such objects. @throws ApplicationFailure InvalidInput for a kind that no process is for. */
function knownObject({ source, kind }: ObjectKey): KnownObject {
  const known = Object.entries(OBJECTS).find(([, each]) => each.source === source && each.kind === kind);
  if (known !== undefined) return { feed: known[0], source: known[1] };
  const kinds = Object.values(OBJECTS).map((each) => `${each.source} ${each.kind}`);
  throw ApplicationFailure.nonRetryable(
    `"${source}" "${kind}" is not known here; sagas are for ${kinds.join(', ')}`,
    'InvalidInput',
  );
}

const documentOf = (deps: IntakeDeps, { source }: KnownObject, row: EventRow): Promise<object> =>
  source.document({ db: deps.store.db, zone: deps.policy.zone }, row);

/**
 * Reads an object the inbox does not know from its source. First the feed is read up to date, so that those which
 * were earlier get in before it; only then the object by its number. One from before the point the feed was started
 * from stays unknown: nothing before it posts.
 */
async function fetchUnknown(deps: IntakeDeps, known: KnownObject, object: ObjectKey): Promise<EventRow | undefined> {
  const { db } = deps.store;
  const feed = feedNamed(deps, known.feed);
  for (let rounds = 0; rounds < ROUNDS; rounds++) {
    const cursor = await readFeed(db, feed.name);
    if (cursor?.state !== 'running') break;
    const round = await readNew(deps, feed, cursor);
    const row = await newestEvent(db, object);
    if (row !== undefined || !round.more) break;
  }
  const taken = await newestEvent(db, object);
  if (taken !== undefined) return taken;
  const raw = await known.source.find(deps, object.key);
  if (raw === undefined) return undefined;
  const event = known.source.event(raw, deps.policy.zone, deps.now?.() ?? new Date());
  const cursor = await readFeed(db, feed.name);
  const before = cursor?.startedFrom ?? null;
  if (before !== null && event.seq <= before) return undefined;
  const rows = (await known.source.news?.(db, [event])) ?? [event];
  await db.transaction().execute((tx) => insertEvents(tx, rows, deps.store.sealing));
  if (event.state === 'malformed') await raiseUnreadable(deps, feed);
  return newestEvent(db, object);
}

/** Every door's claim: see the contract. */
export const claim =
  (deps: IntakeDeps): Intake['claim'] =>
  async (input) => {
    const known = knownObject(input);
    const { db } = deps.store;
    const { source, kind, key, version, workflowId } = input;
    const claimed = await claimObject(db, { source, kind, key, version, workflowId });
    if (claimed.state === 'finished') return { ...claimed, clocks: (claimed.clocks ?? []) as never };
    if (claimed.state === 'other') return claimed;
    try {
      const row = (await newestEvent(db, input)) ?? (await fetchUnknown(deps, known, input));
      if (row === undefined || row.version < version) return { state: 'absent', policy: deps.policy };
      await markStarted(db, row.id, workflowId);
      return {
        state: 'mine',
        version: row.version,
        document: await documentOf(deps, known, row),
        policy: deps.policy,
        earlier: claimed.earlier,
      };
    } catch (error) {
      throw error instanceof ArcheanFailure ? troubleOf(error, RETRY_MS) : error;
    }
  };

/** The newest version the inbox holds. @throws ApplicationFailure InvalidInput when it holds none. */
export const newest =
  (deps: IntakeDeps): Intake['newest'] =>
  async (input) => {
    const known = knownObject(input);
    const row = await newestEvent(deps.store.db, input);
    if (row === undefined)
      throw ApplicationFailure.nonRetryable(`the inbox holds no ${input.kind} ${input.key}`, 'InvalidInput');
    return { version: row.version, document: await documentOf(deps, known, row) };
  };

/** Ends the claim; refused while the inbox holds a later version. */
export const finish =
  (deps: IntakeDeps): Intake['finish'] =>
  ({ source, kind, key, workflowId, version, result, clocks }) =>
    finishClaim(deps.store.db, { source, kind, key, workflowId, seen: version, result, clocks });
