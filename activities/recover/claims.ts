/** Claims on objects, units and days, announcements and clocks, as histories tell of them. */
import { refusedOf } from '../../domain/receipt/documents.js';
import { creditedCustomer } from '../../domain/return/context.js';
import { dayCredit } from '../../domain/return/day.js';
import { tieLines } from '../../domain/return/lines.js';
import { minorOf, money } from '../../domain/money.js';
import type { ToldCall, ToldSaga } from '../../domain/told.js';
import { announces, noteAnnounced } from '../../store/announcements.js';
import { giveBackGrants, type Wish, type WrittenGrant } from '../../store/claims.js';
import { addToCustomerDay, giveBackDay } from '../../store/customer-day.js';
import type { Db } from '../../store/database.js';
import { recordClocks } from '../../store/desk-sweeps.js';
import { giveBackReceipt, giveUp, withdrawGivenUp } from '../../store/receipts.js';
import {
  claimLacks,
  markSeen,
  restoreClaim,
  restoreGrants,
  restoreReceipt,
  type ToldClaim,
} from '../../store/recovery-claims.js';
import type { Archean } from '../archean/contract.js';
import type { Claims } from '../claims/contract.js';
import type { Desk } from '../desk/contract.js';
import type { Claim, Intake } from '../intake/contract.js';
import { externalRefOf } from '../posting/reference.js';

type InputOf<T, V extends keyof T> = T[V] extends (input: infer I) => unknown ? I : never;
type ResultOf<T, V extends keyof T> = T[V] extends (input: never) => Promise<infer R> ? R : never;

const byEnd = (a: ToldCall, b: ToldCall): number => (a.endedAt ?? '').localeCompare(b.endedAt ?? '');

/** What sagas claimed and how they ended, with the newest version each has seen. */
export function claimsIn(sagas: readonly ToldSaga[]): { claim: ToldClaim; seen: number }[] {
  const found = new Map<string, { claim: ToldClaim; seen: number }>();
  for (const call of sagas.flatMap(({ calls }) => calls).sort(byEnd)) {
    if (call.outcome !== 'done' || call.endedAt === null) continue;
    const { source, kind, key, workflowId, version } = call.input as InputOf<Intake, 'finish'>;
    const named = `${call.workflowId} ${source}/${kind}/${key}`;
    const known = found.get(named);
    if (call.verb === 'intake.claim') {
      const result = call.result as Claim;
      if (result.state !== 'mine' && result.state !== 'absent') continue;
      const seen = result.state === 'mine' ? result.version : 0;
      const claim = known?.claim ?? { source, kind, key, version, workflowId, claimedAt: call.endedAt, finished: null };
      found.set(named, { claim, seen: Math.max(known?.seen ?? 0, seen) });
    }
    if (known === undefined) continue;
    if (call.verb === 'intake.newest') known.seen = Math.max(known.seen, (call.result as { version: number }).version);
    if (call.verb === 'intake.finish' && (call.result as { done: boolean }).done) {
      const { result, clocks } = call.input as InputOf<Intake, 'finish'>;
      known.claim.finished ??= { at: call.endedAt, version, result, clocks };
      known.seen = Math.max(known.seen, version);
    }
  }
  return [...found.values()];
}

/** Claims again and finishes what was finished; rows a saga has seen are handed on. */
export async function recoverClaims(
  db: Db,
  sagas: readonly ToldSaga[],
  write: boolean,
): Promise<{ claimed: number; finished: number }> {
  const done = { claimed: 0, finished: 0 };
  for (const { claim, seen } of claimsIn(sagas)) {
    const lacks = write ? await restoreClaim(db, claim) : await claimLacks(db, claim);
    if (lacks === 'claim') done.claimed += 1;
    if (lacks !== null && claim.finished !== null) done.finished += 1;
    if (write) await markSeen(db, { ...claim, version: seen });
  }
  return done;
}

