/** Takes out of a history who did something and where: names of machines, customers and people (payloads included). */
import { projectRoot } from '../../bin/supervisor/paths.js';

const PERSON = /\b(CUST-[\w-]+|C\d{4,}|clerk-\w+|(?:fin|wh|ops|eco|int|buy|pay)-(?:\d+|lead))\b/g;

/** Process and host, as the SDK names a worker and its own task queue. */
const MACHINE = /^\d+@/;

/** Where libraries are installed, which need not be below the project. */
const LIBRARIES = /(?:file:\/\/)?\/[^\s():]*?\/node_modules\//g;

/** The same name always becomes the same placeholder, so that what is compared stays equal. */
function pseudonyms(): (text: string) => string {
  const known = new Map<string, string>();
  // Stack traces name files; where the project lies on the machine that recorded them is nobody's business.
  return (text) =>
    plain(text).replace(PERSON, (name) => {
      const pseudonym = known.get(name) ?? `someone-${known.size + 1}`;
      known.set(name, pseudonym);
      return pseudonym;
    });
}

const plain = (text: string): string => text.replaceAll(`${projectRoot}/`, '').replace(LIBRARIES, 'node_modules/');

const isPayload = (value: object): value is { data: string; metadata: Record<string, string> } =>
  'metadata' in value && 'data' in value && typeof value.data === 'string';

/** Events of a history with placeholders; base64 payloads are opened and closed again. */
export function scrubbed<T>(events: T): T {
  const named = pseudonyms();
  const walk = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string') return key === 'identity' || MACHINE.test(value) ? 'worker' : named(value);
    if (Array.isArray(value)) return value.map((each) => walk(each));
    if (typeof value !== 'object' || value === null) return value;
    if (isPayload(value)) {
      const text = named(Buffer.from(value.data, 'base64').toString('utf8'));
      return { ...value, data: Buffer.from(text, 'utf8').toString('base64') };
    }
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, walk(each, name)]));
  };
  return walk(events) as T;
}

/** Everything a reader of a history could read: its text, and its payloads opened. */
export function readable(text: string): string {
  const opened = [...text.matchAll(/"data":"([A-Za-z0-9+/=]+)"/g)].map(([, data]) =>
    Buffer.from(data ?? '', 'base64').toString('utf8'),
  );
  return [text, ...opened].join('\n');
}
