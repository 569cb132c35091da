import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.js';

/** How long a closed saga can still be looked at in the Web UI, in days: here, and where the money is real. */
const RETENTION_DAYS = 30;
/** Over the close of a month and the questions after it (facts/temporal.md 7.5). */
export const PRODUCTION_RETENTION_DAYS = 60;
const DAY_SECONDS = 24 * 3600;
/** IndexedValueType of Temporal's API for each kind we use. */
const KINDS: Record<string, number> = {
  TEXT: 1,
  KEYWORD: 2,
  INT: 3,
  DOUBLE: 4,
  BOOL: 5,
  DATETIME: 6,
  KEYWORD_LIST: 7,
};
/** The same kinds as `temporal server start-dev --search-attribute` spells them. */
const CLI_KINDS: Record<string, string> = {
  TEXT: 'Text', KEYWORD: 'Keyword', INT: 'Int', DOUBLE: 'Double', BOOL: 'Bool', DATETIME: 'Datetime', KEYWORD_LIST: 'KeywordList',
}; // prettier-ignore

const wanted = Object.values(SEARCH_ATTRIBUTES).map(({ name, type }) => ({ name, type: String(type) }));

/** Arguments that register our search attributes while a development server creates its namespace. */
export const searchAttributeArgs = (): string[] =>
  wanted.flatMap(({ name, type }) => ['--search-attribute', `${name}=${CLI_KINDS[type] ?? 'Keyword'}`]);

/** True when a server answers there and knows the namespace. */
export async function namespaceAnswers(address: string, namespace: string): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: '2s' });
  try {
    await connection.workflowService.describeNamespace({ namespace });
    return true;
  } finally {
    await connection.close();
  }
}

/**
 * Registers the namespace and our search attributes on any server; safe to repeat. Answers what it had to make. An
 * attribute that exists with another kind is refused: sagas could not write it. A retention below `retentionDays` is
 * raised, a longer one stays.
 */
export async function setUpNamespace(
  address: string,
  namespace: string,
  retentionDays = RETENTION_DAYS,
): Promise<string[]> {
  const connection = await connectOrExplain(address);
  try {
    const made: string[] = [];
    if (await makeNamespace(connection, namespace, retentionDays)) made.push(`namespace ${namespace}`);
    for (const name of await makeAttributes(connection, namespace)) made.push(`search attribute ${name}`);
    return made;
  } finally {
    await connection.close();
  }
}

async function connectOrExplain(address: string): Promise<Connection> {
  try {
    return await Connection.connect({ address, connectTimeout: '10s' });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`no Temporal server answers at ${address} (${why}). Is TEMPORAL_ADDRESS right?`, { cause: error });
  }
}

async function makeNamespace(connection: Connection, namespace: string, retentionDays: number): Promise<boolean> {
  const retention = msToTs(retentionDays * DAY_SECONDS * 1000);
  const known = await connection.workflowService.describeNamespace({ namespace }).catch(() => null);
  if (known === null) {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: retention,
    });
    await untilKnown(connection, namespace);
    return true;
  }
  const kept = Number(known.config?.workflowExecutionRetentionTtl?.seconds ?? 0);
  if (kept < retentionDays * DAY_SECONDS) {
    await connection.workflowService.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: retention },
    });
  }
  return false;
}

async function untilKnown(connection: Connection, namespace: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    const found = await connection.operatorService.listSearchAttributes({ namespace }).catch(() => null);
    if (found !== null) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`the Temporal server does not show the namespace ${namespace} 20 s after it was registered`);
}

async function makeAttributes(connection: Connection, namespace: string): Promise<string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const present = new Map(Object.entries(customAttributes ?? {}));
  const wrong = wanted.filter((w) => present.has(w.name) && present.get(w.name) !== KINDS[w.type]);
  if (wrong.length > 0) {
    throw new Error(
      `namespace ${namespace} has ${wrong.map((w) => w.name).join(', ')} with another kind than ours ` +
        `(wanted ${wrong.map((w) => `${w.name}: ${w.type}`).join(', ')}). Use another namespace (TEMPORAL_NAMESPACE).`,
    );
  }
  const missing = wanted.filter((w) => !present.has(w.name));
  if (missing.length === 0) return [];
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map((w) => [w.name, KINDS[w.type] ?? 2])),
  });
  return missing.map((w) => w.name);
}
