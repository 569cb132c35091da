/** Signed webhooks: hints that wake a reader. They are kept, answered, and post nothing (design.md 4, point 7). */
import type { FastifyInstance } from 'fastify';
import { verifyWebhook } from '../clients/archean/webhook.js';
import { keepHint } from '../store/desk-sweeps.js';
import { Refusal, type IngressDeps, type Log, type SagaDoor } from './deps.js';

const NUDGE_EVERY_MS = 1_000;

/** The feed that would find the same event without the hint. */
const FEEDS: Readonly<Record<string, string>> = {
  'return.processed': 'archean.returns',
  'goodsin.completed': 'archean.goods-in',
  'movement.recorded': 'archean.movements',
};

/** Nudges a feed at once, then at most once a second; a nudge asked for meanwhile comes at the end of that second. */
export class Nudger {
  private readonly last = new Map<string, number>();
  private readonly pending = new Map<string, NodeJS.Timeout>();
  private readonly door: SagaDoor;
  private readonly log: Log;

  constructor(door: SagaDoor, log: Log) {
    this.door = door;
    this.log = log;
  }

  nudge(feed: string): void {
    if (this.pending.has(feed)) return;
    const wait = (this.last.get(feed) ?? -Infinity) + NUDGE_EVERY_MS - performance.now();
    if (wait <= 0) return this.send(feed);
    this.pending.set(
      feed,
      setTimeout(() => {
        this.pending.delete(feed);
        this.send(feed);
      }, wait),
    );
  }

  close(): void {
    for (const timer of this.pending.values()) clearTimeout(timer);
    this.pending.clear();
  }

  private send(feed: string): void {
    this.last.set(feed, performance.now());
    // A lost nudge costs only time: the feed reads by its own rhythm.
    this.door.nudgeFeed(feed).catch((error: unknown) => this.log.warn({ feed, error }, 'feed not nudged'));
  }
}

/** Registers `POST /webhooks/archean`. The body is kept as the bytes that came: the signature is over them. */
export function webhookRoutes(app: FastifyInstance, deps: IngressDeps): void {
  const nudger = new Nudger(deps.temporal, deps.log);
  app.addHook('onClose', () => nudger.close());
  app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body));
    scope.post('/webhooks/archean', async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const { webhookSecret: secret, webhookToleranceMs: toleranceMs } = deps.config.archean;
      const verdict = verifyWebhook({ headers: request.headers, body }, { secret, toleranceMs, now: new Date() });
      if (verdict.state === 'refused') {
        deps.log.warn({ route: '/webhooks/archean', status: verdict.status }, 'webhook refused');
        throw new Refusal(verdict.status, verdict.why);
      }
      const { eventId, type, seq } = verdict.hint;
      const fresh = await keepHint(deps.store.db, { source: 'archean', eventId, type, seq });
      const feed = FEEDS[type];
      if (fresh && feed !== undefined && feed in deps.config.feeds) nudger.nudge(feed);
      return reply.send({ received: true, repeated: !fresh });
    });
    done();
  });
}
