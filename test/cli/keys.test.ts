/** `selvedge keys` on an installation: which keys are in use and needed, a raw row for who may see it. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { eventually } from '../support/eventually.js';
import { keysFile } from '../support/keys.js';
import { startRig, type Rig } from '../support/rig.js';
import { answered, cliOf, type Cli } from './support.js';

interface Shown {
  keys: { id: string; file: string; needed: boolean | null; workflows: number | null; rows: number }[];
}
const keys = keysFile();
let rig: Rig;
let cli: Cli;

beforeAll(async () => {
  keys.set('k-1', ['k-1']);
  rig = await startRig({ keysFile: keys.path, env: { SELVEDGE_PAYLOAD_KEYS_FILE: keys.path } });
  cli = await cliOf(rig);
}, 90_000);
afterAll(() => rig.close(), 60_000);

const listed = async (): Promise<Shown['keys']> => answered<Shown>(await cli(null, 'keys', '--json')).keys;

describe('selvedge keys', () => {
  test('says what is in use; makes a new key that only decrypts; makes it current', async () => {
    const made = await cli(null, 'keys', 'add', '--id', 'k-2');
    expect([made.code, made.out]).toEqual([0, expect.stringContaining('Give the file to every process first')]);
    expect(made.out).not.toContain(/k-2: (\S{44})/.exec(readFileSync(keys.path, 'utf8'))?.[1]);
    expect((await listed()).map(({ id, file }) => [id, file])).toEqual([
      ['k-1', 'current'],
      ['k-2', 'decrypts'],
    ]);
    expect((await cli(null, 'keys', 'use', 'k-9')).err).toContain('has no key "k-9"');
    expect((await cli(null, 'keys', 'use', 'k-2')).out).toContain('k-2 encrypts now; k-1 decrypts only');
  });

  test('knows that a key is needed while a workflow of its time is kept, and that a lost one is missing', async () => {
    const [first] = await eventually(
      async () => {
        const found = await listed();
        return (found[0]?.workflows ?? 0) > 0 ? found : undefined;
      },
      { within: 30_000 },
    );
    expect(first).toMatchObject({ id: 'k-1', file: 'decrypts', needed: true });
    keys.set('k-2', ['k-2']);
    const lost = await cli(null, 'keys');
    expect([lost.code, lost.out]).toEqual([1, expect.stringContaining('MISSING: what it encrypted cannot be read')]);
    keys.set('k-2', ['k-1', 'k-2']);
    await sql`update payload_key set first_current_at = 'epoch', last_current_at = 'epoch' where id = 'k-1'`.execute(
      rig.store.db,
    );
    expect((await listed())[0]).toMatchObject({ id: 'k-1', workflows: 0, needed: false });
  });

  test('shows a row that could not be read to integration support, and notes it', async () => {
    await rig.emit('archean', 'return.malformed', { name: 'Zuleika Quine' });
    const id = await eventually(
      async () =>
        (await rig.store.db.selectFrom('event').select('id').where('state', '=', 'malformed').executeTakeFirst())?.id,
      { within: 30_000 },
    );
    expect(await cli('fin-2', 'keys', 'row', id)).toMatchObject({ code: 1, out: '' });
    const shown = await cli('int-1', 'keys', 'row', `inbox:${id}`);
    expect([shown.code, shown.out]).toEqual([0, expect.stringContaining('Zuleika Quine')]);
    const { rows } = await sql<{ actor: string }>`select actor from audit where action = 'read-raw-row'`.execute(
      rig.store.db,
    );
    expect(rows).toEqual([{ actor: 'int-1' }]);
  });

  test('gives a person their own address for the Web UI', async () => {
    const { code, out } = await cli('fin-2', 'keys', 'web-ui');
    expect([code, out]).toEqual([0, expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/codec\/fin-2\.[\w-]{43}\n/)]);
    expect((await cli(null, 'keys', 'web-ui')).err).toContain('SELVEDGE_KEY');
  });
});
