import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { appendAudit, auditOf, sealAudit, verifyAudit } from '../../store/audit.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';

describe('the audit trail', () => {
  let made: FreshDatabase;
  beforeEach(async () => {
    made = await freshDatabase();
  });
  afterEach(() => made.drop());
  const db = () => made.store.db;
  const write = (subject: string): Promise<string> =>
    appendAudit(db(), {
      actor: 'fin-2',
      identity: 'proven',
      action: 'decide',
      subject,
      why: 'goodwill, ticket 8812',
      detail: { choice: 'approve', amount: { minor: '1000', currency: 'GBP' } },
    });
  const writeMany = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index++) await write(`case/${index}`);
  };

  test('chains what was committed, once, however many sealers run at once', async () => {
    await writeMany(40);
    const sealed = await Promise.all(Array.from({ length: 6 }, () => sealAudit(db())));
    expect(sealed.reduce((sum, rows) => sum + rows, 0)).toBe(40);
    expect(await verifyAudit(db())).toEqual({
      sealed: 40,
      unsealed: 0,
      oldestUnsealedMs: null,
      firstBad: null,
    });
  });

  test('holds no row of a transaction that was rolled back, and seals one that commits late', async () => {
    await expect(
      db()
        .transaction()
        .execute(async (tx) => {
          await appendAudit(tx, {
            actor: 'fin-2',
            identity: 'proven',
            action: 'decide',
            subject: 'case/x',
            why: '',
            detail: {},
          });
          throw new Error('no');
        }),
    ).rejects.toThrow('no');
    await writeMany(2);
    await sealAudit(db());
    expect(await auditOf(db(), 'case/x')).toEqual([]);
    expect((await auditOf(db(), 'case/1')).map((row) => row.actor)).toEqual(['fin-2']);
    expect((await verifyAudit(db())).firstBad).toBeNull();
  });

  test('tells how old the oldest unsealed row is', async () => {
    await write('case/1');
    await sql`update audit set at = at - interval '90 seconds'`.execute(db());
    const verdict = await verifyAudit(db());
    expect(verdict.unsealed).toBe(1);
    expect(verdict.oldestUnsealedMs).toBeGreaterThanOrEqual(90_000);
  });

  for (const [edit, statement, why] of [
    ['an edited reason', `update audit set why = 'nothing' where seal_no = 7`, 'its content was changed'],
    ['an edited detail', `update audit set detail = '{}' where seal_no = 7`, 'its content was changed'],
    ['another person', `update audit set actor = 'fin-3' where seal_no = 7`, 'its content was changed'],
    ['a moved time', `update audit set at = at + interval '1 s' where seal_no = 7`, 'its content was changed'],
    ['a removed row', `delete from audit where seal_no = 7`, 'the row with this number is missing'],
  ] as const)
    test(`names the first bad row after ${edit}`, async () => {
      await writeMany(12);
      await sealAudit(db());
      await sql.raw(statement).execute(db());
      const { firstBad, sealed } = await verifyAudit(db());
      expect(sealed).toBe(6);
      expect(firstBad?.sealNo).toBe('7');
      expect(firstBad?.why).toContain(why);
    });

  test('misses the last rows when they were removed', async () => {
    await writeMany(5);
    await sealAudit(db());
    await sql`delete from audit where seal_no > 3`.execute(db());
    expect((await verifyAudit(db())).firstBad).toMatchObject({
      sealNo: '4',
      why: 'the chain ends before its recorded end',
    });
  });
});
