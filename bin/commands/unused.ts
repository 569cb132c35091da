/** Whether servers that were given by the environment can take the day that is about to be played. */
import { connectTemporal } from '../../clients/temporal/index.js';
import { openStore, type Db } from '../../store/database.js';
import { Refused } from '../output.js';
import type { Environment } from '../supervisor/launch.js';
import { databaseShown } from './prepare.js';

/** True when this store has taken in events before. */
export async function holdsEvents(db: Db): Promise<boolean> {
  const row = await db.selectFrom('event').select('id').limit(1).executeTakeFirst();
  return row !== undefined;
}

async function countSagas(address: string, namespace: string): Promise<number> {
  const connected = await connectTemporal({ address, namespace });
  try {
    return (await connected.client.workflow.count("WorkflowType = 'returnToStock'")).count;
  } finally {
    await connected.close();
  }
}

/**
 * Refuses a day of its own on a store that holds events already, and any day on a Temporal namespace whose sagas
 * belong to another store: their numbers would meet, and nothing could be judged.
 */
export async function refuseUsed(environment: Environment, once: boolean): Promise<void> {
  const { DATABASE_URL: url = '', TEMPORAL_ADDRESS: address = '', TEMPORAL_NAMESPACE: namespace = '' } = environment;
  const store = openStore(url, 1);
  const used = await holdsEvents(store.db).finally(() => store.close());
  if (used && once) {
    throw new Refused(
      `--once plays a day of its own from nothing, and the database ${databaseShown(url)} holds the events of an ` +
        'earlier one. Give it an empty database (DATABASE_URL), or leave --once away to go on with this one.',
    );
  }
  const sagas = used ? 0 : await countSagas(address, namespace);
  if (sagas > 0) {
    throw new Refused(
      `The namespace ${namespace} of ${address} holds ${sagas} sagas of another store, while the database ` +
        `${databaseShown(url)} is empty. Give an unused namespace (TEMPORAL_NAMESPACE), or the database they belong to (DATABASE_URL).`,
    );
  }
}
