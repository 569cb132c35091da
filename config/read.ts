import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { faultsOf, shown, type Fault } from './faults.js';
import type { Profile } from './types.js';

const FILE_LIMIT_BYTES = 1_000_000;

export const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `over` wins key by key; lists are replaced whole. */
export function merge(base: unknown, over: unknown): unknown {
  if (!isMap(base) || !isMap(over)) return over === undefined ? base : over;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) merged[key] = merge(base[key], value);
  return merged;
}

/** One file with its `development:` section merged in or left away. A file that cannot be read is a fault, then null. */
export function readYaml(dir: string, name: string, profile: Profile, faults: Fault[]): unknown {
  const where = `config/${name}`;
  const fault = (found: string, allowed: string, key = ''): null => {
    faults.push({ where, key, found, allowed });
    return null;
  };
  let text: string;
  try {
    text = readFileSync(join(dir, name), 'utf8');
  } catch {
    return fault(`no readable file ${join(dir, name)}`, 'it must be there');
  }
  if (text.length > FILE_LIMIT_BYTES) return fault(`${text.length} bytes`, `at most ${FILE_LIMIT_BYTES} are allowed`);
  const document = parseDocument(text, { uniqueKeys: true });
  const broken = document.errors[0];
  if (broken !== undefined) return fault(broken.message.split('\n')[0] ?? 'broken YAML', 'valid YAML is allowed');
  const value: unknown = document.toJS({ maxAliasCount: 50 });
  if (!isMap(value)) return fault(shown(value), 'a map of keys is allowed');
  const { development, ...rest } = value;
  if (development !== undefined && development !== null && !isMap(development)) {
    return fault(shown(development), 'a map of keys is allowed', 'development');
  }
  if (name === 'policy.yaml') return sharedOverlay(rest, development, profile);
  return profile === 'development' ? merge(rest, development ?? undefined) : rest;
}

/** In policy.yaml the development values lie over the shared ones, below each policy's own. */
function sharedOverlay(rest: Record<string, unknown>, development: unknown, profile: Profile): unknown {
  if (profile !== 'development') return rest;
  return { ...rest, shared: merge(rest['shared'], development ?? undefined) };
}

/** The parsed file, or null with its faults collected. */
export function settle<S extends z.ZodType>(
  schema: S,
  name: string,
  input: unknown,
  faults: Fault[],
): z.output<S> | null {
  if (input === null) return null;
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  faults.push(...faultsOf(`config/${name}`, input, parsed.error.issues));
  return null;
}
