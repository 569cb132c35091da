/** Post once (design.md 5): look, stand in line, look-alike, reserve, send, record. Any number of attempts may overlap. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  insertRevision,
  replaceContent,
  reserve,
  standForTurn,
  standInLine,
  type Reserved,
} from '../../store/posting-moves.js';
import { revisionsOf, type PostingContent, type PostingRow } from '../../store/postings.js';
import type { CallClaim } from '../../store/call-slots.js';
import type { PostingResult } from './contract.js';
import { limitsOf, type PostingDeps } from './deps.js';
import { rejected, rejection, waiting } from './failures.js';
import { lineCountOf } from './content.js';
import { look } from './look.js';
import { lateness, refuseLookAlikes } from './look-alike.js';
import { externalRefOf } from './reference.js';
import { sendAndRecord, startClock, type SendClock } from './send.js';

/** What is asked to be posted under a reference. */
export interface Asked {
  reference: string;
  content: PostingContent;
  /** Digest of what the saga passed; the only thing a repeated request is compared by. */
  digest: string;
  seq: number;
  links: PostingRow['links'];
}

/** Waits shorter than this are waited for in place; longer ones go back to Temporal. */
const IN_PLACE_MS = 2_000;
const MOST_IN_PLACE_MS = 6_000;
/** How much longer than its wait a document keeps its place: it comes back late where the machine is busy. */
const GRACE_MS = 6_000;
/** Each round either waits, moves the posting or ends; this many means a fault of ours. */
const MOST_ROUNDS = 500;

/**
 * Posts a document at most once and answers when it is posted. Throws a rejection for a person, or a benign wait, or
 * trouble that Temporal retries. Reads the store alone while it waits for the ERP.
 */
export async function postOnce(deps: PostingDeps, asked: Asked): Promise<PostingResult> {
  checkSendable(deps, asked);
  const patience = startPatience();
  /** Nothing like it was in the ERP: that holds until it is sent, while this attempt waits in place. */
  let looked: { fence: number; ago: SendClock } | undefined;
  await deps.pause?.('before-look');
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const rows = await revisionsOf(deps.store.db, asked.reference);
    const standing = await look(deps, rows, asked);
    if (standing.state === 'done') return standing.result;
    if (standing.state === 'none') {
      await insertRevision(deps.store.db, firstRevision(deps, asked));
      continue;
    }
    if (standing.state === 'replace') {
      const first = firstRevision(deps, asked);
      await replaceContent(deps.store.db, standing.row, { ...first, askedDigest: asked.digest });
      continue;
    }
    const claim = claimOf(deps, standing.row);
    const rules = { limits: limitsOf(deps.config), sendDeadlineMs: deps.config.sendDeadlineMs, graceMs: GRACE_MS };
    // Who waits for others asks the ERP nothing: a crowd on one lane would use up the calls of all.
    const behind = await standInLine(deps.store.db, standing.row, claim, rules);
    if (behind !== undefined) {
      await waitInPlace(behind, patience);
      continue;
    }
    const fresh = looked?.fence === standing.row.fence && looked.ago.passedMs() < MOST_IN_PLACE_MS;
    const late = fresh ? null : await lateness(deps, standing.row);
    if (late !== null) {
      const hindered = await standForTurn(deps.store.db, standing.row, claim, rules);
      if (hindered !== undefined) {
        await waitInPlace(hindered, patience);
        continue;
      }
      const ago = startClock(deps);
      if (await refuseLookAlikes(deps, standing.row, late)) continue;
      looked = { fence: standing.row.fence, ago };
    }
    await deps.pause?.('before-reserve');
    const clock = startClock(deps);
    const reserved = await reserve(deps.store.db, standing.row, claim, rules);
    if (reserved.state === 'reserved') {
      await sendAndRecord(deps, standing.row, reserved.fence, claim, clock);
      continue;
    }
    await waitInPlace(reserved, patience);
  }
  throw new Error(`posting ${asked.reference} did not come to rest in ${MOST_ROUNDS} rounds`);
}

interface Patience {
  leftMs(): number;
  waits: number;
}

function startPatience(): Patience {
  const started = performance.now();
  return { leftMs: () => MOST_IN_PLACE_MS - (performance.now() - started), waits: 0 };
}

/** Sleeps a short wait; throws a benign wait for a long one, or when enough was waited in place. */
async function waitInPlace(reserved: Reserved, patience: Patience): Promise<void> {
  if (reserved.state === 'held') throw waiting('Held', `Writes are held: ${reserved.why}`, HELD_LOOK_MS);
  if (reserved.state !== 'wait') return;
  const { waitMs, why } = reserved;
  if (waitMs >= IN_PLACE_MS || waitMs > patience.leftMs()) {
    throw waiting('NotYet', WAITS_FOR[why], why === 'lanes' ? Math.max(waitMs, LANE_LOOK_MS) : waitMs);
  }
  // Nobody tells when a lane or a call goes free, so it is looked at less and less often; other moments are known.
  const growth = why === 'lanes' || why === 'calls' ? Math.min(4, 1.3 ** patience.waits) : 1;
  patience.waits += 1;
  // Never so long that its place in the queue of its lanes lapses meanwhile.
  await sleep(Math.min(waitMs * growth, IN_PLACE_MS));
}

const HELD_LOOK_MS = 5_000;
const LANE_LOOK_MS = 1_000;
const WAITS_FOR = {
  lanes: 'Another document holds an item of this one',
  calls: 'As many calls to the ERP are under way as it allows',
  rate: "Waiting for a turn in the ERP's rate",
  'not-before': 'The ERP asked for time',
};

function checkSendable(deps: PostingDeps, asked: Asked): void {
  try {
    deps.erp.prepare(asked.content, externalRefOf(asked.reference, 1));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw rejection(rejected('InvalidInput', error.message, { reference: asked.reference }));
  }
}

function firstRevision(deps: PostingDeps, asked: Asked) {
  return {
    externalRef: externalRefOf(asked.reference, 1),
    reference: asked.reference,
    revision: 1,
    tenant: deps.config.tenant,
    kind: asked.content.document.kind,
    operation: asked.content.operation,
    askedDigest: asked.digest,
    content: asked.content,
    lanes: deps.erp.lanesOf(asked.content),
    businessDate: asked.content.document.businessDate,
    seq: asked.seq,
    links: asked.links,
    state: 'intended' as const,
    lineCount: lineCountOf(asked.content.document),
  };
}

const DAY_MS = 86_400_000;

/** Priority of a posting: those whose month ends within a day go first, then the oldest business date, then seq. */
function claimOf(deps: PostingDeps, row: PostingRow): CallClaim {
  const businessDate = row.business_date ?? '1970-01-01';
  const [year = '1970', month = '1'] = businessDate.split('-');
  const periodEnd = Date.UTC(Number(year), Number(month), 1);
  const now = deps.now?.() ?? Date.now();
  return {
    tenant: row.tenant,
    holder: row.external_ref,
    rank: Math.abs(periodEnd - now) <= DAY_MS ? 0 : 1,
    businessDate,
    seq: row.seq,
  };
}