/** Verbs that leave something in the store besides postings, claims and cases; each by its name. */
const EFFECTS: Record<string, (db: Db, call: ToldCall) => Promise<unknown>> = {
  'claims.claimReturn': claimedReturn,
  'claims.giveBack': (db, { input }) => {
    const { source, returnNo, why } = input as InputOf<Claims, 'giveBack'>;
    return db.transaction().execute(async (tx) => {
      await giveBackGrants(tx, { source, returnNo, why });
      await giveBackDay(tx, source, returnNo);
    });
  },
  'claims.claimReceipt': claimedReceipt,
  'claims.giveUp': (db, { input }) => {
    const { document, poNo, lines, by, why } = input as InputOf<Claims, 'giveUp'>;
    return giveUp(db, document, poNo, { lines, by, why });
  },
  'claims.giveBackReceipt': async (db, { input }) => {
    const given = input as InputOf<Claims, 'giveBackReceipt'>;
    await giveBackReceipt(db, given);
    await withdrawGivenUp(db, given.source, given.goodsInNo);
  },
  'desk.recordClocks': (db, { input }) => {
    const { workflowId, clocks } = input as InputOf<Desk, 'recordClocks'>;
    return recordClocks(db, workflowId, clocks);
  },
};
const ANNOUNCE = 'archean.expectGoods';
export const CLAIM_VERBS: readonly string[] = [
  ...['intake.claim', 'intake.newest', 'intake.finish', ANNOUNCE],
  ...Object.keys(EFFECTS),
];

/** Writes what calls left in the store that ended since an instant, in the order they ended; answers how many. */
export async function recoverEffects(
  db: Db,
  sagas: readonly ToldSaga[],
  since: string,
  write: boolean,
): Promise<{ effects: number; announcements: number }> {
  const calls = sagas.flatMap(({ calls: all }) => all);
  const ended = calls.filter(
    ({ verb, outcome, endedAt }) => verb in EFFECTS && outcome === 'done' && (endedAt ?? '') >= since,
  );
  // An announcement may have left though nobody heard of its end.
  const announced = calls.filter(({ verb, askedAt, endedAt }) => verb === ANNOUNCE && (endedAt ?? askedAt) >= since);
  if (write) {
    for (const call of ended.sort(byEnd)) await EFFECTS[call.verb]?.(db, call);
    for (const call of announced) await announce(db, call);
  }
  return { effects: ended.length, announcements: announced.length };
}

async function claimedReturn(db: Db, { input, result }: ToldCall): Promise<void> {
  const { document, sold, answers, policy } = input as InputOf<Claims, 'claimReturn'>;
  const facts = result as ResultOf<Claims, 'claimReturn'>;
  const { source, returnNo, version } = document;
  const tied = tieLines(document, sold, answers, (no) => facts.lines.find(({ lineNo }) => lineNo === no)?.item ?? null);
  const place = { source, returnNo, version };
  const wishes: Wish[] = [];
  const grants: WrittenGrant[] = [];
  for (const { line, orderNo, sold: from } of tied) {
    if (from === null) continue;
    const on = { ...place, lineNo: line.lineNo, orderNo, orderLine: from.orderLine };
    wishes.push({ ...on, quantity: line.quantity, sourceTime: document.processedAt, seq: document.seq });
    const grant = facts.grants.find(({ lineNo }) => lineNo === line.lineNo);
    if (grant === undefined) continue;
    const { asked, left, granted, net, tax, siblings } = grant;
    const amounts = { netMinor: String(minorOf(net)), taxMinor: String(minorOf(tax)), currency: net.currency };
    grants.push({ ...on, asked, left, granted, ...amounts, siblings });
  }
  await restoreGrants(db, place, wishes, grants);
  const credit = dayCredit({ document, sold, answers, policy, facts }) ?? money('0', policy.baseCurrency);
  const customer = creditedCustomer({ document, sold });
  if (customer === '') return;
  const { businessDate } = document;
  const { minor: amountMinor, currency } = credit;
  await addToCustomerDay(db, { customer, businessDate, source, returnNo, amountMinor, currency });
}

async function claimedReceipt(db: Db, { input, result }: ToldCall): Promise<void> {
  const { document, order, answers } = input as InputOf<Claims, 'claimReceipt'>;
  const facts = result as ResultOf<Claims, 'claimReceipt'>;
  if (order === null || !facts.claimed) return;
  const { lines, grants, extra } = facts;
  const refused = refusedOf({ document, facts: { lines, grants } }, answers);
  await restoreReceipt(db, document, order.poNo, { grants, refused, extra });
}

async function announce(db: Db, { input, outcome, result }: ToldCall): Promise<void> {
  const { reference, revision, poNo, location } = input as InputOf<Archean, 'expectGoods'>;
  const externalRef = externalRefOf(reference, revision);
  await announces(db, { poNo, externalRef, workflowId: reference.split('/')[0] ?? reference });
  if (outcome !== 'done') return;
  const { goodsInNo } = result as ResultOf<Archean, 'expectGoods'>;
  if (goodsInNo !== '') await noteAnnounced(db, { externalRef, goodsInNo, location });
}
