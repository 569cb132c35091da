/** How figures are printed: plain lines on standard output, the machine first, floors last. */
import { arch, cpus, platform, release, totalmem } from 'node:os';

export const print = (line = ''): void => void process.stdout.write(`${line}\n`);

/** Absolute figures mean something only together with the machine that made them. */
export function printMachine(): void {
  const [first] = cpus();
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  print(
    `Machine: ${cpus().length} × ${first?.model.trim() ?? 'unknown processor'}, ${memory} GB, ${platform()} ${release()} ${arch()}, Node ${process.versions.node}`,
  );
  print('Absolute figures belong to this machine and this moment.');
  print();
}

/** Columns of equal width; the first is left-aligned, the others right-aligned. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of [head, ...rows]) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    print(`  ${cells.join('  ')}`.trimEnd());
  }
  print();
}

export const ms = (value: number): string => `${value < 100 ? value.toFixed(1) : value.toFixed(0)} ms`;
export const seconds = (valueMs: number): string => `${(valueMs / 1000).toFixed(1)} s`;
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** One floor: what it is, what was seen, whether that holds. */
export interface Floor {
  holds: boolean;
  words: string;
}

export const floor = (holds: boolean, words: string): Floor => ({ holds, words });

/** Prints every floor and answers the exit code. */
export function judge(floors: readonly Floor[]): number {
  for (const { holds, words } of floors) print(`${holds ? 'holds' : 'BROKEN'}: ${words}`);
  return floors.every(({ holds }) => holds) ? 0 : 1;
}
