/** Signature of Archean's webhooks (facts/archean-r247.md 3.4): HMAC-SHA256 with a shared secret over timestamp and body. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { ArcheanWebhook } from './schema.js';

export type WebhookVerdict =
  | { state: 'accepted'; hint: ArcheanWebhook }
  /** `status` is what to answer with; `why` is for the log and the sender, and holds no secret. */
  | { state: 'refused'; status: 400 | 401; why: string };

export interface WebhookDelivery {
  /** Names in lower case, as Node gives them. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The bytes as they came: the signature is over them, not over what they parse to. */
  body: string | Uint8Array;
}

/** Largest hint taken; a real one has some hundred bytes. */
const MOST_BYTES = 16 * 1024;

const one = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '');

/**
 * Judges one delivery. The timestamp is in whole seconds (`x-archean-timestamp`) and may differ from `now` by
 * `toleranceMs` either way; the signature is `sha256=` and 64 hex digits (`x-archean-signature`).
 */
export function verifyWebhook(
  delivery: WebhookDelivery,
  options: { secret: string; toleranceMs: number; now: Date },
): WebhookVerdict {
  const body = Buffer.from(delivery.body);
  if (body.byteLength > MOST_BYTES)
    return { state: 'refused', status: 400, why: `a webhook has at most ${MOST_BYTES} bytes` };
  const stamp = one(delivery.headers['x-archean-timestamp']);
  if (!/^\d{1,12}$/.test(stamp))
    return { state: 'refused', status: 401, why: 'x-archean-timestamp must hold whole seconds' };
  const signature = one(delivery.headers['x-archean-signature']);
  if (!isSigned(stamp, body, signature, options.secret))
    return { state: 'refused', status: 401, why: 'x-archean-signature does not fit timestamp and body' };
  if (Math.abs(options.now.getTime() - Number(stamp) * 1000) > options.toleranceMs)
    return { state: 'refused', status: 401, why: 'x-archean-timestamp is too far from now: send it again' };
  return readHint(body.toString('utf8'));
}

function isSigned(stamp: string, body: Buffer, signature: string, secret: string): boolean {
  const given = /^sha256=([0-9a-f]{64})$/.exec(signature)?.[1];
  if (given === undefined || secret === '') return false;
  const expected = createHmac('sha256', secret).update(`${stamp}.`).update(body).digest();
  return timingSafeEqual(expected, Buffer.from(given, 'hex'));
}

function readHint(text: string): WebhookVerdict {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return { state: 'refused', status: 400, why: 'the body is not JSON' };
  }
  const parsed = ArcheanWebhook.safeParse(content);
  if (parsed.success) return { state: 'accepted', hint: parsed.data };
  const [issue] = parsed.error.issues;
  return {
    state: 'refused',
    status: 400,
    why: `the body does not fit: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(),
  };
}
