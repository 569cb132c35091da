/** Sends what people must hear of. Like ones leave as one; what does not leave is tried again and raised as X-58. */
import type { Db } from '../../store/database.js';
import {
  addressesOf,
  noticeFailed,
  noticeLeftBy,
  noticeSent,
  oldestUnsentMs,
  takeDueNotices,
  type DueNotice,
} from '../../store/desk-notices.js';
import { clearCase, raiseCase } from '../../store/desk-raised.js';
import type { Channel } from './channels.js';
import { render } from './render.js';

export { chatWebhook, sandboxMailbox, type Channel } from './channels.js';
export { smtpRelay } from './smtp.js';

export interface NoticesDeps {
  db: Db;
  /** Every notice goes out by each of them; mail in front. */
  channels: readonly Channel[];
  /** Address of the desk door, for links. */
  deskUrl: string;
  /** IANA zone of the company, for times in sentences. */
  zone: string;
  /** How often notices leave, and how long the oldest may wait before its channel counts as silent. Milliseconds. */
  rhythmMs: number;
  silentAfterMs: number;
}

export interface Notices {
  /** Sends every notice that is due, once each as far as the other side's answers can be believed. */
  deliver(): Promise<{ note: string; sleepMs: number; sent: number; failed: number }>;
}

/** The channel's own case: raised while notices do not leave. */
const CHANNEL = 'notices';

export function createNoticesActivities(deps: NoticesDeps): Notices {
  return {
    deliver: async () => {
      let sent = 0;
      let failed = 0;
      for (const notice of await takeDueNotices(deps.db)) {
        if (await sendOne(deps, notice)) sent += 1;
        else failed += 1;
      }
      await watchSilence(deps);
      return { note: `${sent} notices sent, ${failed} not`, sleepMs: deps.rhythmMs, sent, failed };
    },
  };
}

async function sendOne(deps: NoticesDeps, notice: DueNotice): Promise<boolean> {
  const to = await addressesOf(deps.db, notice.roles);
  const message = render(notice, to, { link: deps.deskUrl, zone: deps.zone });
  if (message === null) {
    await noticeSent(deps.db, notice.id);
    return true;
  }
  try {
    if (to.length === 0) throw new Error(`nobody has the role ${notice.roles.join(' or ')} or integration-support`);
    for (const channel of deps.channels) {
      if (notice.sentBy.includes(channel.name)) continue;
      await channel.send(message);
      await noticeLeftBy(deps.db, notice.id, channel.name);
    }
    await noticeSent(deps.db, notice.id);
    return true;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    await noticeFailed(deps.db, notice.id, notice.attempts, why);
    return false;
  }
}

/** A silent channel is X-58. The case shows in `status` and on the desk, where no mail is needed to see it. */
async function watchSilence({ db, silentAfterMs }: NoticesDeps): Promise<void> {
  const waited = await oldestUnsentMs(db);
  if (waited <= silentAfterMs) {
    await clearCase(db, { workflowId: CHANNEL, code: 'X-58', note: 'notices leave again' });
    return;
  }
  await raiseCase(
    db,
    {
      workflowId: CHANNEL,
      process: CHANNEL,
      businessKey: CHANNEL,
      code: 'X-58',
      title: 'Notices do not leave: nobody is told what waits for them',
      expected: `every notice leaves within ${Math.round(silentAfterMs / 60_000)} minutes`,
      actual: 'the mail server or the webhook refuses them or does not answer',
      amount: null,
      units: 0,
      steps: ['Look at the last error of the notices.', 'Put the mail server or its address right (config/desk.yaml).'],
      endsWithWorkflow: false,
    },
    { warnAt: [], dueAt: null },
  );
}
