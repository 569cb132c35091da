/** The typed activity proxies: each system's queue, time limits and retries. Temporal is the only one who retries. */
import { proxyActivities, type ActivityOptions } from '@temporalio/workflow';
import type { Archean } from '../activities/archean/contract.js';
import type { BlueCherry } from '../activities/blue-cherry/contract.js';
import type { Claims } from '../activities/claims/contract.js';
import type { Desk } from '../activities/desk/contract.js';
import type { Intake } from '../activities/intake/contract.js';
import type { Mappings } from '../activities/mappings/contract.js';
import type { Postings } from '../activities/posting/contract.js';
import type { Standing } from '../activities/standing/contract.js';

/** One verb of a system; `executeWithOptions` takes the summary that the Web UI shows. */
export interface Call<I, O> {
  (input: I): Promise<O>;
  executeWithOptions(options: ActivityOptions, args: [I]): Promise<O>;
}
type Verbs<T> = {
  [V in keyof T]: T[V] extends () => Promise<infer O>
    ? Call<undefined, O>
    : T[V] extends (input: infer I) => Promise<infer O>
      ? Call<I, O>
      : never;
};

const LONGEST_SUMMARY = 180;

/** Calls a verb with the sentence that the Web UI's timeline shows for it. */
export const tell = <I, O>(summary: string, call: Call<I, O>, input: I): Promise<O> =>
  call.executeWithOptions({ summary: summary.slice(0, LONGEST_SUMMARY) }, [input]);

function system<T extends object>(prefix: string, options: ActivityOptions): Verbs<T> {
  const calls = proxyActivities<Record<string, (input: unknown) => Promise<unknown>>>(options);
  return new Proxy({} as Verbs<T>, { get: (_, verb) => calls[`${prefix}.${String(verb)}`] });
}

/**
 * Without limit: an ERP that is down for Sunday is not an error on Monday. Trouble and waits say themselves when to come
 * back; this interval is for attempts that died with their worker, and waits before them count as tries: so it is short.
 */
const patient = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 seconds' } as const;
const ours = {
  initialInterval: '200 milliseconds',
  backoffCoefficient: 2,
  maximumInterval: '10 seconds',
} as const;

export const blueCherry = system<BlueCherry>('blueCherry', {
  taskQueue: 'blue-cherry',
  startToCloseTimeout: '30 seconds',
  retry: patient,
});
export const archean = system<Archean>('archean', {
  taskQueue: 'archean',
  startToCloseTimeout: '30 seconds',
  retry: patient,
});
export const mappings = system<Pick<Mappings, 'placesOf'>>('mappings', {
  taskQueue: 'store',
  startToCloseTimeout: '60 seconds',
  retry: ours,
});
export const postings = system<Postings>('postings', {
  taskQueue: 'store',
  startToCloseTimeout: '15 seconds',
  retry: ours,
});
export const claims = system<Claims>('claims', {
  taskQueue: 'store',
  startToCloseTimeout: '30 seconds',
  retry: ours,
});
export const desk = system<Desk>('desk', {
  taskQueue: 'desk',
  startToCloseTimeout: '15 seconds',
  retry: ours,
});
export const intake = system<Intake>('intake', {
  taskQueue: 'intake',
  startToCloseTimeout: '60 seconds',
  retry: ours,
});
export const standing = system<Standing>('standing', {
  taskQueue: 'standing',
  startToCloseTimeout: '60 seconds',
  retry: ours,
});
