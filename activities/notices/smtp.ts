/** Mail by SMTP (RFC 5321) to the company's own relay; the connection is encrypted when the relay offers STARTTLS. */
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Channel } from './channels.js';
import type { Message } from './render.js';

export interface SmtpRelay {
  host: string;
  port: number;
  from: string;
}

const PATIENCE_MS = 10_000;
const HIGHEST_REPLY = 64_000;

/** Reads whole replies (`250-…`, `250 …`) off one connection. */
class Conversation {
  private text = '';
  private failure: Error | null = null;
  private wake: () => void = () => undefined;
  private readonly socket: Socket;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('the mail server does not answer')));
    socket.on('data', (chunk: Buffer) => {
      this.text += chunk.toString('latin1');
      if (this.text.length > HIGHEST_REPLY) socket.destroy(new Error('the mail server talks without end'));
      this.wake();
    });
    const fail = (error?: Error): void => {
      this.failure = error ?? this.failure ?? new Error('the mail server hung up');
      this.wake();
    };
    socket.on('error', fail);
    socket.on('close', () => fail());
  }

  /** Sends a line and answers the reply; any code but the expected throws with the server's own words. */
  async say(line: string | null, expected: number): Promise<string> {
    if (line !== null) this.socket.write(`${line}\r\n`);
    for (;;) {
      const end = /^(\d{3}) [^\n]*\n/m.exec(this.text);
      if (end !== null) {
        const reply = this.text.slice(0, end.index + end[0].length);
        this.text = this.text.slice(reply.length);
        if (Number(end[1]) !== expected) throw new Error(`the mail server said: ${reply.trim().slice(0, 200)}`);
        return reply;
      }
      if (this.failure !== null) throw this.failure;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** Leaves the socket to somebody else (TLS). */
  release(): Socket {
    this.socket.removeAllListeners('data');
    this.socket.removeAllListeners('error');
    this.socket.removeAllListeners('close');
    this.socket.setTimeout(0);
    return this.socket;
  }
}

const oneLine = (text: string): string => text.replace(/[\r\n]+/g, ' ');
const encoded = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** Words of at most 15 characters each, encoded (RFC 2047); folded so that no line grows too long. */
const subjectOf = (subject: string): string =>
  (oneLine(subject).match(/.{1,15}/gu) ?? []).map((part) => `=?UTF-8?B?${encoded(part)}?=`).join('\r\n ');

/** The message as it travels: headers, and the text in base64 lines, so no line is ever taken for the end. */
export function mailOf(message: Message, from: string): string {
  const body = encoded(message.text).replace(/.{1,76}/g, '$&\r\n');
  return [
    `From: ${oneLine(from)}`,
    `To: ${message.to.map(oneLine).join(', ')}`,
    `Subject: ${subjectOf(message.subject)}`,
    `Message-ID: <${message.id}@selvedge>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    `${body}.`,
  ].join('\r\n');
}

async function encrypted(talk: Conversation, relay: SmtpRelay): Promise<Conversation> {
  await talk.say('STARTTLS', 220);
  const secure = new Conversation(connectTls({ socket: talk.release(), servername: relay.host }));
  await secure.say('EHLO selvedge', 250);
  return secure;
}

/** Sends by the relay of the configuration. A recipient it refuses fails the whole message. */
export const smtpRelay = (relay: SmtpRelay): Channel => ({
  name: 'smtp',
  send: async (message) => {
    const socket = connect({ host: relay.host, port: relay.port });
    try {
      let talk = new Conversation(socket);
      await talk.say(null, 220);
      if (/STARTTLS/i.test(await talk.say('EHLO selvedge', 250))) talk = await encrypted(talk, relay);
      await talk.say(`MAIL FROM:<${oneLine(relay.from)}>`, 250);
      for (const to of message.to) await talk.say(`RCPT TO:<${oneLine(to)}>`, 250);
      await talk.say('DATA', 354);
      await talk.say(mailOf(message, relay.from), 250);
      await talk.say('QUIT', 221);
    } finally {
      socket.destroy();
    }
  },
});
