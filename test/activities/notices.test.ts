import { createServer, type Server } from 'node:http';
import { createServer as createTcp, type AddressInfo, type Server as TcpServer } from 'node:net';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  chatWebhook,
  createNoticesActivities,
  sandboxMailbox,
  smtpRelay,
  type Channel,
  type Notices,
} from '../../activities/notices/index.js';
import { closeAsking, escalateCase } from '../../store/desk-cases.js';
import { noteNotice } from '../../store/desk-notices.js';
import { raiseCase } from '../../store/desk-raised.js';
import { listCases } from '../../store/desk-read.js';
import { eventually } from '../support/eventually.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { open, seedDesk } from '../store/desk-support.js';

interface Mail {
  path: string;
  id: string;
  to: string[];
  subject: string;
  text: string;
}
let fresh: FreshDatabase;
let mailbox: Server;
let url = '';
let mails: Mail[] = [];
let status = 201;
const servers: (Server | TcpServer)[] = [];

const portOf = (server: Server | TcpServer): number => (server.address() as AddressInfo).port;

beforeEach(async () => {
  fresh = await freshDatabase();
  await seedDesk(fresh.store.db);
  [mails, status] = [[], 201];
  mailbox = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (status < 300)
        mails.push({
          path: request.url ?? '',
          ...(JSON.parse(Buffer.concat(chunks).toString()) as Omit<Mail, 'path'>),
        });
      response.writeHead(status).end('{}');
    });
  });
  await new Promise<void>((resolve) => mailbox.listen(0, '127.0.0.1', resolve));
  servers.push(mailbox);
  url = `http://127.0.0.1:${portOf(mailbox)}`;
});
afterEach(async () => {
  await fresh.drop();
});
afterAll(() => {
  for (const server of servers) server.close();
});

const notices = (channels: Channel[] = [sandboxMailbox(url)], silentAfterMs = 60_000): Notices =>
  createNoticesActivities({
    db: fresh.store.db,
    channels,
    deskUrl: 'http://desk.test',
    zone: 'Europe/London',
    rhythmMs: 10,
    silentAfterMs,
  });

/** Delivers until `count` messages have arrived. */
const delivered = (to: Notices, count: number): Promise<unknown> =>
  eventually(
    async () => {
      await to.deliver();
      return mails.length >= count;
    },
    { within: 5_000 },
  );

