import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../bin/supervisor/paths.js';
import { EXPECTED_PATHS } from './expected-paths.js';
import { PATHS } from './paths.js';
import { RECEIPT_PATHS } from './receipt-paths.js';
import type { Path } from './paths.js';

/** Where the recorded histories are, a folder a process. */
export const HISTORIES = join(projectRoot, 'test', 'replay', 'histories');

const named = (process: string, paths: Record<string, Path>): [string, Path][] =>
  Object.entries(paths).map(([name, path]) => [`${process}/${name}`, path]);

/** Every path of which a history is kept: `return-to-stock/plain`. */
export const ALL_PATHS: ReadonlyMap<string, Path> = new Map([
  ...named('return-to-stock', PATHS),
  ...named('po-receipt', RECEIPT_PATHS),
  ...named('expected-receipt', EXPECTED_PATHS),
]);

export interface RecordedEvent {
  eventType: string;
  [attributes: string]: unknown;
}

/** Every recorded history by the name of its path. */
export function recordedHistories(): { name: string; text: string; events: RecordedEvent[] }[] {
  const files = readdirSync(HISTORIES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => {
    const text = readFileSync(join(HISTORIES, file), 'utf8');
    return {
      name: file.replace(/\.json$/, ''),
      text,
      events: (JSON.parse(text) as { events: RecordedEvent[] }).events,
    };
  });
}
