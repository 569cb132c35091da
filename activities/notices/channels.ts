/** Where notices leave the machine: the sandbox's mailbox, a mail server, one chat webhook. */
import type { Message } from './render.js';

/** One way out. Throws an Error whose message says what the other side answered. */
export interface Channel {
  readonly name: string;
  send(message: Message): Promise<void>;
}

const PATIENCE_MS = 5_000;

async function post(url: string, body: object): Promise<void> {
  const reply = await fetch(url, {
    method: 'POST',
    redirect: 'error',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const said = await reply.text();
  if (!reply.ok) throw new Error(`${reply.status} ${said.slice(0, 200)}`);
}

/** The development mailbox behind the sandbox's control address. */
export const sandboxMailbox = (sandboxUrl: string): Channel => ({
  name: 'sandbox',
  send: (message) => post(new URL('/_sandbox/mailbox', sandboxUrl).toString(), message),
});

/** One chat webhook; most chat products show `text`. */
export const chatWebhook = (url: string): Channel => ({
  name: 'webhook',
  send: ({ id, subject, text }) => post(url, { id, subject, text: `${subject}\n\n${text}` }),
});
