/** What the posting activities are built from. */
import type { ExceptionCode } from '../../domain/failures.js';
import type { CallLimits } from '../../store/call-slots.js';
import type { Store } from '../../store/database.js';
import type { Erp } from './erp.js';

/** The part of the configuration that posting obeys; milliseconds. */
export interface PostingSettings {
  tenant: string;
  ratePerSecond: number;
  concurrent: number;
  timeoutMs: number;
  maxRequestLifeMs: number;
  sendDeadlineMs: number;
  lookupBounded: boolean;
  settlePollMs: number;
  site: { journalReadable: boolean };
  /** Back-off after a table lock without Retry-After: from, doubling, up to (facts/blue-cherry.md 3.6). */
  lockBackoffMs?: { from: number; to: number };
}

export interface PostingLog {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
}

/** A problem of a posting that a person must hear of, apart from what its saga asks. */
export interface Raised {
  workflowId: string;
  reference: string;
  code: ExceptionCode;
  /** Tells the cases of one workflow and code apart: the posting and the document. Left out: one per workflow. */
  subject?: string;
  title: string;
  expected: string;
  actual: string;
}

export interface PostingDeps {
  store: Store;
  erp: Erp;
  config: PostingSettings;
  log?: PostingLog;
  /** Wall clock in milliseconds; the machine's by default. */
  now?: () => number;
  /** Tells the desk; a flag in the store is written in any case. */
  raise?: (raised: Raised) => Promise<void>;
  /** Called at named points so that a test can stop an attempt there. Production leaves it out. */
  pause?: (point: PausePoint) => Promise<void>;
}

export type PausePoint =
  | 'before-look'
  | 'before-reserve'
  | 'between-reserve-and-check'
  | 'between-send-and-record'
  | 'between-status-and-search'
  | 'between-search-and-move';

export const limitsOf = (config: PostingSettings): CallLimits => ({
  ratePerSecond: config.ratePerSecond,
  concurrent: config.concurrent,
  leaseMs: config.sendDeadlineMs + config.timeoutMs + 1_000,
});
