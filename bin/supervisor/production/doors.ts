/** The ports of a production-shaped Temporal, the same ones at every start where they are free. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { allFree, lowPort } from '../ports.js';
import { SERVICES, type Ports, type Service } from './config.js';

const Remembered = z.object({
  grpc: z.record(z.enum(SERVICES), z.number()),
  membership: z.record(z.enum(SERVICES), z.number()),
  metrics: z.number(),
});
type Remembered = z.infer<typeof Remembered>;

/**
 * The frontend's port and the Web UI's as given; the others as `file` remembers them. A server that comes back elsewhere
 * counts as one more member for a while, and a share of the sagas is looked for at the one that is gone.
 */
export async function chooseDoors(file: string, at: { port: number; uiPort: number }): Promise<Ports> {
  const remembered = (await readFree(file)) ?? (await choose());
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(remembered));
  return { ...remembered, grpc: { ...remembered.grpc, frontend: at.port }, ui: at.uiPort };
}

async function readFree(file: string): Promise<Remembered | null> {
  if (!existsSync(file)) return null;
  try {
    const found = Remembered.parse(JSON.parse(readFileSync(file, 'utf8')));
    const ports = [...Object.values(found.grpc), ...Object.values(found.membership), found.metrics];
    return (await allFree(ports)) ? found : null;
  } catch {
    return null;
  }
}

async function choose(): Promise<Remembered> {
  const taken = new Set<number>();
  const next = async (): Promise<number> => {
    for (;;) {
      const port = await lowPort();
      if (taken.has(port)) continue;
      taken.add(port);
      return port;
    }
  };
  const each = async (): Promise<Record<Service, number>> => ({
    ...{ frontend: await next(), history: await next() },
    ...{ matching: await next(), worker: await next() },
  });
  return { grpc: await each(), membership: await each(), metrics: await next() };
}
