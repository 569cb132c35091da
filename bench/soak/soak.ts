/** A seed soaked: its fault-free run first, then the same under faults, or killed and stopped, and the books compared. */
import { join } from 'node:path';
import { misbehave, planRefusals, type Plan } from './faults.js';
import { install, type Installation } from './installation.js';
import { doViolence, type Done, type Violence } from './kills.js';
import { begin, faultsOf, rest, seconds, type Load, type Rest, type Standing } from './run.js';

export interface SoakOptions extends Load {
  /** Where the installations keep their data and logs. */
  dir: string;
  workers: number;
  /** How many documents the ERP refuses for good. */
  refusals: number;
  /** Kills and stops besides; none without. */
  violence?: Violence;
  deadlineMs: number;
  say: (line: string) => void;
}

export interface Soaked {
  seed: number;
  /** Documents of ours in the books of the fault-free run. */
  documents: number;
  /** Cases open at the end, by code; those of the fault-free run included. */
  waiting: Record<string, number>;
  violence: Done | null;
  /** What is not as it must be, in words; empty when all is well. */
  faults: string[];
  tookMs: { calm: number; rough: number };
}

const STALLED_MS = 120_000;

/** Plays the seed without any fault: what the books must hold, and who is waited for. */
async function calmRun(options: SoakOptions): Promise<Rest> {
  const { dir, say } = options;
  const installation = await install({ dir: join(dir, 'calm'), workers: 1, say });
  try {
    const today = await begin(installation, load(options, false));
    const patience = { deadlineMs: options.deadlineMs, stalledMs: STALLED_MS, say };
    return await rest(installation, today, atRest, patience);
  } finally {
    await installation.close();
  }
}

const load = ({ seed, scenario, returns, receipts, spreadMs }: SoakOptions, rough: boolean): Load => ({
  ...{ seed, scenario, returns, receipts },
  ...(rough && spreadMs !== undefined ? { spreadMs } : {}),
});

/** A fault-free run is at rest when nothing moves and every open saga has a case. */
function atRest(standing: Standing): string[] {
  const asked = new Set(standing.cases.map(({ key }) => key));
  const waiting = [...asked].map((key) => ({ key, code: '' }));
  const own = { books: standing.books, refused: new Map<string, 'all'>(), waiting };
  return faultsOf({ ...standing, cases: waiting }, own);
}

/** Plays the seed roughly and waits until it has come out as the calm run did, less what was refused. */
async function roughRun(options: SoakOptions, calm: Standing, plan: Plan): Promise<Rest & { violence: Done | null }> {
  const { dir, say, seed } = options;
  const installation = await install({ dir: join(dir, 'rough'), workers: options.workers, say });
  let violent: Promise<Done> | null = null;
  try {
    const today = await begin(installation, load(options, true));
    await misbehave(installation, plan);
    violent = violenceOf(installation, options);
    const waiting = [...calm.cases, ...plan.waiting];
    const wanted = { books: calm.books, refused: plan.refused, waiting };
    const end = await rest(installation, today, (standing) => faultsOf(standing, wanted), {
      deadlineMs: options.deadlineMs,
      stalledMs: STALLED_MS,
      say,
      ...(violent === null ? {} : { until: violent }),
    });
    return { ...end, violence: violent === null ? null : await violent };
  } finally {
    say(`  logs of seed ${seed}: ${join(dir, 'rough', 'log')}`);
    await installation.close();
    await violent?.catch(() => undefined);
  }
}

function violenceOf(installation: Installation, { violence, seed, say }: SoakOptions): Promise<Done> | null {
  if (violence === undefined) return null;
  const done = doViolence(installation, violence, seed, say);
  done.catch(() => undefined);
  return done;
}

/** Soaks one seed. Throws when an installation does not start or a killed server does not come back. */
export async function soakSeed(options: SoakOptions): Promise<Soaked> {
  const { seed, say } = options;
  const calm = await calmRun(options);
  say(`seed ${seed}: fault-free in ${seconds(calm.tookMs)}, ${calm.standing.books.entries.size} documents`);
  const base = { seed, documents: calm.standing.books.entries.size };
  if (calm.faults.length > 0) {
    const faults = calm.faults.map((words) => `fault-free: ${words}`);
    return { ...base, waiting: {}, violence: null, faults, tookMs: { calm: calm.tookMs, rough: 0 } };
  }
  const asked = new Set([...calm.standing.cases.map(({ key }) => key), ...calm.standing.unfinished]);
  const plan = planRefusals(calm.standing.books, asked, seed, options.refusals);
  const missing = options.refusals - plan.waiting.length;
  const rough = await roughRun(options, calm.standing, plan);
  const waiting: Record<string, number> = {};
  for (const { code } of rough.standing.cases) waiting[code] = (waiting[code] ?? 0) + 1;
  return {
    ...base,
    waiting,
    violence: rough.violence,
    faults: [...(missing > 0 ? [`${missing} refusals found no document to refuse`] : []), ...rough.faults],
    tookMs: { calm: calm.tookMs, rough: rough.tookMs },
  };
}
