/** For programs that ask a search in another process: its findings as one line of JSON, its words on the error stream. */
export async function printFound(find) {
  try {
    process.stdout.write(`${JSON.stringify(await find((line) => process.stderr.write(`${line}\n`)))}\n`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
