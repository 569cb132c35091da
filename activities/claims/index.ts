/** Claims on quantities and limits. Registered as `claims.claimReturn`, `claims.claimReceipt`, … */
import { money } from '../../domain/money.js';
import { creditedCustomer } from '../../domain/return/context.js';
import { dayCredit } from '../../domain/return/day.js';
import type { ReturnDocument } from '../../domain/return/document.js';
import type { ReturnFacts } from '../../domain/return/facts.js';
import { tieLines } from '../../domain/return/lines.js';
import { giveBackGrants, orderLinesOf } from '../../store/claims.js';
import { giveBackDay } from '../../store/customer-day.js';
import type { Store } from '../../store/database.js';
import { lockFor } from '../../store/locks.js';
import type { Claims } from './contract.js';
import { addToDay } from './day.js';
import { createReceiptClaims } from './receipts.js';
import { accountsOf, mapReturn, withSoldCosts, type MappedReturn } from './facts.js';
import { grantReturn } from './grants.js';

export interface ClaimsDeps {
  store: Store;
  /** Reads the ERP's item master again; called when a code is unknown, for it may be new there. */
  refreshItems?: () => Promise<void>;
}

/** The mappings; once more after a look at the item master when an article is not known. */
async function mapped(deps: ClaimsDeps, document: ReturnDocument): Promise<MappedReturn> {
  const first = await mapReturn(deps.store.db, document);
  const unknown = [...first.lines, ...first.exchangeItems].some((line) => line.problem === 'unknown-sku');
  if (!unknown || deps.refreshItems === undefined) return first;
  await deps.refreshItems();
  return mapReturn(deps.store.db, document);
}

const claimReturn =
  (deps: ClaimsDeps): Claims['claimReturn'] =>
  async ({ document, sold, answers, policy }) => {
    const { db } = deps.store;
    const { location, lines, exchangeItems } = await mapped(deps, document);
    const itemOf = (lineNo: number): string | null => lines.find((line) => line.lineNo === lineNo)?.item ?? null;
    const tied = tieLines(document, sold, answers, itemOf);
    const grants = await grantReturn(db, document, tied);
    const accounts = await accountsOf(db, document, tied);
    const facts = { location, lines: withSoldCosts(lines, tied), exchangeItems, grants, ...accounts };
    const credit = dayCredit({ document, sold, answers, policy, facts }) ?? money('0', policy.baseCurrency);
    const customer = creditedCustomer({ document, sold });
    const customerDay = await addToDay(db, { customer, document, credit, policy });
    return { ...facts, customerDay } satisfies ReturnFacts;
  };

const giveBack =
  (deps: ClaimsDeps): Claims['giveBack'] =>
  ({ source, returnNo, why }) =>
    deps.store.db.transaction().execute(async (tx) => {
      const held = await orderLinesOf(tx, source, returnNo);
      await lockFor(
        tx,
        'order-line',
        held.map((line) => `${line.orderNo}/${line.orderLine}`),
      );
      await giveBackGrants(tx, { source, returnNo, why });
      const day = await giveBackDay(tx, source, returnNo);
      return { given: day === null ? null : money(day.amountMinor, day.currency) };
    });

export function createClaimsActivities(deps: ClaimsDeps): Claims {
  return { claimReturn: claimReturn(deps), giveBack: giveBack(deps), ...createReceiptClaims(deps) };
}
