/** Connecting to Temporal, with a deadline on every call so that a dead address never hangs its caller. */
import { Client, Connection } from '@temporalio/client';
import { loadKeys } from '../../config/payload-keys.js';
import { dataConverter } from './codec.js';

export interface TemporalAddress {
  /** `host:port`. */
  address: string;
  namespace: string;
  /** File of the keys that payloads are encrypted with; else that of SELVEDGE_PAYLOAD_KEYS_FILE, else none. */
  keysFile?: string;
}

export interface TemporalClient {
  readonly client: Client;
  readonly close: () => Promise<void>;
}

/**
 * Opens a connection; throws an Error naming the address when nothing answers there within `timeoutMs`.
 * @throws ConfigError when the file of keys is wrong.
 */
export async function connectTemporal(at: TemporalAddress, timeoutMs = 10_000): Promise<TemporalClient> {
  const converter = dataConverter(loadKeys(at.keysFile));
  try {
    const connection = await Connection.connect({ address: at.address, connectTimeout: timeoutMs });
    return {
      client: new Client({ connection, namespace: at.namespace, dataConverter: converter }),
      close: () => connection.close(),
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`no Temporal server answers at ${at.address} (${why}); start one with "selvedge server"`, {
      cause: error,
    });
  }
}
