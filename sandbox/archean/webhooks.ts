/** Webhooks: hints that something happened. At least once, unordered, sometimes lost (facts/archean-r247.md 3.4). */
import { createHmac } from 'node:crypto';
import type { ArcheanWebhook } from '../../clients/archean/schema.js';
import type { Clock, Kept, Random } from '../core/index.js';

export interface WebhookTarget {
  url: string;
  secret: string;
}
/** One delivery as it was tried. */
export interface Delivery {
  eventId: string;
  type: string;
  at: string;
  /** Status answered, 0 for none; `null`: lost on purpose and never sent. */
  status: number | null;
}

/** Tries of one delivery, with the pause before each in milliseconds: an hour of retries, at the sandbox's pace. */
const PAUSES_MS = [0, 250, 1_000, 4_000, 16_000];
const TIMEOUT_MS = 2_000;
/** Deliveries remembered. */
const KEPT = 10_000;

/** Headers of one delivery: HMAC-SHA256 over `timestamp.body` with the shared secret. */
export function signed(body: string, secret: string, unixSeconds: number): Record<string, string> {
  const signature = createHmac('sha256', secret).update(`${unixSeconds}.${body}`).digest('hex');
  return {
    'content-type': 'application/json',
    'x-archean-timestamp': String(unixSeconds),
    'x-archean-signature': `sha256=${signature}`,
  };
}

/** How many hints there were: their ids never repeat. */
export interface Webhooks extends Kept<{ count: number }> {
  target(target: WebhookTarget | null): void;
  send(hint: Omit<ArcheanWebhook, 'eventId'>): void;
  deliveries(): Delivery[];
  close(): void;
}

/** What the receiver answered; 0: nothing. */
const statusOf = (url: string, headers: Record<string, string>, body: string): Promise<number> =>
  fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) }).then(
    (response) => response.status,
    () => 0,
  );

/** `misbehave` 0..1: how often a hint is lost, and twice that often sent again. */
export function createWebhooks(options: { clock: Clock; random: Random; misbehave: () => number }): Webhooks {
  const { clock, random, misbehave } = options;
  const timers = new Set<NodeJS.Timeout>();
  const deliveries: Delivery[] = [];
  let to: WebhookTarget | null = null;
  let closed = false;
  let count = 0;
  const later = (ms: number, work: () => void): void => {
    if (closed) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timer.unref();
    timers.add(timer);
  };
  const note = (hint: ArcheanWebhook, status: number | null): void => {
    deliveries.push({ eventId: hint.eventId, type: hint.type, at: clock.instant(), status });
    if (deliveries.length > KEPT) deliveries.shift();
  };
  const attempt = async (hint: ArcheanWebhook, target: WebhookTarget, tried: number): Promise<void> => {
    const body = JSON.stringify(hint);
    const headers = signed(body, target.secret, Math.floor(Date.now() / 1000));
    const status = await statusOf(target.url, headers, body);
    note(hint, status);
    const pause = PAUSES_MS[tried + 1];
    if ((status < 200 || status > 299) && pause !== undefined)
      later(pause, () => void attempt(hint, target, tried + 1));
  };
  return {
    target: (target) => {
      to = target;
    },
    send: (what) => {
      count += 1;
      const target = to;
      if (target === null || closed) return;
      const hint: ArcheanWebhook = { eventId: `evt-${count}-${random.int(1000, 9999)}`, ...what };
      if (random.chance(misbehave())) return note(hint, null);
      const copies = random.chance(2 * misbehave()) ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) later(random.int(0, 120), () => void attempt(hint, target, 0));
    },
    deliveries: () => [...deliveries],
    held: () => ({ count }),
    resume: (held) => {
      count = held.count;
    },
    close: () => {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
