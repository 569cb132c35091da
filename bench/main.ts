/** `npm run bench -- <scenario>`: one benchmark, its own figures, exit 1 under a floor. */
import { bare } from './bare.js';
import { cold } from './cold.js';
import { desk } from './desk.js';
import { edi } from './edi.js';
import { ediHostile } from './edi-hostile.js';
import { print, printMachine } from './report.js';
import { sagaOverhead } from './saga-overhead.js';
import { waiting } from './waiting.js';

const SCENARIOS: Record<string, { run: (args: string[]) => Promise<number>; does: string }> = {
  bare: {
    run: bare,
    does: 'a workflow of three activities without us: per second, p50 and p95 at 1, 16, 64 in flight',
  },
  'saga-overhead': { run: sagaOverhead, does: 'the kit against the same workflow without it; the parts of a return' },
  cold: {
    run: cold,
    does: 'a bare clone to its first finished saga, by stage; --empty-caches fetches everything anew',
  },
  desk: {
    run: desk,
    does: 'the desk over HTTP with 10,000 open and 50,000 ended cases: median and p95 by page; --open n, --ended n, --looks n',
  },
  edi: {
    run: edi,
    does: 'reading X12 against node-x12 and x12-parser, memory from 8 to 200 MB, the writer; --rounds n, --large MB',
  },
  'edi-hostile': {
    run: ediHostile,
    does: 'hostile X12 files at n, 2n and 4n: processor time grows no faster than n to the 1.4; --scale n',
  },
  waiting: {
    run: waiting,
    does: '2,000 returns that wait for posting: reads a cycle, memory of a worker; --returns n',
  },
};

async function main(): Promise<number> {
  const [name = '', ...args] = process.argv.slice(2);
  const scenario = Object.hasOwn(SCENARIOS, name) ? SCENARIOS[name] : undefined;
  if (scenario === undefined) {
    print(name === '' ? 'Which benchmark?' : `There is no benchmark "${name}".`);
    for (const [known, { does }] of Object.entries(SCENARIOS)) print(`  npm run bench -- ${known.padEnd(14)} ${does}`);
    return 2;
  }
  print(`${name}: ${scenario.does}`);
  printMachine();
  return scenario.run(args);
}

try {
  // Exit by itself would wait for sockets that the libraries keep alive.
  process.exit(await main());
} catch (error) {
  // For the same reason not by itself; the floor that broke, or the fault, is said first.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
