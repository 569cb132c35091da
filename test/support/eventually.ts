/**
 * Polls for a fact until it holds and answers it; `undefined`, `null` and `false` mean "not yet", and so does an
 * assertion that throws. At the deadline it throws the last failure, so that the test says what was missing.
 * @param within milliseconds; @param every milliseconds between looks.
 */
export async function eventually<T>(
  fact: () => Promise<T> | T,
  { within, every = 25 }: { within: number; every?: number },
): Promise<Exclude<T, undefined | null | false>> {
  const deadline = Date.now() + within;
  let last: unknown = new Error('the fact stayed false');
  for (;;) {
    try {
      const found = await fact();
      if (found !== undefined && found !== null && found !== false) {
        return found as Exclude<T, undefined | null | false>;
      }
    } catch (error) {
      last = error;
    }
    if (Date.now() >= deadline) {
      const why = last instanceof Error ? last.message : String(last);
      throw new Error(`not within ${within} ms: ${why}`, { cause: last });
    }
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}
