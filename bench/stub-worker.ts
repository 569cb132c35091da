/** A worker whose activities answer at once: a process of its own, as a real worker is. */
import { NativeConnection, Worker } from '@temporalio/worker';
import type { Intake } from '../activities/intake/contract.js';
import type { PostingRequest, PostingResult } from '../activities/posting/contract.js';
import { sayReady, untilAskedToStop } from '../bin/ready.js';
import { loadConfig } from '../config/load.js';
import type { ReturnDocument } from '../domain/return/document.js';
import { quietRuntime } from '../workers/main.js';
import { options } from '../workers/queues.js';

const [address = '', namespace = '', codePath = ''] = process.argv.slice(2);
const policy = loadConfig({ addresses: 'optional' }).policies['standard'];
if (policy === undefined) throw new Error('config/policy.yaml has no policy "standard"');

/** The kit hands the document on unread; a real one has the fields of its source. */
const document = { version: 1 } as ReturnDocument;

const intake: Pick<Intake, 'claim' | 'finish'> = {
  claim: () => Promise.resolve({ state: 'mine', version: 1, document, policy, earlier: [] }),
  finish: () => Promise.resolve({ done: true }),
};

const postStockAdjustment = ({ reference, document: { businessDate } }: PostingRequest): Promise<PostingResult> =>
  Promise.resolve({
    state: 'posted',
    documents: [
      {
        revision: 1,
        number: `ADJ-${reference.slice(-12)}`,
        externalRef: 'SV00000000000000000000000000',
        journal: 'verified',
        businessDate,
        adopted: false,
      },
    ],
  });

quietRuntime();
const connection = await NativeConnection.connect({ address });
const shared = { connection, namespace };
const workers = await Promise.all([
  Worker.create({ ...shared, taskQueue: 'sagas', ...options('sagas'), workflowBundle: { codePath } }),
  Worker.create({
    ...shared,
    taskQueue: 'intake',
    ...options('intake'),
    activities: { 'intake.claim': intake.claim, 'intake.finish': intake.finish },
  }),
  Worker.create({
    ...shared,
    taskQueue: 'blue-cherry',
    ...options('blue-cherry'),
    activities: { 'blueCherry.postStockAdjustment': postStockAdjustment },
  }),
]);
void untilAskedToStop().then(() => workers.forEach((worker) => worker.shutdown()));
const running = workers.map((worker) => worker.run());
sayReady({});
await Promise.all(running);
await connection.close();
