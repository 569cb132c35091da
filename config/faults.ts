import type { z } from 'zod';

export interface Fault {
  /** File or environment, for example `config/policy.yaml`. */
  where: string;
  /** Dotted path of the key, empty for the whole. */
  key: string;
  found: string;
  allowed: string;
}

/** Every fault of the configuration in one go: path, key, what was found, what is allowed. */
export class ConfigError extends Error {
  readonly faults: readonly Fault[];
  constructor(faults: readonly Fault[]) {
    const lines = faults.map(
      ({ where, key, found, allowed }) => `  ${where}${key === '' ? '' : `: ${key}`}: found ${found}; ${allowed}`,
    );
    super(`the configuration has ${faults.length} fault${faults.length === 1 ? '' : 's'}:\n${lines.join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

const SHOWN_CHARACTERS = 80;

/** A value as a person would recognise it, shortened. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

function allowedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return 'no such key exists here';
    case 'invalid_value':
      return `allowed is ${issue.values.map((v) => shown(v)).join(', ')}`;
    case 'invalid_type':
      return `allowed is ${issue.expected}`;
    case 'too_small':
      return `allowed is ${issue.inclusive === false ? 'more than' : 'at least'} ${String(issue.minimum)}`;
    case 'too_big':
      return `allowed is at most ${String(issue.maximum)}`;
    default:
      return issue.message;
  }
}

/** A parser's issues as faults of one file. */
export function faultsOf(where: string, input: unknown, issues: readonly z.core.$ZodIssue[]): Fault[] {
  return issues.flatMap((issue) => {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [''];
    return unknown.map((name) => {
      const path = name === '' ? issue.path : [...issue.path, name];
      return {
        where,
        key: path.map(String).join('.'),
        found: shown(valueAt(input, path)),
        allowed: allowedBy(issue),
      };
    });
  });
}
