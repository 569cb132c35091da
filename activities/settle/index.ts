/** Settle and the single-bearer check, as verbs and as standing rounds. */
import { overduePostings } from '../../store/postings.js';
import type { BlueCherryDeps } from '../blue-cherry/erp.js';
import { postingDepsOf } from '../posting/index.js';
import { retellFlags } from '../posting/retell.js';
import type { Standing } from '../standing/contract.js';
import type { Settle } from './contract.js';
import { settleRound } from './round.js';
import { singleBearer } from './single-bearer.js';

const HOUR_MS = 3_600_000;

/** Builds the verbs for one tenant. */
export function createSettleActivities(deps: BlueCherryDeps): Settle {
  const posting = postingDepsOf(deps);
  return {
    round: () => settleRound(posting),
    singleBearer: ({ day }) => singleBearer(posting, day),
    overdue: async ({ olderThanMs }) => {
      const rows = await overduePostings(posting.store.db, posting.config.tenant, olderThanMs);
      return rows.map((row) => ({
        reference: row.reference,
        revision: row.revision,
        state: row.state,
        since: row.sent_at ?? row.intended_at,
        parked: row.parked,
      }));
    },
  };
}

/** The same as rounds of the standing workflows: `standing.settle` and `standing.singleBearer`. */
export function createSettleRounds(
  deps: BlueCherryDeps,
  bearerEveryMs = HOUR_MS,
): Pick<Standing, 'settle' | 'singleBearer'> {
  const verbs = createSettleActivities(deps);
  const posting = postingDepsOf(deps);
  return {
    settle: async () => {
      const retold = await retellFlags(posting);
      const { sleepMs, open, moved, listingPages, searches, reads } = await verbs.round();
      const note =
        `${moved} moved, ${listingPages} pages, ${searches} searches, ${reads} reads; open: ` +
        `${open.intended} intended, ${open.sent} sent, ${open.accepted} accepted, ${open.parked} parked` +
        (retold === 0 ? '' : `; ${retold} flags told again`);
      return { note, sleepMs };
    },
    singleBearer: async () => {
      const day = new Date(deps.now?.() ?? Date.now()).toISOString().slice(0, 10);
      const { documents, doubled, stray, missing } = await verbs.singleBearer({ day });
      const note = `${documents} documents: ${doubled.length} doubled, ${stray.length} stray, ${missing.length} missing`;
      return { note, sleepMs: bearerEveryMs };
    },
  };
}
