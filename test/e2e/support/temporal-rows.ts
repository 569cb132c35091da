import pg from 'pg';

/**
 * Every row of Temporal's own databases in a cluster, as text in which bytes are bytes again. PostgreSQL packs large
 * values, so its files would hide what they hold.
 * @param url address of any database of the cluster, with the right to read all.
 */
export async function temporalRows(url: string): Promise<string> {
  const names = await ask(url, `select datname as one from pg_database where datname like 'temporal%'`);
  const texts: string[] = [];
  for (const name of names) {
    const database = new URL(url);
    database.pathname = `/${name}`;
    const tables = await ask(
      database.href,
      `select quote_ident(tablename) as one from pg_tables where schemaname = 'public'`,
    );
    for (const table of tables) texts.push(...(await ask(database.href, `select t::text as one from ${table} t`)));
  }
  return texts
    .join('\n')
    .replaceAll(/\\+x([0-9a-f]*)/g, (_, hex: string) => Buffer.from(hex, 'hex').toString('latin1'));
}

async function ask(url: string, query: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ one: string }>(query);
    return rows.map(({ one }) => one);
  } finally {
    await client.end();
  }
}
