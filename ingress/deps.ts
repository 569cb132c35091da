/** What ingress is built from. */
import type { Config } from '../config/load.js';
import type { KeyRing } from '../config/payload-keys.js';
import type { Store } from '../store/database.js';

/** The sagas as ingress reaches them. */
export interface SagaDoor {
  sendDecision(workflowId: string, decision: { decisionId: string }): Promise<void>;
  nudgeFeed(feed: string): Promise<void>;
  /** Has the desk's sweep look at once, as after a mapping was confirmed. */
  nudgeSweep(): Promise<void>;
  /** Starts a saga again that ended before it had finished. */
  restart(workflowId: string): Promise<void>;
  describe(workflowId: string): Promise<'running' | 'closed' | 'absent'>;
}

/** pino's, or anything like it. Holds ids and sentences, never keys or personal data. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface IngressDeps {
  store: Store;
  config: Pick<Config, 'archean' | 'calendar' | 'decisions' | 'desk' | 'feeds' | 'policies' | 'policy'>;
  temporal: SagaDoor;
  log: Log;
  /** Keys that the Web UI's payloads are read with, null when nothing is encrypted; pages that may ask. */
  codec: { keys: KeyRing | null; uiOrigin: readonly string[] };
  /** How long a decision's outcome is waited for before 202 is answered. Milliseconds; default 2,000. */
  waitMs?: number;
}

/** An answer other than 200, in a sentence for the person who reads it. */
export class Refusal extends Error {
  readonly status: number;
  readonly fields: Record<string, unknown>;

  constructor(status: number, message: string, fields: Record<string, unknown> = {}) {
    super(message);
    this.status = status;
    this.fields = fields;
  }
}
