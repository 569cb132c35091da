import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { creditReturn } from '../../docs/how-to/example-service.js';
import { startRig, type Rig } from '../support/rig.js';

describe('the example service of docs/how-to', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig();
  }, 60_000);
  afterAll(() => rig.close(), 60_000);

  const returned = async (payload: object): Promise<string> => {
    const made = (await rig.emit('archean', 'return.processed', payload)) as unknown as {
      return: { returnNo: string };
    };
    return made.return.returnNo;
  };

  test('answers the numbers of what was posted', async () => {
    const said = await creditReturn(await returned({}), rig.temporal);
    const numbers = (await rig.books()).documents.map((d) => d.number);
    expect(said).toBe(`posted: ${numbers.join(', ')}`);
    expect(numbers).toHaveLength(2);
  }, 60_000);

  test('says who must decide when a person is asked', async () => {
    const said = await creditReturn(await returned({ lines: [{ orderNo: '' }] }), rig.temporal);
    expect(said).toMatch(/^finance must decide: /);
  }, 60_000);
});