describe('notices', () => {
  test('say what happened, how much, what to do and where, to the owner', async () => {
    const row = await open(fresh.store.db, { customer: 'CUST-SECRET' });
    await delivered(notices(), 1);
    const [mail] = mails;
    expect(mail?.path).toBe('/_sandbox/mailbox');
    expect(mail?.to).toEqual(['fin-1', 'fin-2', 'fin-3', 'fin-lead'].map((id) => `${id}@selvedge.test`));
    expect(mail?.subject).toMatch(/^Waits for you: Refund differs from what was sold \(X-12\): Refund of GBP 80\.00/);
    for (const part of [
      row.id,
      'GBP 80.00',
      '2 units',
      'Compare the refund',
      `http://desk.test/desk/cases/${row.id}`,
      `selvedge decide ${row.id}`,
    ])
      expect(mail?.text).toContain(part);
    expect(mail?.text).not.toContain('CUST-SECRET');
  });

  test('forty like questions are one notice with count and sum, naming twenty', async () => {
    for (let n = 0; n < 40; n += 1) await open(fresh.store.db, { code: 'X-24', question: 'closed-period' });
    await delivered(notices(), 1);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text).toMatch(/40 cases, together GBP 3,200\.00:/);
    expect(mails[0]?.text).toMatch(/and 20 more: selvedge cases --code X-24/);
    expect(mails[0]?.subject).toMatch(/40 like questions/);
  });

  test('a case that closed before its notice left tells nobody', async () => {
    const row = await open(fresh.store.db);
    await closeAsking(fresh.store.db, {
      workflowId: row.workflow_id,
      question: row.question,
      asking: 1,
      outcome: 'gone',
      note: 'x',
    });
    await eventually(async () => (await notices().deliver()).sent === 1, { within: 5_000 });
    expect(mails).toEqual([]);
  });

  test('an overdue approval goes to the deputy too', async () => {
    const row = await open(fresh.store.db, { code: 'approval' });
    await escalateCase(fresh.store.db, { caseId: row.id, level: 'due', timer: 'T-30', note: 'past due' });
    await delivered(notices(), 2);
    const due = mails.find((mail) => mail.subject.startsWith('Overdue'));
    expect(due?.subject).toBe(`Overdue: An approval is overdue: ${row.title}`);
    expect(due?.to).toContain('ops-1@selvedge.test');
    expect(due?.text).toContain('http://desk.test/playbook/X-60');
    expect(due?.text).not.toContain('(X-60)');
    expect(due?.text).not.toContain('--code X-60');
  });

  test('many overdue approvals name the code their cases have, which is what finds them', async () => {
    for (const n of [1, 2]) {
      const row = await open(fresh.store.db, { code: 'approval' });
      await escalateCase(fresh.store.db, { caseId: row.id, level: 'due', timer: 'T-30', note: `past due ${n}` });
    }
    await delivered(notices(), 2);
    const due = mails.find((mail) => mail.subject.startsWith('Overdue'));
    expect(due?.text).toContain('selvedge decide --code approval --choice');
    expect(due?.text).not.toContain('--code X-60');
  });

  test('link to the case and to the playbook page of the code, and hold no key', async () => {
    const row = await open(fresh.store.db);
    await open(fresh.store.db, { code: 'approval', question: 'credit-limit' });
    await delivered(notices(), 2);
    const [refund, approval] = ['X-12', 'approval'].map((code) =>
      mails.find((mail) => mail.text.includes(`/playbook/${code}`)),
    );
    expect(refund?.text).toContain(`http://desk.test/desk/cases/${row.id}\n`);
    expect(refund?.text).toContain('Playbook: http://desk.test/playbook/X-12\n');
    expect(approval?.subject).toMatch(/^Waits for you: A person must agree before it is posted: /);
    const links = mails.flatMap(({ text }) => text.match(/https?:\S+/g) ?? []);
    expect(links.length).toBeGreaterThanOrEqual(4);
    for (const link of links) expect(link).toMatch(/^http:\/\/desk\.test\/(desk\/cases\/C-\d+|playbook\/[\w-]+)$/);
  });

  test('of a case nobody has taken up say how to; of one that takes no decision do not speak of one', async () => {
    const about = { process: 'intake', businessKey: 'RTN-1', code: 'X-10' as const, title: 'Half of it' };
    const facts = { expected: '', actual: '', amount: null, units: 0 };
    const due = { warnAt: [], dueAt: null };
    const { caseId } = await raiseCase(fresh.store.db, { workflowId: 'w', ...about, ...facts }, due);
    await noteNotice(fresh.store.db, {
      ...{ kind: 'not-taken-up', caseId, groupKey: caseId, code: 'X-10', severity: 'high', roles: ['finance'] },
    });
    await delivered(notices(), 2);
    const mail = mails.find(({ subject }) => subject.startsWith('Not taken up in time'));
    expect(mail?.text).toContain(`Take it up: selvedge case ${caseId} acknowledge`);
    expect(mail?.text).toContain(`Look: selvedge case ${caseId}`);
    expect(mail?.text).not.toContain('selvedge decide');
  });

  test('an owner nobody has goes to integration support', async () => {
    await open(fresh.store.db, { owner: 'buying' });
    await delivered(notices(), 1);
    expect(mails[0]?.to).toEqual(['int-1@selvedge.test']);
  });

  test('what does not leave is tried again, is X-58 when it lasts, and clears when it leaves', async () => {
    await open(fresh.store.db);
    status = 503;
    const impatient = notices([sandboxMailbox(url)], 0);
    await eventually(async () => (await impatient.deliver()).failed >= 1, { within: 5_000 });
    expect(await listCases(fresh.store.db, { code: 'X-58' })).toHaveLength(1);
    status = 201;
    await eventually(
      async () => {
        await notices().deliver();
        return mails.some((mail) => mail.subject.includes('X-12'));
      },
      { within: 20_000, every: 200 },
    );
    await eventually(
      async () => {
        await notices().deliver();
        return (await listCases(fresh.store.db, { code: 'X-58' })).length === 0;
      },
      { within: 20_000, every: 200 },
    );
    expect(mails.filter((mail) => mail.subject.includes('X-12'))).toHaveLength(1);
  });

  test('when one of two channels fails only that one is tried again', async () => {
    await open(fresh.store.db);
    let broken = true;
    const chat = chatWebhook(`${url}/chat`);
    const flaky: Channel = {
      name: 'webhook',
      send: (message) => (broken ? Promise.reject(new Error('chat is down')) : chat.send(message)),
    };
    const both = notices([sandboxMailbox(url), flaky]);
    await eventually(async () => (await both.deliver()).failed === 1, { within: 5_000 });
    broken = false;
    await eventually(async () => (await both.deliver()).sent === 1, { within: 20_000, every: 100 });
    expect(mails.map((mail) => mail.path)).toEqual(['/_sandbox/mailbox', '/chat']);
  });

  test('two senders at once send each notice once', async () => {
    for (let n = 0; n < 10; n += 1) await open(fresh.store.db, { question: `question-${n}` });
    await eventually(
      async () => {
        await Promise.all([notices().deliver(), notices().deliver(), notices().deliver()]);
        return mails.length >= 10;
      },
      { within: 5_000 },
    );
    expect(new Set(mails.map((mail) => mail.id)).size).toBe(mails.length);
    expect(mails).toHaveLength(10);
  });
});

