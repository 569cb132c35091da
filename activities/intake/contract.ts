/** Taking events in and handing them on exactly once (design.md 4). */
import type { ClockRecord } from '../../domain/clock-set.js';
import type { Policy } from '../../domain/policy.js';

/** What names one business object at its source: `archean`, `return`, `RTN-000871`. */
export interface ObjectKey {
  source: string;
  kind: string;
  key: string;
}

/** `D` is what the object's saga reads: a return, a goods-in record. */
export type Claim<D = unknown> =
  /**
   * New, or unfinished and this workflow's own: go on. `document` is the newest version the inbox holds; `earlier` are
   * the workflows that finished earlier versions of it.
   */
  | { state: 'mine'; version: number; document: D; policy: Policy; earlier: string[] }
  /** Neither inbox nor source knows it yet (its movement came first, R-013). */
  | { state: 'absent'; policy: Policy }
  | { state: 'finished'; workflowId: string; result: unknown; clocks: ClockRecord[] }
  | { state: 'other'; workflowId: string };

export interface TakenIn {
  read: number;
  inserted: number;
  handedOn: number;
  malformed: number;
  /** How long the feed sleeps before it reads again. */
  sleepMs: number;
  paused: boolean;
}

export interface Intake {
  takeIn(feed: { feed: string }): Promise<TakenIn>;
  /** `version` is the lowest version this workflow is for: 1, or the version a reversal saga handles. */
  claim(input: ObjectKey & { workflowId: string; version: number }): Promise<Claim>;
  /** The newest version in the inbox, whatever its state. */
  newest(input: ObjectKey): Promise<{ version: number; document: unknown }>;
  /** Refused (`newer`) while the inbox holds a version later than `version`, so that none falls into the gap. */
  finish(
    input: ObjectKey & { workflowId: string; version: number; result: unknown; clocks: ClockRecord[] },
  ): Promise<{ done: true } | { done: false; newer: number }>;
}
