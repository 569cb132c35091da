/** The desk page beside deciding: looking after cases, starting sagas again, like questions together, mappings. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { raiseCase } from '../../store/desk-raised.js';
import { readCase } from '../../store/desk-read.js';
import { aWorkflow, noDue, open } from '../store/desk-support.js';
import { aDesk, decideOn, hiddenFields, type Desk } from './desk-support.js';

let desk: Desk;
beforeAll(async () => {
  desk = await aDesk();
});
afterAll(() => desk.close());

const raised = (workflowId: string) => ({
  workflowId,
  process: 'return-to-stock',
  businessKey: workflowId.split(':').at(-1) ?? '',
  subject: '',
  title: `${workflowId} was ended from outside before it had finished`,
  expected: 'finished',
  actual: 'terminated',
  amount: null,
  units: 0,
});

describe('looking after a case', () => {
  test('it is taken up, given to a colleague, to the deputy and back; who may decide stays the same', async () => {
    const row = await open(desk.db);
    const browser = await desk.as('fin-1');
    const at = `/desk/cases/${row.id}`;
    await browser.post(`${at}/take-up`, await browser.formAt(at, `${at}/take-up`));
    expect(await desk.stateOf(row.id)).toBe('acknowledged');
    const give = async (to: string, why = 'holiday') =>
      browser.post(`${at}/give`, { ...(await browser.formAt(at, `${at}/give`)), to, why });
    expect((await give('fin-2')).status).toBe(303);
    expect(await readCase(desk.db, row.id)).toMatchObject({ assignee: 'fin-2', owner: 'finance' });
    expect((await (await desk.as('fin-2')).get('/desk?assignee=fin-2')).text).toContain(row.id);
    expect(await give('wh-3')).toMatchObject({ status: 409, text: expect.stringContaining('may not decide') });
    expect(await give('nobody')).toMatchObject({ status: 409 });
    expect(await give('fin-3', ' ')).toMatchObject({ status: 409 });
    expect((await give('operations')).status).toBe(303);
    expect(await readCase(desk.db, row.id)).toMatchObject({ assignee: '', owner: 'operations', deputy: 'finance' });
    expect((await decideOn(browser, row.id)).status).toBe(303);
    expect(await desk.decisionsOn(row.id)).toEqual(['fin-1 approve accepted']);
  });

  test('nobody of another role takes it up or gives it away', async () => {
    const row = await open(desk.db);
    const wrong = await desk.as('wh-3');
    // Its own sign-out token does not fit, so a right token for this address is worked out as the desk would: there is none to find.
    for (const verb of ['take-up', 'give'])
      expect(await wrong.post(`/desk/cases/${row.id}/${verb}`, { token: 'x', to: 'wh-3', why: 'y' })).toMatchObject({
        status: 403,
      });
    expect(
      await desk.ingress.call('POST', `/cases/${row.id}/reassign`, 'wh-3', { to: 'wh-3', why: 'mine' }),
    ).toMatchObject({
      status: 409,
    });
    expect(await readCase(desk.db, row.id)).toMatchObject({ state: 'open', owner: 'finance', assignee: '' });
  });
});

describe('a saga that was ended from outside', () => {
  test('is started again by its owner, and by nobody else', async () => {
    const workflowId = aWorkflow();
    const { caseId } = await raiseCase(
      desk.db,
      { ...raised(workflowId), code: 'X-37', kind: 'orphan', endsWithWorkflow: true },
      noDue,
    );
    const at = `/desk/cases/${caseId}`;
    expect((await (await desk.as('wh-3')).get(at)).html).not.toContain(`${at}/restart`);
    expect(await desk.ingress.call('POST', `/cases/${caseId}/restart`, 'wh-3')).toMatchObject({ status: 409 });
    const browser = await desk.as('fin-1');
    expect(await browser.post(`${at}/restart`, await browser.formAt(at, `${at}/restart`))).toMatchObject({
      status: 303,
    });
    expect(desk.sagas.restarted).toEqual([workflowId]);
    expect(await desk.ingress.call('POST', `/cases/${(await open(desk.db)).id}/restart`, 'fin-1')).toMatchObject({
      status: 409,
    });
  });
});

describe('like questions together', () => {
  test('a preview says how many and how much; exactly those are decided; the form sent again decides nothing', async () => {
    const group = `outage-${process.pid}`;
    const rows = [];
    for (let n = 0; n < 3; n++) rows.push(await open(desk.db));
    await sql`update "case" set group_key = ${group} where id = any(${rows.map(({ id }) => id)})`.execute(desk.db);
    const browser = await desk.as('fin-1');
    const from = `/desk/bulk?group=${group}`;
    const form = await browser.formAt(from, '/desk/bulk/preview');
    const preview = await browser.post('/desk/bulk/preview', { ...form, choice: 'approve', why: 'outage' });
    expect(preview.text).toContain('3 cases');
    expect(preview.text).toContain('GBP 240.00');
    const late = await open(desk.db);
    await sql`update "case" set group_key = ${group} where id = ${late.id}`.execute(desk.db);
    const apply = hiddenFields(preview.html, '/desk/bulk/apply');
    const done = await browser.post('/desk/bulk/apply', apply);
    expect(done.text).toContain('3 decided');
    expect(done.text).toContain('1 more came after the preview');
    expect(await browser.post('/desk/bulk/apply', apply)).toMatchObject({
      status: 409,
      text: expect.stringContaining('applied already'),
    });
    for (const { id } of rows) expect(await desk.decisionsOn(id)).toEqual(['fin-1 approve accepted']);
    expect(await desk.stateOf(late.id)).toBe('open');
  });

  test('another role sees them and has no form', async () => {
    const row = await open(desk.db);
    await sql`update "case" set group_key = 'theirs' where id = ${row.id}`.execute(desk.db);
    const page = await (await desk.as('wh-3')).get('/desk/bulk?group=theirs');
    expect(page.text).toContain('Finance decides these');
    expect(page.html).not.toContain('/desk/bulk/preview');
  });
});

describe('mappings', () => {
  test('one person proposes, another confirms, and the sweep is told at once', async () => {
    const [mine, other] = [await desk.as('fin-1'), await desk.as('fin-2')];
    const action = '/desk/mappings/new/location';
    const form = await mine.formAt(`${action}?source=archean&location=V-MISC&from=2026-03-14`, action);
    const row = {
      source: 'archean',
      location: 'V-MISC',
      warehouse: '02',
      divisions: 'WOM, MEN',
      from: '2026-03-14',
      why: 'opened',
    };
    const faulty = await mine.post(action, { ...form, ...row, divisions: '*' });
    expect(faulty).toMatchObject({ status: 409, text: expect.stringContaining('there is no wildcard') });
    expect(faulty.html).toContain('value="V-MISC"');
    expect(await mine.post(action, { ...form, ...row })).toMatchObject({ status: 303 });
    const { rows } = await sql<{
      id: string;
      divisions: string[];
    }>`select id, divisions from location_mapping where location = 'V-MISC'`.execute(desk.db);
    expect(rows[0]?.divisions).toEqual(['WOM', 'MEN']);
    const confirm = `/desk/mappings/location/${rows[0]?.id ?? ''}/confirm`;
    expect((await mine.get('/desk/mappings')).html).not.toContain(confirm);
    const theirs = await other.formAt('/desk/mappings', confirm);
    expect(await mine.post(confirm, theirs)).toMatchObject({ status: 403 });
    expect(await other.post(confirm, theirs)).toMatchObject({ status: 303, to: '/desk/mappings?done=confirmed' });
    expect(desk.sagas.swept).toBe(1);
    expect(await other.post(confirm, theirs)).toMatchObject({ status: 409 });
  });
});

describe('reports', () => {
  test('are listed, shown with their sentence, and taken along; what is none is said', async () => {
    const evil = '=HYPERLINK("https://evil.test")';
    await open(desk.db, { title: evil });
    const browser = await desk.as('fin-1');
    expect((await browser.get('/desk/reports')).text).toContain('Open exceptions RP-18');
    const shown = await browser.get('/desk/reports/RP-18');
    expect(shown.text).toContain('What waits for somebody');
    expect(shown.text).toContain('Refund differs from what was sold');
    const [, csv = ''] = /href="(\/desk\/reports\/RP-18\/csv\/[^"]+)"/.exec(shown.html) ?? [];
    const file = await browser.get(csv.replaceAll('&amp;', '&'));
    expect(file.headers.get('content-disposition')).toMatch(
      /^attachment; filename="RP-18-\d{4}-\d\d-\d\d-[a-z-]+\.csv"$/,
    );
    expect(file.html).not.toMatch(/(^|[,"])=HYPERLINK/m);
    expect((await browser.get('/desk/reports/RP-18/workbook')).headers.get('content-type')).toContain('spreadsheetml');
    expect(await browser.get('/desk/reports/RP-99')).toMatchObject({
      status: 404,
      text: expect.stringContaining('RP-05'),
    });
    expect(await browser.get('/desk/reports/RP-18?from=yesterday')).toMatchObject({ status: 400 });
    expect((await browser.get('/desk/reports/RP-18/csv/nothing')).status).toBe(404);
  });
});
