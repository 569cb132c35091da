/** Configuration of a production-shaped Temporal, as the files its programs read (facts/temporal.md 6.3, 7.1). */

/** Fixed for the life of the database; the compose stack has the same. */
export const HISTORY_SHARDS = 512;

const LOOPBACK = '127.0.0.1';
export const SERVICES = ['frontend', 'history', 'matching', 'worker'] as const;
export type Service = (typeof SERVICES)[number];

export interface Ports {
  /** Each service's own door, and where the members of the cluster hear each other. */
  grpc: Record<Service, number>;
  membership: Record<Service, number>;
  metrics: number;
  ui: number;
}

export interface DatabaseAt {
  port: number;
  user: string;
  /** The password is read from here when a connection is made, so no generated file holds it. */
  passwordFile: string;
}

/** Databases of Temporal's own: what it runs on, and what its lists of workflows are read from. */
export const TEMPORAL_DATABASE = 'temporal';
export const VISIBILITY_DATABASE = 'temporal_visibility';

/** `temporal-server --config-file`: PostgreSQL for both stores, 512 shards, every door on loopback. */
export function serverConfig(ports: Ports, database: DatabaseAt, dynamicConfigFile: string): unknown {
  const sql = (databaseName: string, maxConns: number): unknown => ({
    sql: {
      pluginName: 'postgres12',
      databaseName,
      connectAddr: `${LOOPBACK}:${database.port}`,
      connectProtocol: 'tcp',
      user: database.user,
      passwordCommand: { command: 'cat', args: [database.passwordFile] },
      maxConns,
      maxIdleConns: maxConns,
      maxConnLifetime: '1h',
    },
  });
  const service = (name: Service): unknown => ({
    rpc: { grpcPort: ports.grpc[name], membershipPort: ports.membership[name], bindOnIP: LOOPBACK },
  });
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: HISTORY_SHARDS,
      datastores: { default: sql(TEMPORAL_DATABASE, 20), visibility: sql(VISIBILITY_DATABASE, 5) },
    },
    global: {
      membership: { maxJoinDuration: '30s', broadcastAddress: LOOPBACK },
      metrics: { prometheus: { timerType: 'histogram', listenAddress: `${LOOPBACK}:${ports.metrics}` } },
    },
    services: Object.fromEntries(SERVICES.map((name) => [name, service(name)])),
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          ...{ enabled: true, initialFailoverVersion: 1 },
          ...{ rpcName: 'frontend', rpcAddress: `${LOOPBACK}:${ports.grpc.frontend}` },
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: dynamicConfigFile, pollInterval: '60s' },
  };
}

/**
 * What may change while the server runs; `temporal-server validate-dynamic-config` reads it before it is used. Nothing: the
 * poll settings that a development server needs bring nothing here. They bound the polls of each shard, and one shard has
 * every saga there, while 512 have a few each (three activities, side by side with and without: p50 262 and 227 ms, then
 * 287 and 327 ms).
 */
export const dynamicConfig = (): Record<string, { value: unknown }[]> => ({});

/** The Web UI's `<environment>.yaml`. */
export function uiConfig(ports: Ports, namespace: string): unknown {
  return {
    temporalGrpcAddress: `${LOOPBACK}:${ports.grpc.frontend}`,
    host: LOOPBACK,
    port: ports.ui,
    enableUi: true,
    defaultNamespace: namespace,
    disableNewsFetch: true,
    cors: { cookieInsecure: true, unsafeAllowAllOrigins: false, allowOrigins: [`http://${LOOPBACK}:${ports.ui}`] },
  };
}
