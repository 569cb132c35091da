import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../bin/supervisor/paths.js';

/** Where the recorded histories of returns are. */
export const HISTORIES = join(projectRoot, 'test', 'replay', 'histories', 'return-to-stock');

export interface RecordedEvent {
  eventType: string;
  [attributes: string]: unknown;
}

/** Every recorded history by the name of its path. */
export function recordedHistories(): { name: string; text: string; events: RecordedEvent[] }[] {
  const files = readdirSync(HISTORIES).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => {
    const text = readFileSync(join(HISTORIES, file), 'utf8');
    return {
      name: file.replace(/\.json$/, ''),
      text,
      events: (JSON.parse(text) as { events: RecordedEvent[] }).events,
    };
  });
}
