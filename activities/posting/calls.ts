/** Reads and writes share one allowance: every call to the ERP goes through here or through a reservation. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  dropTurn,
  freeLease,
  leaseIsFree,
  lockTenant,
  takeLease,
  takeTurn,
  type CallClaim,
} from '../../store/call-slots.js';
import { countRefusedKey, holdTenant, pauseCalls } from '../../store/call-tenants.js';
import { limitsOf, type PostingDeps } from './deps.js';
import { waiting } from './failures.js';

/** Reads come after urgent writes and before the rest: what they bring lets sagas go on. */
const READ_RANK = 1;
const FIRST_DAY = '1970-01-01';

/** What a call to the tenant is counted with. */
export interface CallDeps {
  store: Pick<PostingDeps['store'], 'db'>;
  config: PostingDeps['config'];
}

/** No room for a call within the time the caller may wait in place. */
export class NoRoom extends Error {
  readonly waitMs: number;

  constructor(waitMs: number) {
    super(`no call is free for ${waitMs} ms`);
    this.name = 'NoRoom';
    this.waitMs = waitMs;
  }
}

/**
 * Makes one read inside the tenant's rate and requests at once; throws NoRoom when that takes more than `patienceMs` in
 * place. Who gives up leaves no moment behind that nobody uses: a crowd that gives up would use up the whole schedule.
 */
export async function readCall<T>(deps: CallDeps, patienceMs: number, call: () => Promise<T>): Promise<T> {
  const claim: CallClaim = {
    tenant: deps.config.tenant,
    holder: `read:${randomUUID()}`,
    rank: READ_RANK,
    businessDate: FIRST_DAY,
    // First come, first served: a moment that is waited for is not moved back by reads that come later.
    seq: String(Date.now()),
  };
  const started = performance.now();
  for (;;) {
    const leftMs = patienceMs - (performance.now() - started);
    const waitMs = await takeRoom(deps, claim, leftMs);
    if (waitMs === 0) break;
    if (waitMs > leftMs) {
      await dropTurn(deps.store.db, claim);
      throw new NoRoom(waitMs);
    }
    await sleep(waitMs);
  }
  try {
    return await call();
  } finally {
    await freeLease(deps.store.db, claim.tenant, claim.holder);
  }
}

/** As readCall, for activities: no room within 2 s is a benign NotYet. */
export async function readForSaga<T>(deps: CallDeps, call: () => Promise<T>): Promise<T> {
  try {
    return await readCall(deps, 2_000, call);
  } catch (error) {
    if (!(error instanceof NoRoom)) throw error;
    throw waiting('NotYet', 'Waiting for a free call to the ERP', error.waitMs);
  }
}

/** A request lasts about so long: then one of those at once may be free. */
const LEASE_WAIT_MS = 60;

/**
 * 0 when the call may be made now, else how long to wait: more than `leftMs` leaves the schedule as it was. A turn is taken
 * only when a call is free: it is not wasted.
 */
async function takeRoom(deps: CallDeps, claim: CallClaim, leftMs: number): Promise<number> {
  const limits = limitsOf(deps.config);
  const { db } = deps.store;
  if (!(await leaseIsFree(db, claim.tenant, limits))) return LEASE_WAIT_MS;
  const taken = db.transaction().execute(async (trx) => {
    await lockTenant(trx, claim.tenant);
    if (!(await leaseIsFree(trx, claim.tenant, limits))) return LEASE_WAIT_MS;
    const turn = await takeTurn(trx, claim, limits);
    // Thrown, not answered: what was just written into the schedule is taken back with it.
    if (turn > leftMs) throw new NoRoom(turn);
    if (turn > 0) return turn;
    return (await takeLease(trx, claim.tenant, claim.holder, limits)) ? 0 : LEASE_WAIT_MS;
  });
  return taken.catch((error: unknown) => {
    if (error instanceof NoRoom) return error.waitMs;
    throw error;
  });
}

/** Keeps the tenant's calls back: told so by 429 or by the close window. */
export const keepBack = (deps: PostingDeps, ms: number): Promise<void> =>
  pauseCalls(deps.store.db, deps.config.tenant, ms);

/**
 * The ERP refused our key. Once may be chance; twice in a row holds all writes to the tenant until a person releases
 * them, and tells integration support.
 */
export async function keyRefused(deps: PostingDeps, reference: string, message: string): Promise<void> {
  const { tenant } = deps.config;
  if ((await countRefusedKey(deps.store.db, tenant, 'one-more')) < 2) return;
  await holdTenant(deps.store.db, tenant, 'selvedge', `the ERP refuses our key: ${message}`);
  await deps.raise?.({
    workflowId: reference.split('/')[0] ?? reference,
    reference,
    code: 'X-04',
    title: `All writes to ${tenant} are held: the ERP refuses our key`,
    expected: 'the ERP takes our key',
    actual: message,
  });
}

/** A write was answered: our key is good. */
export const keyAccepted = (deps: PostingDeps): Promise<number> =>
  countRefusedKey(deps.store.db, deps.config.tenant, 'clear');
