/** Mail by SMTP to the company's own relay; the connection is encrypted when the relay offers STARTTLS. */
import { createTransport } from 'nodemailer';
import type { Channel } from './channels.js';

export interface SmtpRelay {
  host: string;
  port: number;
  from: string;
}

const PATIENCE_MS = 10_000;

/** Sends by the relay of the configuration. A recipient it refuses fails the whole message, in the relay's own words. */
export const smtpRelay = (relay: SmtpRelay): Channel => ({
  name: 'smtp',
  send: async ({ id, to, subject, text }) => {
    const transport = createTransport({
      host: relay.host,
      port: relay.port,
      secure: false,
      connectionTimeout: PATIENCE_MS,
      greetingTimeout: PATIENCE_MS,
      socketTimeout: PATIENCE_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    try {
      const sent = await transport.sendMail({
        from: relay.from,
        to,
        subject,
        text,
        messageId: `<${id}@selvedge>`,
        textEncoding: 'base64',
      });
      if (sent.rejected.length > 0) {
        throw new Error(`the mail server refused ${sent.rejected.length} of ${to.length} recipients: ${sent.response}`);
      }
    } finally {
      transport.close();
    }
  },
});
