// A container's health check: asks the address in SELVEDGE_HEALTH. Exit 0 when it answers 200, 1 with its words when not.
const WITHIN_MS = 4_000;

const address = process.env.SELVEDGE_HEALTH ?? '';
try {
  const reply = await fetch(address, { signal: AbortSignal.timeout(WITHIN_MS) });
  const words = await reply.text();
  if (!reply.ok) throw new Error(`${reply.status} ${words.slice(0, 500)}`);
} catch (error) {
  process.stderr.write(`${address}: ${error.cause?.message ?? error.message}\n`);
  process.exitCode = 1;
}
