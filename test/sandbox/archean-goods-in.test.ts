import { afterEach, describe, expect, test } from '@jest/globals';
import { ArcheanGoodsIn, ArcheanGoodsInPage, ArcheanMovement } from '../../clients/archean/schema.js';
import { closeSites, eventually, site } from './archean-site.js';

afterEach(closeSites);

type Site = Awaited<ReturnType<typeof site>>;
const SKU = '00123-NVY-08';
const OTHER = '00123-NVY-10';
const wanted = {
  externalRef: 'SVGIN1',
  poNo: 'PO-1',
  location: 'FC-UK-1',
  lines: [{ lineNo: 1, sku: SKU, expected: 10 }],
};
interface Happened {
  goodsIn: ArcheanGoodsIn;
  followUp: ArcheanGoodsIn | null;
}

const announce = async ({ call }: Site, more: object = {}): Promise<ArcheanGoodsIn> =>
  ArcheanGoodsIn.parse((await call('POST', '/goods-in', { ...wanted, ...more })).body);
const read = async ({ call }: Site, id: string): Promise<ArcheanGoodsIn> =>
  ArcheanGoodsIn.parse((await call('GET', `/goods-in/${id}`)).body);
const happen = ({ archean }: Site, type: string, payload: Record<string, unknown> = {}): Happened =>
  archean.event(`goods-in.${type}`, payload) as Happened;
const movementsOf = ({ archean }: Site, id: string): [string, string, number][] =>
  archean.books.movements
    .all()
    .map((row) => ArcheanMovement.parse(row))
    .filter((row) => row.documentId === id)
    .map(({ type, sku, quantity }) => [type, sku, quantity]);
/** Reads the whole listing as a client does: page after page by its own mark, with an overlap. */
async function listed({ call }: Site, limit = 200): Promise<unknown[]> {
  const rows: unknown[] = [];
  for (let after = 0, more = true; more;) {
    const page = ArcheanGoodsInPage.parse((await call('GET', `/goods-in?afterSeq=${after}&limit=${limit}`)).body);
    rows.push(...page.goodsIn);
    [after, more] = [page.lastSeq, page.hasMore];
  }
  return rows;
}

