import { createServer, connect } from 'node:net';

/** A port nobody listens on at this moment, on loopback. */
export function freePort(): Promise<number> {
  return listenOnce(0).then((port) => {
    if (port === null) throw new Error('this machine gave no free port on 127.0.0.1');
    return port;
  });
}

function listenOnce(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}

/** The wanted port or the next free one above it; after a hundred tries any free one. */
export async function portFrom(wanted: number): Promise<number> {
  for (let port = wanted; port < wanted + 100; port += 1) {
    if ((await listenOnce(port)) !== null) return port;
  }
  return freePort();
}

/** True when nobody listens on any of them. */
export async function allFree(ports: readonly number[]): Promise<boolean> {
  for (const port of ports) if ((await listenOnce(port)) === null) return false;
  return true;
}

const LOW_FROM = 15_000;
/** Below where the system takes the near ends of its own connections from, so nobody takes it while its owner restarts. */
const LOW_BELOW = 32_000;
const LOW_TRIES = 200;

/** A port nobody listens on, below 32768: Temporal's database holds the ports of its members in sixteen bits with a sign. */
export async function lowPort(): Promise<number> {
  for (let tries = 0; tries < LOW_TRIES; tries += 1) {
    const port = LOW_FROM + Math.floor(Math.random() * (LOW_BELOW - LOW_FROM));
    if ((await listenOnce(port)) !== null) return port;
  }
  throw new Error(`this machine gave no free port from ${LOW_FROM} to ${LOW_BELOW} on 127.0.0.1`);
}

/** True when something accepts connections there. */
export function accepts(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 1000 });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}
