/** Small pieces of HTTP for the stand-ins: read a body, match a path, write or drop an answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from './reply.js';
import type { Reply } from './reply.js';

/** Largest request body, in bytes. */
const LARGEST = 8 * 1024 * 1024;

/** Reads and parses a JSON body; an empty one is `{}`. Refuses what is too large (413) or no JSON (400). */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= LARGEST) chunks.push(chunk);
  }
  if (size > LARGEST) throw new Refusal(413, 'TOO_LARGE', `the body has ${size} bytes; at most ${LARGEST} are allowed`);
  const text = Buffer.concat(chunks).toString('utf8');
  if (text.trim() === '') return {};
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Refusal(400, 'NOT_JSON', `the body is no JSON: ${(error as Error).message}`);
  }
}

/** Matches `/sales-orders/:no/cancel` against a path; the named parts, or null. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const found = path.split('/');
  if (wanted.length !== found.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const given = found[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(given);
    else if (part !== given) return null;
  }
  return params;
}

/** Writes a reply; nothing when the caller is gone. */
export function send(response: ServerResponse, reply: Reply, requestId: string): void {
  if (response.destroyed || response.headersSent) return;
  const text = reply.text ?? JSON.stringify(reply.body ?? {});
  response.writeHead(reply.status, {
    'content-type': reply.text === undefined ? 'application/json' : 'text/plain',
    'content-length': Buffer.byteLength(text),
    'x-request-id': requestId,
    ...reply.headers,
  });
  response.end(text);
}

/** Cuts the connection without an answer. */
export const drop = (response: ServerResponse): void => {
  response.socket?.destroy();
};

/** Retry-After in one of its two legal forms, or none at all (facts/blue-cherry.md 3.6). */
export function retryAfter(form: 'seconds' | 'date' | 'none', seconds: number, now: Date): Record<string, string> {
  if (form === 'none') return {};
  if (form === 'seconds') return { 'retry-after': String(seconds) };
  return { 'retry-after': new Date(now.getTime() + seconds * 1000).toUTCString() };
}
