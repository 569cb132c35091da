/** docker-compose.yml as its readers see it: anchors merged, variables filled in. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectRoot } from '../../bin/supervisor/paths.js';

const Service = z.looseObject({
  image: z.string(),
  build: z.string().optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  secrets: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  restart: z.string().optional(),
  healthcheck: z.looseObject({ disable: z.boolean().optional() }).optional(),
  user: z.string().optional(),
});
export const Compose = z.looseObject({
  services: z.record(z.string(), Service),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
});
export type Compose = z.output<typeof Compose>;

/** The file as it stands, anchors merged. */
export const composeFile = (): unknown =>
  parse(readFileSync(join(projectRoot, 'docker-compose.yml'), 'utf8'), { merge: true });

/** `${NAME:-default}` and `${NAME:?words}` as compose fills them in; throws an Error with the words where it would stop. */
export function filled(text: string, env: Record<string, string>): string {
  return text.replace(/\$\{([A-Z_]+)(?::([-?])([^}]*))?\}/g, (_, name: string, mark?: string, rest?: string) => {
    const value = env[name] ?? '';
    if (value !== '') return value;
    if (mark === '?') throw new Error(`${name}: ${rest ?? ''}`);
    return rest ?? '';
  });
}

/** A service's environment with variables filled in and what is elsewhere here put in its place. */
export function environmentOf(
  { services }: Compose,
  name: string,
  env: Record<string, string>,
  here: readonly (readonly [string, string])[] = [],
): Record<string, string> {
  const found = services[name]?.environment ?? {};
  return Object.fromEntries(
    Object.entries(found).map(([key, value]) => [
      key,
      here.reduce((text, [there, replaced]) => text.replaceAll(there, replaced), filled(value, env)),
    ]),
  );
}
