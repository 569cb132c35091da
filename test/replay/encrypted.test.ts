/** Histories of before encryption, of an earlier key and of the current one replay with rotated keys (B7). */
import { describe, expect, test } from '@jest/globals';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { dataConverter, payloadCodec } from '../../clients/temporal/index.js';
import type { KeyRing } from '../../config/payload-keys.js';
import { createLog } from '../../config/log.js';
import { quietRuntime } from '../../workers/main.js';
import { workflowBundle } from '../support/bundle.js';
import { ringOf } from '../support/keys.js';
import { recordedHistories, type RecordedEvent } from './histories.js';

interface WirePayload {
  metadata: Record<string, string>;
  data?: string;
}
type Json = Record<string, unknown>;

const isPayload = (value: unknown): value is WirePayload =>
  typeof value === 'object' && value !== null && 'metadata' in value && 'encoding' in (value.metadata as object);
const isFailure = (value: Json): boolean => 'message' in value && 'source' in value;
const bytes = (text = ''): Uint8Array => Buffer.from(text, 'base64');
const base64 = (data: Uint8Array | null | undefined): string => Buffer.from(data ?? []).toString('base64');

async function encoded(ring: KeyRing, payload: Payload): Promise<WirePayload> {
  const [made] = await payloadCodec(ring).encode([payload]);
  const metadata = Object.entries(made?.metadata ?? {}).map(([name, value]) => [name, base64(value)] as const);
  return { metadata: Object.fromEntries(metadata), data: base64(made?.data) };
}

/** A history as it would have been recorded with a key: every payload and every failure's message encrypted. */
async function asIf(ring: KeyRing, value: unknown, counted: { n: number }, key = ''): Promise<unknown> {
  // Search attributes are never encrypted.
  if (key === 'searchAttributes') return value;
  if (Array.isArray(value)) return Promise.all(value.map((each) => asIf(ring, each, counted)));
  if (typeof value !== 'object' || value === null) return value;
  if (isPayload(value)) {
    counted.n += 1;
    const metadata = Object.entries(value.metadata).map(([name, text]) => [name, bytes(text)] as const);
    return encoded(ring, { metadata: Object.fromEntries(metadata), data: bytes(value.data) });
  }
  const made: Json = {};
  for (const [name, member] of Object.entries(value)) made[name] = await asIf(ring, member, counted, name);
  if (!isFailure(made)) return made;
  counted.n += 1;
  const { message, stackTrace } = made;
  const words = defaultPayloadConverter.toPayload({ message, stack_trace: stackTrace ?? '' });
  return { ...made, message: 'Encoded failure', stackTrace: '', encodedAttributes: await encoded(ring, words ?? {}) };
}

const replay = async (events: RecordedEvent[], name: string, ring: KeyRing | null): Promise<void> => {
  const codePath = await workflowBundle(ring === null ? 'plain' : 'encrypted');
  const options = { workflowBundle: { codePath }, dataConverter: dataConverter(ring) };
  await Worker.runReplayHistory(options, { events }, name.replace('/', ':archean:'));
};

describe('recorded histories and keys', () => {
  quietRuntime(createLog('sdk', { SELVEDGE_LOG: 'silent' }));
  const rotated = ringOf('k-2', 'k-1', 'k-2');
  const histories = recordedHistories();

  test.each(histories.map(({ name }) => name))('%s', async (name) => {
    const { events } = histories.find((each) => each.name === name) ?? { events: [] };
    const counted = { n: 0 };
    const withKey = async (ring: KeyRing): Promise<RecordedEvent[]> =>
      (await asIf(ring, events, counted)) as RecordedEvent[];
    const [first, second] = [await withKey(ringOf('k-1', 'k-1')), await withKey(rotated)];
    expect(counted.n).toBeGreaterThan(20);
    // Half of it under each: what a rotation in the middle of a saga leaves.
    const middle = Math.floor(events.length / 2);
    const turned = [...first.slice(0, middle), ...second.slice(middle)];
    await replay(events, name, rotated);
    await replay(first, name, rotated);
    await replay(turned, name, rotated);
    await expect(replay(turned, name, ringOf('k-1', 'k-1'))).rejects.toThrow();
    await expect(replay(first, name, null)).rejects.toThrow();
  });
});
