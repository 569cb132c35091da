/** The reports there are: code, title and the sentence that every screen shows beside the code. */
import type { Queryable } from '../store/database.js';
import type { ReadReport, Report, ReportOptions } from './report.js';
import { brokenReturns } from './rp-04.js';
import { receiptStatus } from './rp-05.js';
import { clocks } from './rp-13.js';
import { openExceptions } from './rp-18.js';
import { approvals } from './rp-21.js';
import { controlSheet } from './rp-23.js';

interface Registered {
  readonly title: string;
  readonly sentence: string;
  readonly read: ReadReport;
}

export const REPORTS = {
  'RP-04': {
    title: 'Returns: half-posted, not posted, refunded without goods',
    sentence: 'Returns whose credit and goods do not stand together, with revenue, tax, cost, age and owner.',
    read: brokenReturns,
  },
  'RP-05': {
    title: 'Purchase orders: receipt status for payables',
    sentence: 'What was received, invoiced and may be paid now, what is blocked and why; goods received, not invoiced.',
    read: receiptStatus,
  },
  'RP-13': {
    title: 'Clocks',
    sentence:
      'Which deadlines were met, missed or cancelled, and which are at risk: by timer, process, partner and owner.',
    read: clocks,
  },
  'RP-18': {
    title: 'Open exceptions',
    sentence: 'What waits for somebody: by type, owner, age and severity, with the money at stake.',
    read: openExceptions,
  },
  'RP-21': {
    title: 'Approvals',
    sentence: 'What waits for a yes that moves money or stock, what is overdue, and who decided what for how much.',
    read: approvals,
  },
  'RP-23': {
    title: 'Daily control sheet',
    sentence:
      'Of every flow: received = posted + held + waiting + no effect + adopted, in count, units, money and tax.',
    read: controlSheet,
  },
} as const satisfies Record<string, Registered>;

export type ReportCode = keyof typeof REPORTS;
export const REPORT_CODES = Object.keys(REPORTS) as ReportCode[];
/** Most rows of one part, whoever asks. */
export const MOST_ROWS = 50_000;

/** The code as the registry spells it (`rp-05`, `RP-05`), or undefined for one that no report has. */
export const reportCode = (text: string): ReportCode | undefined =>
  REPORT_CODES.find((code) => code === text.trim().toUpperCase());

/**
 * A report by its code: call it with the store and what to read. A limit outside 1 to 50,000 is a RangeError.
 * `reportOf('RP-18')(db, options)` answers title, sentence, and parts with columns, rows and totals.
 */
export const reportOf =
  (code: ReportCode) =>
  async (q: Queryable, options: ReportOptions): Promise<Report> => {
    const { limit, zone, now } = options;
    if (!Number.isSafeInteger(limit) || limit < 1 || limit > MOST_ROWS)
      throw new RangeError(`a report takes 1 to ${MOST_ROWS} rows, not ${limit}`);
    const { title, sentence, read }: Registered = REPORTS[code];
    const { parts, notes, addsUp = null } = await read(q, options);
    const cut = parts.filter(({ cutOff }) => cutOff);
    const limited = cut.map(
      (part) =>
        `"${part.title}" has more than ${limit} rows: the first ${limit} are shown, and the totals are of those.`,
    );
    return { code, title, sentence, asOf: now.toISOString(), zone, parts, notes: [...limited, ...notes], addsUp };
  };
