import { describe, expect, test } from '@jest/globals';
import { ApplicationFailure, defaultPayloadConverter, type Payload } from '@temporalio/common';
import { isEncoded, ringOf } from '../support/keys.js';
import { dataConverter, payloadCodec } from '../../clients/temporal/index.js';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import {
  encodeErrorToFailure,
  decodeOptionalFailureToOptionalError,
} from '@temporalio/common/lib/internal-non-workflow/index.js';

const plain = (value: unknown): Payload => defaultPayloadConverter.toPayload(value) ?? {};
const read = (payload: Payload | undefined): unknown => defaultPayloadConverter.fromPayload(payload ?? {});

describe('the codec', () => {
  const old = payloadCodec(ringOf('k-1', 'k-1'));
  const both = payloadCodec(ringOf('k-2', 'k-1', 'k-2'));

  test('wraps a payload whole and names the key', async () => {
    const [made = {}] = await both.encode([plain({ customer: 'Zuleika Quine' })]);
    expect(isEncoded(made)).toBe('k-2');
    expect(Object.keys(made.metadata ?? {})).toEqual(['encoding', 'selvedge-key-id']);
    expect(Buffer.from(made.data ?? []).includes('Zuleika')).toBe(false);
    expect(read((await both.decode([made]))[0])).toEqual({ customer: 'Zuleika Quine' });
  });

  test('reads what was written before: in clear, and with an earlier key', async () => {
    const [earlier = {}] = await old.encode([plain('two')]);
    const found = await both.decode([plain('one'), earlier]);
    expect(found.map(read)).toEqual(['one', 'two']);
  });

  test('does not encrypt twice', async () => {
    const once = await both.encode([plain(1)]);
    expect(await both.encode(once)).toEqual(once);
  });

  test('without the key it says which one is missing; without any too', async () => {
    const made = await both.encode([plain(1)]);
    await expect(old.decode(made)).rejects.toThrow('"k-2", which this process does not have (it has k-1)');
    await expect(payloadCodec(null).decode(made)).rejects.toThrow('it has no key at all');
    expect(await payloadCodec(null).encode([plain(1)])).toEqual([plain(1)]);
  });

  test('covers message, stack and details of failures, causes too', async () => {
    const converter = loadDataConverter(dataConverter(ringOf('k-2', 'k-1', 'k-2')));
    const cause = new Error('caused by Zuleika Quine');
    const thrown = ApplicationFailure.create({
      message: 'Zuleika Quine',
      type: 'Refused',
      details: ['Zuleika'],
      cause,
    });
    const failure = await encodeErrorToFailure(converter, thrown);
    const text = JSON.stringify(failure, (_, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    );
    expect(text).not.toContain('Zuleika');
    expect(text).toContain('Encoded failure');
    const error = await decodeOptionalFailureToOptionalError(converter, failure, undefined);
    expect([error?.message, (error?.cause as Error | undefined)?.message]).toEqual([
      'Zuleika Quine',
      'caused by Zuleika Quine',
    ]);
  });
});
