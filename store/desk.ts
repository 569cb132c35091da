/** Tables of the desk: what waits for people, what they decided, who they are and what they were told (design.md 6). */
import type { ColumnType, Generated } from 'kysely';

/** jsonb: written as JSON text, read as a value. */
type Json<T> = ColumnType<T, string, string>;
/** A timestamp: written as ISO text or Date, read as ISO text. */
type Instant = ColumnType<string, string | Date, string | Date>;
type MaybeInstant = ColumnType<string | null, string | Date | null | undefined, string | Date | null>;
type Defaulted<T> = ColumnType<T, T | undefined, T>;

/** `orphan`: a claim whose workflow was ended from outside before it finished (design.md 4, point 6). */
export type CaseKind = 'question' | 'cause' | 'raised' | 'orphan';
/** `resolved`: decided, its effect not yet reported; `auto-resolved`: its condition has gone by itself. */
export type CaseState =
  'open' | 'acknowledged' | 'investigating' | 'waiting' | 'resolved' | 'closed' | 'auto-resolved' | 'withdrawn';
/** States in which a case still waits for somebody. */
export const OPEN_STATES = ['open', 'acknowledged', 'investigating', 'waiting'] as const;

export interface StoredChoice {
  choice: string;
  label: string;
  proof: boolean;
}

export interface CaseTable {
  id: Generated<string>;
  kind: CaseKind;
  code: string;
  workflow_id: string | null;
  run_id: Defaulted<string>;
  process: Defaulted<string>;
  business_key: Defaulted<string>;
  question: Defaulted<string>;
  asking: Defaulted<number>;
  digest: Defaulted<string>;
  shown: Json<unknown>;
  title: string;
  expected: Defaulted<string>;
  actual: Defaulted<string>;
  steps: Json<string[]>;
  choices: Json<StoredChoice[]>;
  owner: string;
  deputy: string;
  severity: string;
  amount_minor: Defaulted<string | null>;
  currency: Defaulted<string | null>;
  base_minor: Defaulted<string | null>;
  base_currency: Defaulted<string | null>;
  units: Defaulted<number>;
  requesters: Json<string[]>;
  customer: Defaulted<string>;
  business_date: Defaulted<string | null>;
  two_people: Defaulted<boolean>;
  cause: Defaulted<string>;
  group_key: Defaulted<string>;
  ends_with_workflow: Defaulted<boolean>;
  warn_at: Json<string[]>;
  due_at: MaybeInstant;
  state: Defaulted<CaseState>;
  escalation: Defaulted<'none' | 'warning' | 'due'>;
  outcome: Defaulted<string>;
  note: Defaulted<string>;
  decision_id: Defaulted<string | null>;
  opened_at: ColumnType<string, undefined, string>;
  decided_at: MaybeInstant;
  closed_at: MaybeInstant;
  looked_at: MaybeInstant;
  /** Since when somebody is waited for. */
  clock_from: ColumnType<string, undefined, string | Date>;
  acknowledged_at: MaybeInstant;
  /** Person who was asked to look after it; empty: anybody of its roles. */
  assignee: Defaulted<string>;
}

export interface CaseHoldTable {
  case_id: string;
  workflow_id: string;
  business_key: string;
  business_date: string;
  title: string;
  amount_minor: string | null;
  currency: string | null;
  units: number;
  joined_at: ColumnType<string, undefined, string>;
  /** The cause has gone for this one. */
  released_at: MaybeInstant;
  /** Its saga was told. */
  woken_at: MaybeInstant;
}

export interface CaseEventTable {
  id: Generated<string>;
  case_id: string;
  at: ColumnType<string, undefined, never>;
  kind: string;
  by: string;
  note: string;
  /** Names the call that noted it, where a repetition of that call must not note it again. */
  request_key: Defaulted<string | null>;
}

export type Door = 'desk' | 'update' | 'signal';
export type Identity = 'proven' | 'claimed';
/** `stored`: not judged yet; `kept`: came before its question; `first`: one of two people. */
export type DecisionState = 'stored' | 'kept' | 'first' | 'accepted' | 'refused';

export interface DecisionTable {
  id: string;
  workflow_id: string;
  question: string;
  asking: number;
  case_id: string | null;
  door: Door;
  identity: Identity;
  by: string;
  choice: string;
  why: string;
  shown: string;
  data: Json<Record<string, string>>;
  raw: Json<unknown>;
  state: DecisionState;
  refusal: Defaulted<string>;
  request_key: Defaulted<string | null>;
  bulk: Defaulted<string | null>;
  created_at: ColumnType<string, undefined, never>;
  sent_to_saga_at: MaybeInstant;
  sends: Defaulted<number>;
  recorded_at: MaybeInstant;
}

export interface ApprovalTable {
  case_id: string;
  person_id: string;
  decision_id: string;
  choice: string;
  at: ColumnType<string, undefined, never>;
  void_at: MaybeInstant;
}

export type NoticeKind = 'opened' | 'warning' | 'due' | 'second-needed' | 'take-up' | 'not-taken-up';
export interface NoticeTable {
  id: string;
  kind: NoticeKind;
  group_key: string;
  code: string;
  severity: string;
  roles: Json<string[]>;
  state: Defaulted<'pending' | 'sending' | 'retry' | 'sent'>;
  created_at: ColumnType<string, undefined, never>;
  not_before: Instant;
  claimed_at: MaybeInstant;
  sent_at: MaybeInstant;
  attempts: Defaulted<number>;
  last_error: Defaulted<string>;
  sent_to: Defaulted<string>;
}
export interface NoticeCaseTable {
  notice_id: string;
  case_id: string;
}

export interface PersonTable {
  id: string;
  name: string;
  roles: Json<string[]>;
  key_digest: string;
  mail: string;
  /** Minor units of `limit_currency`; `null`: no limit. */
  limit_document: string | null;
  limit_customer_day: string | null;
  limit_day: string | null;
  limit_currency: string;
  active: Defaulted<boolean>;
}

export interface PersonChangeTable {
  id: Generated<string>;
  person_id: string;
  change: Json<unknown>;
  why: string;
  proposed_by: string;
  proposed_at: ColumnType<string, undefined, never>;
  confirmed_by: Defaulted<string | null>;
  confirmed_at: MaybeInstant;
}

export interface BulkPreviewTable {
  digest: string;
  filter: Json<unknown>;
  choice: string;
  items: Json<{ caseId: string; asking: number; digest: string }[]>;
  by: string;
  at: ColumnType<string, undefined, never>;
}

export interface ClockTable {
  workflow_id: string;
  timer: string;
  started_at: Instant;
  due_at: MaybeInstant;
  ended_at: Instant;
  end: 'met' | 'missed' | 'cancelled';
}

export interface WebhookHintTable {
  source: string;
  event_id: string;
  type: string;
  seq: string;
  received_at: ColumnType<string, undefined, never>;
}

export interface DeskTables {
  case: CaseTable;
  case_hold: CaseHoldTable;
  case_event: CaseEventTable;
  decision: DecisionTable;
  approval: ApprovalTable;
  notice: NoticeTable;
  notice_case: NoticeCaseTable;
  person: PersonTable;
  person_change: PersonChangeTable;
  bulk_preview: BulkPreviewTable;
  clock: ClockTable;
  webhook_hint: WebhookHintTable;
}
