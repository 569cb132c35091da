/** Every metric of ours: name with its unit, help, labels with the closed list or configuration their values come from. */
import { Owner, Severity } from '../domain/failures.js';

export type MetricName = keyof typeof METRICS_OF_OURS;

interface Metric {
  kind: 'gauge' | 'counter';
  help: string;
  labels: readonly string[];
}

/** The one list; docs/reference/metrics.md is compared with it. No value of a label names a person or a document. */
export const METRICS_OF_OURS = {
  selvedge_feed_age_seconds: {
    kind: 'gauge',
    help: 'Time since this feed was last read successfully; nothing new counts as read. Absent before the first reading.',
    labels: ['feed'],
  },
  selvedge_feed_silent_after_seconds: {
    kind: 'gauge',
    help: 'How old the last good reading of this feed may be before X-58 is raised.',
    labels: ['feed'],
  },
  selvedge_feed_running: {
    kind: 'gauge',
    help: '1 while this feed is read; 0 when it is paused or was never started.',
    labels: ['feed'],
  },
  selvedge_postings: {
    kind: 'gauge',
    help: 'Documents asked of the ERP, by how they stand.',
    labels: ['state'],
  },
  selvedge_oldest_open_posting_age_seconds: {
    kind: 'gauge',
    help: 'Age of the oldest document that waits to be sent or to be posted; 0 when none does.',
    labels: [],
  },
  selvedge_posting_waiters: {
    kind: 'gauge',
    help: 'Documents that wait for a lane which another one holds.',
    labels: [],
  },
  selvedge_open_cases: {
    kind: 'gauge',
    help: 'Cases that wait, by the role that owns them and their severity.',
    labels: ['owner', 'severity'],
  },
  selvedge_overdue_cases: {
    kind: 'gauge',
    help: 'Cases that wait past their due time, by the role that owns them.',
    labels: ['owner'],
  },
  selvedge_unsent_notice_age_seconds: {
    kind: 'gauge',
    help: 'Age of the oldest notice that should have left and has not; 0 when none waits.',
    labels: [],
  },
  selvedge_erp_calls_total: {
    kind: 'counter',
    help: 'Calls given to the ERP since the store was made. Its rate over the allowance is the share used.',
    labels: [],
  },
  selvedge_erp_allowance_calls_per_second: {
    kind: 'gauge',
    help: 'Calls a second the ERP allows us (config/blue-cherry.yaml).',
    labels: [],
  },
  selvedge_erp_requests_in_flight: {
    kind: 'gauge',
    help: 'Requests at the ERP at this moment.',
    labels: [],
  },
  selvedge_erp_requests_in_flight_limit: {
    kind: 'gauge',
    help: 'Requests at once that the ERP allows us (config/blue-cherry.yaml).',
    labels: [],
  },
  selvedge_erp_writes_held: {
    kind: 'gauge',
    help: '1 while a person or a refused key holds all writes to the ERP.',
    labels: [],
  },
  selvedge_oldest_unsealed_audit_age_seconds: {
    kind: 'gauge',
    help: 'Age of the oldest row of the audit trail that is not chained yet; 0 when all are.',
    labels: [],
  },
  selvedge_sagas: {
    kind: 'gauge',
    help: "Running sagas by how urgently they want a person, as Temporal's lists have them.",
    labels: ['attention'],
  },
  selvedge_source_up: {
    kind: 'gauge',
    help: '1 when this source of figures answered at the last look; figures of one that did not are absent.',
    labels: ['source'],
  },
} as const satisfies Record<string, Metric>;

/** Values of labels that are closed lists; every one is always there, zeros too. */
export const LABEL_VALUES = {
  owner: Owner.options,
  severity: Severity.options,
  state: [
    ...(['intended', 'sent', 'accepted', 'posted', 'rejected', 'reversed', 'reversed-by-hand'] as const),
    ...(['forbidden', 'superseded'] as const),
  ],
  source: ['store', 'temporal'],
} as const;
