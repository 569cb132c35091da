import type { Kept } from './core/index.js';

/** The development mailbox: notices the product sent, kept for tests to read (design.md 6). */
export interface Mail {
  /** The n-th mail since the last reset, from 1. */
  id: number;
  at: string;
  to: string[];
  subject: string;
  text: string;
}
export interface Mailbox extends Kept<{ mails: Mail[]; count: number }> {
  /** Takes a notice in. RangeError says which field is missing. */
  deliver(mail: unknown, at?: string): Mail;
  list(): Mail[];
  clear(): void;
}

/** Mails kept; the oldest go first. */
const KEPT = 20_000;

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function recipients(to: unknown): string[] {
  const list = Array.isArray(to) ? to : [to];
  const named = list.flatMap((one) => (typeof one === 'string' && one !== '' ? [one] : []));
  if (named.length === 0) throw new RangeError('a mail needs "to": an address or a list of addresses');
  return named;
}

/** An empty mailbox in memory. */
export function createMailbox(): Mailbox {
  let mails: Mail[] = [];
  let count = 0;
  return {
    deliver: (given, at = new Date().toISOString()) => {
      const fields = typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {};
      const subject = textOf(fields['subject']);
      if (subject === null) throw new RangeError('a mail needs a "subject"');
      count += 1;
      const mail = {
        id: count,
        at,
        to: recipients(fields['to']),
        subject,
        text: textOf(fields['text']) ?? textOf(fields['body']) ?? '',
      };
      mails.push(mail);
      if (mails.length > KEPT) mails = mails.slice(-KEPT / 2);
      return mail;
    },
    list: () => [...mails],
    held: () => ({ mails, count }),
    resume: (held) => {
      ({ mails, count } = held);
    },
    clear: () => {
      mails = [];
      count = 0;
    },
  };
}