describe('announcements', () => {
  test('keep their reference and are amended by reference once; another content is REFERENCE_CONFLICT', async () => {
    const at = await site();
    const first = await announce(at);
    expect(first).toMatchObject({ externalRef: 'SVGIN1', completedBy: '', followedBy: null, version: 1 });
    const lines = [{ lineNo: 1, sku: SKU, expected: 7 }, { lineNo: 2, sku: OTHER, expected: 3 }]; // prettier-ignore
    const amend = (externalRef: string, expected: object[]) =>
      at.call('POST', `/goods-in/${first.id}/amend`, { externalRef, lines: expected });
    const amended = await amend('SVGIN2', lines);
    expect(amended.status).toBe(200);
    const now = ArcheanGoodsIn.parse(amended.body);
    expect([now.version, now.externalRef, now.lines.map((line) => line.expected)]).toEqual([2, 'SVGIN1', [7, 3]]);
    expect(now.seq).toBeGreaterThan(first.seq);
    expect(await amend('SVGIN2', lines)).toEqual({ status: 200, body: amended.body });
    expect(await amend('SVGIN2', lines.slice(1))).toMatchObject({ status: 409, body: { code: 'REFERENCE_CONFLICT' } });
    expect(await amend('SVGIN1', lines)).toMatchObject({ status: 409, body: { code: 'REFERENCE_CONFLICT' } });
    expect((await amend('SVGIN3', [])).status).toBe(422);
    expect(await read(at, first.id)).toEqual(now);
    const found = ArcheanGoodsInPage.parse((await at.call('GET', '/goods-in?externalRef=SVGIN2')).body);
    expect(found.goodsIn).toEqual([amended.body]);
  });

  test('are taken back once and then amended no more', async () => {
    const at = await site();
    const { id } = await announce(at);
    const cancel = () => at.call('POST', `/goods-in/${id}/cancel`, {});
    const gone = await cancel();
    expect([gone.status, ArcheanGoodsIn.parse(gone.body).state]).toEqual([200, 'CANCELLED']);
    expect(await cancel()).toEqual(gone);
    const amend = await at.call('POST', `/goods-in/${id}/amend`, { externalRef: 'A', lines: wanted.lines });
    expect(amend).toMatchObject({ status: 409, body: { code: 'TOO_LATE' } });
    expect((await at.call('POST', '/goods-in/GIN-999999/cancel', {})).status).toBe(404);
    expect(await listed(at)).toEqual([]);
    const stored = at.calls.of('archean').filter((one) => one.operation === 'cancelGoodsIn').map((one) => one.stored); // prettier-ignore
    expect(stored).toEqual([true, false, false]);
  });

  test.each(['completed', 'reversed'])('are TOO_LATE to change once %s', async (state) => {
    const at = await site();
    const { id } = await announce(at);
    happen(at, 'completed', { id });
    if (state === 'reversed') happen(at, 'reversed', { id });
    const amend = await at.call('POST', `/goods-in/${id}/amend`, { externalRef: 'A', lines: wanted.lines });
    expect(amend).toMatchObject({ status: 409, body: { code: 'TOO_LATE' } });
    const cancel = await at.call('POST', `/goods-in/${id}/cancel`, {});
    expect(cancel).toMatchObject({ status: 409, body: { code: 'TOO_LATE' } });
    expect((await read(at, id)).state).toBe(state.toUpperCase());
  });

  test('an amendment whose answer is lost is found by its reference, and its repeat after the goods came is 200', async () => {
    const at = await site();
    const { id } = await announce(at);
    const body = { externalRef: 'SVGIN2', lines: [{ lineNo: 1, sku: SKU, expected: 4 }] };
    at.faults.add({ system: 'archean', operation: 'amendGoodsIn', kind: 'drop-after' });
    await expect(at.call('POST', `/goods-in/${id}/amend`, body)).rejects.toThrow('fetch failed');
    happen(at, 'completed', { id });
    const again = await at.call('POST', `/goods-in/${id}/amend`, body);
    expect([again.status, ArcheanGoodsIn.parse(again.body).state]).toEqual([200, 'COMPLETED']);
    expect((await read(at, id)).version).toBe(3);
  });
});

