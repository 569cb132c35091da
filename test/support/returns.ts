/** A plausible return for sagas in the driver: its sale, its facts and the policy as shipped, each easily replaced. */
import { loadConfig } from '../../config/load.js';
import type { Policy } from '../../domain/policy.js';
import type { ReturnDocument } from '../../domain/return/document.js';
import type { Sold } from '../../domain/return/sold.js';
import { returnOf, sale, type BackLine, type Sale } from '../unit/domain/returns.js';

const ENV = {
  SELVEDGE_BLUE_CHERRY_URL: 'http://127.0.0.1:1/',
  SELVEDGE_BLUE_CHERRY_KEY: 'k',
  SELVEDGE_ARCHEAN_URL: 'http://127.0.0.1:2',
  SELVEDGE_ARCHEAN_CLIENT_ID: 'id',
  SELVEDGE_ARCHEAN_CLIENT_SECRET: 's',
  SELVEDGE_ARCHEAN_WEBHOOK_SECRET: 'w',
};

/** The policy `standard` as shipped for production: real durations, business calendar. */
export function shippedPolicy(change: Partial<Policy> = {}): Policy {
  const policy = loadConfig({ env: { ...ENV, SELVEDGE_PROFILE: 'production' } }).policies['standard'];
  if (policy === undefined) throw new Error('config/policy.yaml has no policy "standard"');
  return { ...policy, ...change };
}

export interface AReturn {
  document: ReturnDocument;
  sales: Sale[];
  policy: Policy;
  periods: Sold['periods'];
}

export const OPEN_MARCH: Sold['periods'] = [
  { code: '2026-03', firstDay: '2026-03-01', lastDay: '2026-03-31', state: 'open' },
  { code: '2026-04', firstDay: '2026-04-01', lastDay: '2026-04-30', state: 'open' },
];

/** Two units of one line of order A1, of which one comes back; `lines` and `change` make it any other return. */
export function aReturn(
  change: Partial<Omit<AReturn, 'document'>> & { lines?: BackLine[]; document?: Partial<ReturnDocument> } = {},
): AReturn {
  const { lines = [{ sku: '00123', quantity: 1, refundUnitPrice: '10.00' }], document, ...rest } = change;
  return {
    document: returnOf(lines, document),
    sales: [sale('A1', [{ sku: '00123', quantity: 2, unitPrice: '10.00' }])],
    policy: shippedPolicy(),
    periods: OPEN_MARCH,
    ...rest,
  };
}

/** A return of goods worth more than a person may let go without an approval. */
export function expensiveReturn(): AReturn {
  return aReturn({
    lines: [{ sku: '00123', quantity: 1, refundUnitPrice: '900.00' }],
    sales: [sale('A1', [{ sku: '00123', quantity: 2, unitPrice: '900.00' }])],
  });
}

export const laterVersion = (of: AReturn, version: number, change: Partial<ReturnDocument>): ReturnDocument => ({
  ...of.document,
  version,
  seq: of.document.seq + version,
  ...change,
});
