import type { Stack } from './stack.js';

/** The stack once it runs, or null when a stop was asked for before: then it is stopped as soon as it has come up. */
export async function unlessStopped(starting: Promise<Stack>, stopAsked: Promise<unknown>): Promise<Stack | null> {
  const stack = await Promise.race([starting, stopAsked.then(() => null)]);
  if (stack === null) await starting.then((late) => late.stop()).catch(() => undefined);
  return stack;
}
