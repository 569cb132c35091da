/** Violence against running processes: kill -9, SIGSTOP for longer than any deadline, servers killed and restarted. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Installation } from './installation.js';

export interface Violence {
  /** Workers killed with -9. */
  kills: number;
  /** Workers stopped and continued. */
  stops: number;
  temporal: number;
  postgres: number;
  /** The doors of people and webhooks, killed with -9. */
  ingress: number;
  /** Time between two acts. */
  everyMs: number;
}

/** The long form of the acceptance (A4), and the short one of every test run. */
export const LONG: Violence = { kills: 40, stops: 10, temporal: 3, postgres: 3, ingress: 3, everyMs: 3_500 };
export const SHORT: Violence = { kills: 4, stops: 1, temporal: 1, postgres: 1, ingress: 1, everyMs: 3_500 };

/** Longer than send deadline and client time-out together (7 s); every third longer than an activity may take (30 s). */
const STOP_MS = 9_000;
const LONG_STOP_MS = 33_000;
const BACK_WITHIN_MS = 90_000;

type Act = 'kill' | 'stop' | 'temporal' | 'postgres' | 'ingress';

/** How often each act was done. */
export type Done = Record<Act, number>;

/** The acts in an order of the seed's own: servers and stops spread over the whole. */
function acts({ kills, stops, temporal, postgres, ingress }: Violence, seed: number): Act[] {
  const repeat = (act: Act, times: number): { act: Act; at: number }[] =>
    Array.from({ length: times }, (_, n) => ({ act, at: (n + fraction(seed, act.length + n)) / times }));
  return [
    ...repeat('kill', kills),
    ...repeat('stop', stops),
    ...repeat('temporal', temporal),
    ...repeat('postgres', postgres),
    ...repeat('ingress', ingress),
  ]
    .sort((a, b) => a.at - b.at)
    .map(({ act }) => act);
}

/** A number in 0..1 that follows from the seed. */
const fraction = (seed: number, n: number): number => {
  const x = Math.sin(seed * 12.9898 + n * 78.233) * 43_758.5453;
  return x - Math.floor(x);
};

const signal = (pid: number, name: NodeJS.Signals): boolean => {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
};

/** Waits until a process of this name runs under another pid than `before`. */
async function back(installation: Installation, name: string, before: number | null): Promise<number> {
  const deadline = Date.now() + BACK_WITHIN_MS;
  for (;;) {
    const pid = installation.pid(name);
    if (pid !== null && pid !== before && signal(pid, 0 as unknown as NodeJS.Signals)) return pid;
    if (Date.now() > deadline) throw new Error(`${name} did not come back within ${BACK_WITHIN_MS / 1000} s`);
    await sleep(100);
  }
}

interface Scene {
  installation: Installation;
  seed: number;
  say: (line: string) => void;
  /** Workers that stand still now. */
  stopped: Set<string>;
  continued: Promise<void>[];
  done: Done;
}

/** A worker that runs now; the kills go round, so that each is hit. */
async function worker(scene: Scene, n: number): Promise<{ name: string; pid: number }> {
  const { installation, stopped } = scene;
  const running = installation.workers.filter((name) => !stopped.has(name));
  const name = running[n % running.length];
  if (name === undefined) throw new Error('every worker is stopped: an installation under violence needs more');
  return { name, pid: await back(installation, name, null) };
}

async function act(scene: Scene, what: Act, n: number): Promise<void> {
  const { installation, stopped, say } = scene;
  if (what === 'kill') {
    const { pid } = await worker(scene, n);
    if (signal(pid, 'SIGKILL')) scene.done.kill += 1;
    return;
  }
  if (what === 'stop') {
    const { name, pid } = await worker(scene, n);
    if (!signal(pid, 'SIGSTOP')) return;
    stopped.add(name);
    scene.done.stop += 1;
    const ms = scene.done.stop % 3 === 0 ? LONG_STOP_MS : STOP_MS;
    const go = async (): Promise<void> => {
      await sleep(ms);
      signal(pid, 'SIGCONT');
      stopped.delete(name);
    };
    scene.continued.push(go());
    return;
  }
  const pid = installation.pid(what);
  if (pid === null || !signal(pid, 'SIGKILL')) throw new Error(`${what} is not running: it cannot be killed`);
  scene.done[what] += 1;
  const began = Date.now();
  await back(installation, what, pid);
  say(`  ${what} killed; back after ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

/** Does all of it, one act after the other, and ends when every stopped worker runs again. Answers what was done. */
export async function doViolence(
  installation: Installation,
  violence: Violence,
  seed: number,
  say: (line: string) => void,
): Promise<Done> {
  const scene: Scene = {
    installation,
    seed,
    say,
    stopped: new Set(),
    continued: [],
    done: { kill: 0, stop: 0, temporal: 0, postgres: 0, ingress: 0 },
  };
  const order = acts(violence, seed);
  try {
    for (const [n, what] of order.entries()) {
      const due = Date.now() + violence.everyMs;
      await act(scene, what, n);
      await sleep(Math.max(0, due - Date.now()));
    }
  } finally {
    await Promise.all(scene.continued);
  }
  return scene.done;
}
