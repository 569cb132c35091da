/** Flags of a benchmark. */

/** The whole number after `--name`, or what it is unless given. Throws an Error for anything else. */
export function wholeOption(args: readonly string[], name: string, unless: number): number {
  const at = args.indexOf(`--${name}`);
  if (at < 0) return unless;
  const text = args[at + 1] ?? '';
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new Error(`--${name} is "${text}"; a whole number from 1 to 999999 is allowed`);
}
