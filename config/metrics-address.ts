/** Where metrics are served: nowhere unless the environment says so. */
import { ConfigError, shown } from './faults.js';

/** Ours, of the whole installation, by ingress. */
export const METRICS = 'SELVEDGE_METRICS';
/** Temporal's, of one worker process each. */
export const TEMPORAL_METRICS = 'SELVEDGE_TEMPORAL_METRICS';

export interface MetricsAddress {
  host: string;
  /** The first free one of these is taken: workers of one machine share the setting. */
  ports: readonly number[];
}

const MOST_PORTS = 64;
const ADDRESS = /^(\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]{2,39}\]|localhost):(\d{1,5})(?:-(\d{1,5}))?$/i;

/** The address of a variable, or null when it is not set. @throws ConfigError for anything but `address:port[-port]`. */
export function metricsAddress(
  name: typeof METRICS | typeof TEMPORAL_METRICS,
  env: NodeJS.ProcessEnv,
): MetricsAddress | null {
  const text = env[name] ?? '';
  if (text === '') return null;
  const [, host = '', from = '', to = from] = ADDRESS.exec(text) ?? [];
  const first = Number(from);
  const last = Number(to);
  if (host === '' || last > 65_535 || last < first || last - first >= MOST_PORTS) {
    const allowed = `an address as 127.0.0.1:9464, or with up to ${MOST_PORTS} ports as 127.0.0.1:9465-9468, is allowed`;
    throw new ConfigError([{ where: 'environment', key: name, found: shown(text), allowed }]);
  }
  return {
    host: host.replace(/^\[|\]$/g, ''),
    ports: Array.from({ length: last - first + 1 }, (_, index) => first + index),
  };
}