describe('mail by SMTP', () => {
  const relay = async (answer: (line: string) => string): Promise<{ port: number; lines: string[] }> => {
    const lines: string[] = [];
    const server = createTcp((socket) => {
      let text = '';
      socket.on('error', () => undefined);
      socket.write('220 relay.test\r\n');
      socket.on('data', (chunk) => {
        text += chunk.toString();
        for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n')) {
          const line = text.slice(0, end);
          text = text.slice(end + 2);
          lines.push(line);
          const reply = answer(line);
          if (reply !== '') socket.write(`${reply}\r\n`);
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
    return { port: portOf(server), lines };
  };
  const polite = (line: string): string =>
    line.startsWith('EHLO')
      ? '250-relay.test\r\n250 8BITMIME'
      : line === 'DATA'
        ? '354 go on'
        : line === 'QUIT'
          ? '221 bye'
          : /^(MAIL|RCPT)/.test(line) || line === '.'
            ? '250 ok'
            : '';
  const message = {
    id: 'n-1',
    to: ['a@x.test', 'b@x.test'],
    subject: 'Überfällig: approve',
    text: 'line one\n.\nGBP 80.00 — decide',
  };

  test('hands over the whole message, whatever is in it', async () => {
    const { port, lines } = await relay(polite);
    await smtpRelay({ host: '127.0.0.1', port, from: 'selvedge@x.test' }).send(message);
    expect(lines.filter((line) => line.startsWith('RCPT'))).toEqual(['RCPT TO:<a@x.test>', 'RCPT TO:<b@x.test>']);
    const body = lines.slice(lines.indexOf('', lines.indexOf('DATA')) + 1, lines.indexOf('.'));
    expect(Buffer.from(body.join(''), 'base64').toString()).toBe(message.text);
    const subject = lines.join('\n').match(/=\?UTF-8\?B\?([^?]+)\?=/g) ?? [];
    expect(subject.map((word) => Buffer.from(word.slice(10, -2), 'base64').toString()).join('')).toBe(message.subject);
  });

  test('a refusal is told in the words of the relay', async () => {
    const { port } = await relay((line) => (line.startsWith('RCPT') ? '550 no such mailbox' : polite(line)));
    const send = smtpRelay({ host: '127.0.0.1', port, from: 'selvedge@x.test' }).send(message);
    await expect(send).rejects.toThrow(/550 no such mailbox/);
  });

  test('a relay that is not there is an error, not a hang', async () => {
    const { port } = await relay(polite);
    servers.pop()?.close();
    await expect(smtpRelay({ host: '127.0.0.1', port, from: 'x@x.test' }).send(message)).rejects.toThrow(
      /ECONNREFUSED/,
    );
  });
});
