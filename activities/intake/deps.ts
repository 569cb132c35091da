/** What the intake is built from. Starting sagas and raising cases are handed in: it decides neither. */
import type { Policy } from '../../domain/policy.js';
import type { Store } from '../../store/database.js';
import type { ObjectKey } from './contract.js';
import type { Systems } from './sources/index.js';

/** A version of a business object to be handed on: `archean`, `return`, `RTN-000871`. */
export interface VersionToHandOn extends ObjectKey {
  version: number;
  /** The workflow that holds the object's claim and has not finished: the one to tell. Null: none has claimed it. */
  openWorkflowId: string | null;
  /** An earlier workflow has finished this object: with no open one, this version needs a saga of its own. */
  finished: boolean;
}
/** A physical movement, with the object whose document it belongs to. */
export interface MovementToHandOn extends ObjectKey {
  movementId: string;
}

export interface Starter {
  /** Starts or tells the saga; idempotent. Answers the workflow id where it knows it. */
  handOnVersion(version: VersionToHandOn): Promise<string | void>;
  handOnMovement(movement: MovementToHandOn): Promise<string | void>;
}

/** A row that could not be read: the data of X-63. The raw payload stays in the inbox under `eventId`. */
export interface Unreadable {
  feed: string;
  source: string;
  kind: string;
  eventId: string;
  seq: number;
  reason: string;
  /** The number the row bears as far as it can be read, else empty. */
  number: string;
}

export interface FeedSettings {
  rhythmMs: number;
  silentAfterMs: number;
  /** In the unit of the source's positions: sequence numbers, or milliseconds where a position is an instant. */
  overlapSeq: number;
  pageSize: number;
}

export interface IntakeDeps extends Systems {
  store: Store;
  starter: Starter;
  /** Opens the case of an unreadable row; idempotent by `eventId`. */
  raise: (row: Unreadable) => Promise<void>;
  feeds: Readonly<Record<string, FeedSettings>>;
  /** The policy new sagas take; its zone is the company's. */
  policy: Policy;
  log?: { warn(fields: Record<string, unknown>, message: string): void };
  /** The machine's clock by default. */
  now?: () => Date;
}
