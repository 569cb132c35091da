/**
 * One attempt at a posting in a process of its own, with the built product. It tells its parent when it has come to the
 * point it was asked for and goes on when it is told, so that the parent can stop the process there.
 */
import { createBlueCherryActivities } from '../../../dist/activities/blue-cherry/index.js';
import { createBlueCherryClient } from '../../../dist/clients/blue-cherry/client.js';
import { createHttp } from '../../../dist/clients/http/index.js';
import { openStore } from '../../../dist/store/database.js';

const heard = () => new Promise((done) => process.once('message', done));
const { databaseUrl, erpUrl, apiKey, config, request, point } = await heard();

const store = openStore(databaseUrl, 2);
const http = createHttp({ baseUrl: erpUrl, timeoutMs: config.timeoutMs, headers: { 'x-api-key': apiKey } });
let stopped = false;
const { postStockAdjustment } = createBlueCherryActivities({
  store,
  client: createBlueCherryClient(http),
  config,
  raise: () => Promise.resolve(),
  pause: async (at) => {
    if (at !== point || stopped) return;
    stopped = true;
    const goOn = heard();
    process.send({ reached: at });
    await goOn;
  },
});

const outcome = await postStockAdjustment(request).then(
  (result) => ({ posted: result.documents.map((one) => one.number) }),
  (error) => ({ failed: error.type ?? error.message }),
);
process.send(outcome);
await store.close();
process.disconnect();
