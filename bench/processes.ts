/** What processes use, as Linux tells it under /proc; NaN where there is no such thing. */
import { existsSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second for programs, whatever its own clock. */
const TICK_MS = 10;

const readOr = (file: string, unless: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : unless);

/** Processor time a process has used since it began, in milliseconds. */
export function processorMs(pid: number): number {
  const fields = readOr(`/proc/${pid}/stat`, '').split(') ').at(-1)?.split(' ') ?? [];
  // Counted from the state, the first field behind the name: user time is the 12th, system time the 13th.
  return (Number(fields[11] ?? 'NaN') + Number(fields[12] ?? 'NaN')) * TICK_MS;
}

/** Memory a process holds now, and the most it ever held, in MB. */
export function residentMb(pid: number): { now: number; most: number } {
  const status = readOr(`/proc/${pid}/status`, '');
  const mb = (field: string): number =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 'NaN') / 1024;
  return { now: mb('VmRSS'), most: mb('VmHWM') };
}
