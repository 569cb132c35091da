// Watches the program that started it: its standard input is a pipe from that program. When the pipe ends, however the
// program died, every process named on it is asked to stop, then killed, within ten seconds.
// Lines: {"add":pid,"signal":"SIGTERM"} {"drop":pid} {"file":path} {"dir":path}
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const GRACE_MS = 6000;
const POLL_MS = 100;

/** @type {Map<number, string>} pid of a process group → the signal that asks it to stop */
const processes = new Map();
const files = new Set();
const dirs = new Set();

/** Signals the group a child leads; a child that leads none is signalled alone. */
function signal(pid, name) {
  try {
    process.kill(-pid, name);
  } catch {
    try {
      process.kill(pid, name);
    } catch {
      // already gone
    }
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function takeLine(line) {
  let order;
  try {
    order = JSON.parse(line);
  } catch {
    return; // half a line: the writer died while writing it
  }
  if (order.add) processes.set(order.add, order.signal ?? 'SIGTERM');
  if (order.drop) processes.delete(order.drop);
  if (order.file) files.add(order.file);
  if (order.dir) dirs.add(order.dir);
}

async function endAll() {
  for (const [pid, name] of processes) {
    signal(pid, name);
    signal(pid, 'SIGCONT'); // a stopped process would not hear anything else
  }
  const deadline = Date.now() + GRACE_MS;
  while (Date.now() < deadline && [...processes.keys()].some(alive)) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  for (const pid of processes.keys()) if (alive(pid)) signal(pid, 'SIGKILL');
  // Only now: whoever finds the files knows that something may still be running.
  for (const file of files) rmSync(file, { force: true });
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  // Its signals are ignored and its input may still be open: nothing else would end it.
  process.exit(0);
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => undefined);
createInterface({ input: process.stdin }).on('line', takeLine).on('close', endAll);