describe('deliveries', () => {
  test('complete the oldest announcement of their order, whatever was amended since', async () => {
    const at = await site();
    const [first, second] = [await announce(at), await announce(at, { externalRef: 'SVGIN2' })];
    const other = await announce(at, { externalRef: 'SVGIN3', poNo: 'PO-2' });
    await at.call('POST', `/goods-in/${first.id}/amend`, { externalRef: 'A', lines: wanted.lines });
    const made = happen(at, 'completed', { poNo: 'PO-1', completedBy: 'clerk-7' });
    expect([made.goodsIn.id, made.goodsIn.completedBy, made.followUp]).toEqual([first.id, 'clerk-7', null]);
    expect([(await read(at, second.id)).state, (await read(at, other.id)).state]).toEqual(['EXPECTED', 'EXPECTED']);
    expect(made.goodsIn.lines).toMatchObject([{ expected: 10, received: 10, damagedUnits: 0 }]);
  });

  test('say per line what came, with lines nobody expected; the rest waits on a record of its own', async () => {
    const at = await site();
    const { id } = await announce(at);
    const { goodsIn, followUp } = happen(at, 'completed', {
      id,
      more: true,
      completedAt: '2026-01-31T16:00:00.000Z',
      lines: [
        { lineNo: 1, received: 6, damagedUnits: 2, quality: 'IRREGULAR' },
        { sku: OTHER, received: 1 },
      ],
    });
    expect(goodsIn).toMatchObject({ state: 'COMPLETED', completedAt: '2026-01-31T16:00:00.000Z' });
    expect(goodsIn.lines).toEqual([
      { lineNo: 1, sku: SKU, expected: 10, received: 6, uom: 'EA', quality: 'IRREGULAR', damagedUnits: 2 },
      { lineNo: 2, sku: OTHER, expected: 0, received: 1, uom: 'EA', quality: 'FIRST', damagedUnits: 0 },
    ]);
    expect(followUp).toMatchObject({ id: goodsIn.followedBy, state: 'EXPECTED', poNo: 'PO-1', externalRef: 'SVGIN1' });
    expect(followUp?.lines).toEqual([
      { lineNo: 1, sku: SKU, expected: 4, received: 0, uom: 'EA', quality: 'FIRST', damagedUnits: 0 },
    ]);
    expect(movementsOf(at, id)).toEqual([
      ['GOODS_IN', SKU, 6],
      ['GOODS_IN', OTHER, 1],
    ]);
    const last = happen(at, 'completed', { poNo: 'PO-1', more: true });
    expect([last.goodsIn.id, last.goodsIn.followedBy]).toEqual([followUp?.id, null]);
    expect(movementsOf(at, last.goodsIn.id)).toEqual([['GOODS_IN', SKU, 4]]);
  });

  test('nobody announced become a record of their own', async () => {
    const at = await site();
    const { goodsIn } = happen(at, 'completed', {
      poNo: 'PO-9',
      location: 'V-MISC',
      lines: [{ sku: SKU, received: 3 }],
    });
    expect(goodsIn).toMatchObject({
      externalRef: '',
      version: 1,
      state: 'COMPLETED',
      poNo: 'PO-9',
      location: 'V-MISC',
    });
    expect(goodsIn.lines).toMatchObject([{ sku: SKU, expected: 0, received: 3 }]);
    const random = happen(at, 'completed');
    expect(ArcheanGoodsIn.parse(random.goodsIn).lines[0]?.received).toBeGreaterThan(0);
  });

  test('in cartons and prepacks move eaches per article; the record counts in packs', async () => {
    const at = await site();
    at.reckoning.noteItem({ sku: 'WOM|00123|NVY|||08', code: SKU, division: 'WOM', unitsPerCase: 12 });
    at.archean.books.packs.set('PPK-1', [{ sku: SKU, units: 2 }, { sku: OTHER, units: 3 }]); // prettier-ignore
    const { id } = await announce(at, { lines: [{ lineNo: 1, sku: SKU, expected: 60 }] });
    const { goodsIn } = happen(at, 'completed', {
      id,
      lines: [
        { lineNo: 1, uom: 'CTN', received: 4 },
        { sku: 'PPK-1', uom: 'PPK', received: 5 },
        { sku: 'PPK-NOBODY-KNOWS', uom: 'PPK', received: 1 },
      ],
    });
    expect(goodsIn.lines.map(({ uom, expected, received }) => [uom, expected, received])).toEqual([
      ['CTN', 5, 4],
      ['PPK', 0, 5],
      ['PPK', 0, 1],
    ]);
    expect(movementsOf(at, id)).toEqual([
      ['GOODS_IN', SKU, 48],
      ['GOODS_IN', SKU, 10],
      ['GOODS_IN', OTHER, 15],
    ]);
  });

  test('counted again move the difference, taken back all of it', async () => {
    const at = await site();
    const before =
      at.archean.books.stock.rows().find((row) => row.sku === SKU && row.location === 'FC-UK-1')?.onHand ?? 0;
    const { id } = await announce(at);
    happen(at, 'completed', { id, completedAt: '2026-01-31T16:00:00.000Z' });
    const less = happen(at, 'corrected', { id, lines: [{ lineNo: 1, received: 8, damagedUnits: 1 }, { sku: OTHER }] }); // prettier-ignore
    expect(less.goodsIn).toMatchObject({ state: 'COMPLETED', version: 3, completedAt: '2026-01-31T16:00:00.000Z' });
    happen(at, 'corrected', { id });
    happen(at, 'reversed', { id });
    expect(await read(at, id)).toMatchObject({
      state: 'REVERSED',
      version: 5,
      completedAt: '2026-01-31T16:00:00.000Z',
    });
    expect(movementsOf(at, id)).toEqual([
      ['GOODS_IN', SKU, 10],
      ['VOID', SKU, -2],
      ['GOODS_IN', OTHER, 1],
      ['VOID', SKU, -1],
      ['VOID', SKU, -7],
      ['VOID', OTHER, -1],
    ]);
    const after = at.archean.books.stock.rows().find((row) => row.sku === SKU && row.location === 'FC-UK-1');
    expect(after?.onHand).toBe(before);
    expect(() => happen(at, 'reversed', { id })).toThrow(`goods-in ${id} is REVERSED, not COMPLETED`);
    expect(() => happen(at, 'reversed')).toThrow('send goods-in.completed first');
  });

  test.each([
    ['an unknown field', { lines: [{ lineNo: 1, recieved: 3 }] }, 'recieved'],
    ['a line nobody expected without its article', { lines: [{ lineNo: 7 }] }, 'line 7 is none of 1; name its sku'],
    ['more ruined than came', { lines: [{ lineNo: 1, received: 2, damagedUnits: 3 }] }, '3 damaged of 2 received'],
    ['a record that is none', { id: 'GIN-000099' }, 'there is no goods-in GIN-000099'],
  ])('refuse %s and leave the record as it was', async (_, payload, words) => {
    const at = await site();
    const { id } = await announce(at);
    expect(() => happen(at, 'completed', { id, ...payload })).toThrow(words);
    expect((await read(at, id)).state).toBe('EXPECTED');
    expect(movementsOf(at, id)).toEqual([]);
  });
});

