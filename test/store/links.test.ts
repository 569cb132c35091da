import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getBlob, putBlob } from '../../store/documents.js';
import { findPath, linkDocuments, recordDocument } from '../../store/links.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';

let made: FreshDatabase;
let dir = '';
beforeAll(async () => {
  made = await freshDatabase();
  dir = await mkdtemp(join(tmpdir(), 'selvedge-documents-'));
});
afterAll(async () => {
  await made.drop();
  await rm(dir, { recursive: true, force: true });
});
const db = () => made.store.db;
const ref = (system: string, kind: string, number: string) => ({ system, kind, number });

describe('links', () => {
  const order = ref('blue-cherry', 'sales-order', 'SO-1');
  const back = ref('archean', 'return', 'RTN-1');
  const memo = ref('blue-cherry', 'credit-memo', '1000001');
  const stock = ref('blue-cherry', 'stock-adjustment', '1000002');
  const sku = ref('blue-cherry', 'sku', '00123-NVY-M');

  test('one search by any number finds the whole path', async () => {
    await linkDocuments(db(), order, { ...back, workflowId: 'return-to-stock:archean:RTN-1' }, 'returned');
    await linkDocuments(db(), back, { ...memo, facts: { amount: 'GBP 12.00' } }, 'credited');
    await linkDocuments(db(), back, stock, 'restocked');
    await linkDocuments(db(), back, stock, 'restocked');
    for (const number of ['SO-1', 'rtn-1', ' 1000001 ', '1000002', 'return-to-stock:archean:RTN-1']) {
      const path = await findPath(db(), number);
      expect(path.documents.map((each) => each.number).sort()).toEqual(['1000001', '1000002', 'RTN-1', 'SO-1']);
      expect(path.links.map((each) => each.relation).sort()).toEqual(['credited', 'restocked', 'returned']);
    }
    const found = await findPath(db(), '1000001');
    expect(found.documents[0]).toMatchObject({ number: '1000001', distance: 0, facts: { amount: 'GBP 12.00' } });
    expect(found.documents.find((each) => each.number === 'SO-1')?.distance).toBe(2);
    expect((await findPath(db(), 'NOBODY')).documents).toEqual([]);
  });

  test('an article joins no paths, but a search for it shows them', async () => {
    const other = ref('archean', 'return', 'RTN-2');
    await linkDocuments(db(), back, sku, 'of article');
    await linkDocuments(db(), other, sku, 'of article');
    const path = (await findPath(db(), 'RTN-1')).documents.map((each) => each.number);
    expect(path).toContain('00123-NVY-M');
    expect(path).not.toContain('RTN-2');
    const article = (await findPath(db(), '00123-NVY-M')).documents.map((each) => each.number);
    expect(article).toEqual(expect.arrayContaining(['RTN-1', 'RTN-2', 'SO-1']));
  });

  test('what is learnt later is added to a document, also by many at once', async () => {
    await Promise.all(
      ['status', 'amount', 'warehouse'].map((key) =>
        recordDocument(db(), { ...ref('x', 'y', 'MANY'), facts: { [key]: 'known' } }),
      ),
    );
    const [found] = (await findPath(db(), 'MANY')).documents;
    expect(found?.facts).toEqual({ status: 'known', amount: 'known', warehouse: 'known' });
  });
});

describe('documents', () => {
  test('the same content is kept once and comes back as it was', async () => {
    const content = Buffer.from('ISA*00*…');
    const about = { mediaType: 'application/edi-x12', name: '850.edi' };
    const kept = await Promise.all(Array.from({ length: 5 }, () => putBlob(db(), dir, content, about)));
    const [first] = kept;
    expect(new Set(kept.map((blob) => blob.sha256)).size).toBe(1);
    expect(Buffer.from(await getBlob(dir, first?.sha256 ?? ''))).toEqual(content);
    const files = await readdir(join(dir, (first?.sha256 ?? '').slice(0, 2)));
    expect(files).toEqual([first?.sha256]);
  });

  test('a file that was changed on disk, a missing one and a strange key are refused', async () => {
    const blob = await putBlob(db(), dir, Buffer.from('invoice'), { mediaType: 'text/plain', name: 'a.txt' });
    await writeFile(join(dir, blob.sha256.slice(0, 2), blob.sha256), 'forged');
    await expect(getBlob(dir, blob.sha256)).rejects.toThrow('was changed on disk');
    await expect(getBlob(dir, 'a'.repeat(64))).rejects.toThrow('is not in');
    await expect(getBlob(dir, '../../etc/passwd')).rejects.toThrow('is not the key of a document');
  });
});
