/** T-40: the customer is owed a refund for goods that are back. It tells, first finance, then as critical; it pays nothing. */
import { raise } from '../cases.js';
import { owesRefund, refundTimer } from '../../domain/return/refund.js';
import type { ReturnDocument } from '../../domain/return/document.js';
import type { Level } from '../../domain/clock-set.js';
import type { Posting } from '../postings.js';
import type { Run } from '../saga/run.js';
import { desk } from '../systems.js';

const OWED = 'the refund is owed';
const ABOUT = { code: 'X-61', subject: 'refund' } as const;

export class RefundOwed {
  private told = false;
  private readonly run: Run;
  private readonly document: ReturnDocument;

  /** Starts the clock when something is owed; from when the return was captured. */
  constructor(run: Run, document: ReturnDocument) {
    this.run = run;
    this.document = document;
    if (owesRefund(document)) run.clocks.start(OWED, refundTimer(document, run.policy), (level) => this.tell(level));
  }

  /** The credits, of which the last one posted settles what is owed. */
  settledBy(credits: Posting[]): Posting[] {
    const last = credits.at(-1);
    return credits.map((credit) =>
      credit === last ? { ...credit, send: (ref) => this.settling(credit, ref) } : credit,
    );
  }

  /** Nothing is owed any more. */
  async settled(): Promise<void> {
    this.run.clocks.end(OWED);
    if (!this.told) return;
    this.told = false;
    const cleared = { workflowId: this.run.workflowId, ...ABOUT, note: 'the credit is posted' };
    await desk.clear.executeWithOptions({ summary: 'The refund is credited' }, [cleared]);
  }

  private async settling(credit: Posting, reference: string): ReturnType<Posting['send']> {
    const result = await credit.send(reference);
    if (result.state === 'posted') await this.settled();
    return result;
  }

  private tell(level: Level): Promise<void> {
    this.told = true;
    const { returnNo } = this.document;
    const title =
      level === 'due'
        ? `The refund for return ${returnNo} is overdue: its goods are back and nothing is credited`
        : `The refund for return ${returnNo} is due soon: its goods are back and nothing is credited`;
    const more = { subject: ABOUT.subject, ...(level === 'due' ? { severity: 'critical' as const } : {}) };
    return raise(this.run, ABOUT.code, title, 'a credit for the customer in time', 'none yet', more);
  }
}