describe('the listing', () => {
  test('shows every completed, corrected and reversed version, and a row nobody can read', async () => {
    const at = await site();
    const { id } = await announce(at);
    happen(at, 'completed', { id, more: true, lines: [{ lineNo: 1, received: 9 }] });
    happen(at, 'corrected', { id, lines: [{ lineNo: 1, received: 8 }] });
    happen(at, 'malformed');
    happen(at, 'reversed', { id });
    const rows = await listed(at, 1);
    expect(rows.map((row) => ArcheanGoodsIn.safeParse(row).data?.version ?? 'unreadable')).toEqual([
      2,
      3,
      'unreadable',
      4,
    ]);
    const event = at.reckoning.report().events.find((one) => one.class === 'malformed');
    expect(event?.waitsFor).toEqual({ code: 'X-63', owner: 'integration-support' });
  });

  test('shows each row in the end to a reader who re-reads, though rows come late, twice and with gaps', async () => {
    const at = await site({ misbehave: 0.1 });
    const ids = Array.from({ length: 40 }, (_, index) => {
      const payload = { poNo: `PO-${index}`, lines: [{ sku: SKU, received: 1 }] };
      return happen(at, 'completed', payload).goodsIn.id;
    });
    const early = (await listed(at, 5)).map((row) => ArcheanGoodsIn.parse(row).id);
    expect(new Set(early).size).toBeLessThan(ids.length);
    let repeated = 0;
    await eventually(async () => {
      const late = (await listed(at, 5)).map((row) => ArcheanGoodsIn.parse(row).id);
      repeated += late.length - new Set(late).size;
      expect([[...new Set(late)], repeated > 0]).toEqual([ids, true]);
    });
    const seqs = at.archean.books.goodsInLog.all().map((row) => ArcheanGoodsIn.parse(row).seq);
    expect((seqs.at(-1) ?? 0) - (seqs[0] ?? 0)).toBeGreaterThan(2 * (seqs.length - 1));
  });
});
