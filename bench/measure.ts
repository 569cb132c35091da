/** Figures of repeated runs: quantiles, spread, so many at once, and two contenders in ABBA order. */

/** The value below which `share` (0 to 1) of the values lie; NaN for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1));
  return sorted[at] ?? Number.NaN;
}

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const upper = sorted[Math.floor(half)] ?? Number.NaN;
  return Number.isInteger(half) ? ((sorted[half - 1] ?? Number.NaN) + upper) / 2 : upper;
}

/** `1.04 (1.01–1.09)`: the median and the range that the values lie in. */
export const withSpread = (values: readonly number[], digits = 2): string =>
  `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)})`;

export interface Timed {
  /** Wall time of the whole block. */
  wallMs: number;
  /** Each unit of work from its begin to its end. */
  eachMs: number[];
}

/**
 * Does `work` `count` times, `width` of them at once, and times the whole and each. Begins nothing new after `mostMs`,
 * so that a slow machine ends as well.
 */
export async function inFlight(
  { count, width, mostMs = Infinity }: { count: number; width: number; mostMs?: number },
  work: (index: number) => Promise<unknown>,
): Promise<Timed> {
  const eachMs: number[] = [];
  let next = 0;
  const began = performance.now();
  const lane = async (): Promise<void> => {
    while (next < count && performance.now() - began < mostMs) {
      const from = performance.now();
      await work(next++);
      eachMs.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, lane));
  return { wallMs: performance.now() - began, eachMs };
}

/**
 * Runs A, B, B, A in every round, so that a machine that grows slower or faster favours neither. Answers the ratio
 * B ÷ A of each round.
 */
export async function abba(
  rounds: number,
  a: () => Promise<number>,
  b: () => Promise<number>,
): Promise<{ a: number[]; b: number[]; ratios: number[] }> {
  const taken = { a: [] as number[], b: [] as number[], ratios: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    const outer = [await a()];
    const inner = [await b(), await b()];
    outer.push(await a());
    taken.a.push(...outer);
    taken.b.push(...inner);
    taken.ratios.push(sumOf(inner) / sumOf(outer));
  }
  return taken;
}

export const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
