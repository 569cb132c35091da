/** How payloads are encrypted on their way to Temporal, and read again: for every client, worker and the Web UI. */
import { fileURLToPath } from 'node:url';
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { MissingKey, type KeyRing } from '../../config/payload-keys.js';

export const ENCODING = 'binary/selvedge-aes256gcm';
const KEY_ID = 'selvedge-key-id';

const text = (bytes: Uint8Array | null | undefined): string => (bytes ? Buffer.from(bytes).toString('utf8') : '');
const isEncrypted = (payload: Payload): boolean => text(payload.metadata?.['encoding']) === ENCODING;

const wire = proto.temporal.api.common.v1.Payload;

function encrypted(ring: KeyRing, payload: Payload): Payload {
  // What the Web UI had encrypted before it sent it is not encrypted twice.
  if (isEncrypted(payload)) return payload;
  const { keyId, data } = ring.encrypt(wire.encode(payload).finish());
  return { metadata: { encoding: Buffer.from(ENCODING), [KEY_ID]: Buffer.from(keyId) }, data };
}

function decrypted(ring: KeyRing | null, payload: Payload): Payload {
  // What was recorded before encryption was turned on stays readable.
  if (!isEncrypted(payload)) return payload;
  const keyId = text(payload.metadata?.[KEY_ID]);
  if (ring === null) throw new MissingKey(keyId, []);
  return wire.decode(ring.decrypt(keyId, payload.data ?? new Uint8Array()));
}

/**
 * The codec of an installation. Each payload is wrapped whole, its own metadata included. Without keys nothing is
 * encrypted, and a payload that is says which key is missing.
 */
export const payloadCodec = (ring: KeyRing | null): PayloadCodec => ({
  encode: (payloads) =>
    Promise.resolve().then(() => (ring === null ? payloads : payloads.map((payload) => encrypted(ring, payload)))),
  decode: (payloads) => Promise.resolve().then(() => payloads.map((payload) => decrypted(ring, payload))),
});

/** Loaded by the SDK by its path. */
export const failureConverterPath = fileURLToPath(new URL('../../workflows/failure-converter.cjs', import.meta.url));

/** What clients and workers convert data with; the workflow bundle of an encrypted installation is made for it. */
export const dataConverter = (ring: KeyRing | null): DataConverter => ({
  payloadCodecs: [payloadCodec(ring)],
  ...(ring === null ? {} : { failureConverterPath }),
});
