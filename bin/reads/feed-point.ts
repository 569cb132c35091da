/**
 * From where a feed starts or reads again: a number of its source, a day, or now; always a sequence number in the end. Where
 * a source is ordered by time, its numbers are milliseconds since 1970.
 */
import { businessDateOf, instantAt } from '../../domain/business-date.js';
import { purchaseOrderReads } from '../../activities/blue-cherry/order-reads.js';
import { createArcheanClient } from '../../clients/archean/client.js';
import { createBlueCherryClient } from '../../clients/blue-cherry/client.js';
import { createHttp } from '../../clients/http/index.js';
import type { Config } from '../../config/load.js';
import { SOURCES, type FeedSource, type Systems } from '../../activities/intake/sources/index.js';
import type { Db } from '../../store/database.js';
import { Refused, WrongUsage } from '../output.js';

export type Point = { kind: 'seq'; seq: number } | { kind: 'now' } | { kind: 'day'; day: string };

/** Reads `--from`. @throws WrongUsage naming the three forms. */
export function pointOf(text: string): Point {
  if (/^\d{1,15}$/.test(text)) return { kind: 'seq', seq: Number(text) };
  if (text === 'now') return { kind: 'now' };
  const real = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
  if (real && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text)) return { kind: 'day', day: text };
  throw new WrongUsage(
    `--from is "${text.slice(0, 40)}"; allowed are a sequence number of the source (0 is its beginning), "now", or a date as yyyy-mm-dd`,
  );
}

const PAGE = 200;
const MOST_PAGES = 20_000;

/**
 * The sequence number that a point stands for: rows up to it are left out. For a day it is the last one before the first
 * row that happened on that day or later, in the company's zone; the source is paged through to find it.
 * @throws Refused when the feed is unknown or its source cannot be read.
 */
export async function seqOf(point: Point, feed: string, config: Config, db: Db): Promise<number> {
  if (point.kind === 'seq') return point.seq;
  const source = SOURCES[feed];
  if (source === undefined)
    throw new Refused(`There is no feed "${feed}". The feeds are ${Object.keys(SOURCES).join(', ')}.`);
  const [url, variable] =
    source.source === 'archean'
      ? [config.archean.url, 'SELVEDGE_ARCHEAN_URL']
      : [config.blueCherry.url, 'SELVEDGE_BLUE_CHERRY_URL'];
  if (url === '') throw new Refused(`Nobody says where the source is: set ${variable}, or give a sequence number.`);
  try {
    return await look(point, source, config, db);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refused(`The source of ${feed} could not be read (${why}). Give a sequence number, or try again.`, {
      cause: error,
    });
  }
}

/** The systems as the feed's own rounds read them. One without an address is never asked. */
function systemsOf({ archean, blueCherry }: Config, db: Db): Systems {
  const way = (baseUrl: string, timeoutMs: number, headers: Record<string, string> = {}) =>
    createHttp({ baseUrl: baseUrl === '' ? 'http://unset.invalid' : baseUrl, timeoutMs, headers });
  const erp = createBlueCherryClient(way(blueCherry.url, blueCherry.timeoutMs, { 'x-api-key': blueCherry.key }));
  return {
    archean: createArcheanClient(way(archean.url, archean.timeoutMs), archean),
    blueCherry: purchaseOrderReads({ store: { db }, config: blueCherry }, erp),
  };
}

async function look(
  point: Exclude<Point, { kind: 'seq' }>,
  source: FeedSource,
  config: Config,
  db: Db,
): Promise<number> {
  const { calendar } = config;
  const systems = systemsOf(config, db);
  const begin = point.kind === 'day' ? instantAt(point.day, '00:00', calendar.zone) : Infinity;
  let after = 0;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await source.page(systems, after, PAGE);
    const rows = page.rows.map((raw) => source.event(raw, calendar.zone, new Date()));
    const first = rows.find((row) => row.sourceTime !== null && Date.parse(row.sourceTime) >= begin);
    if (first !== undefined) return first.seq - 1;
    after = Math.max(after, page.lastSeq);
    if (!page.hasMore) return after;
  }
  throw new Error(`it has more than ${MOST_PAGES * PAGE} rows`);
}

/** A point in words, for the answer. */
export const pointText = (point: Point, seq: number, zone: string): string =>
  point.kind === 'seq'
    ? `number ${seq}`
    : point.kind === 'now'
      ? `now, which is number ${seq} (${businessDateOf(new Date().toISOString(), zone)})`
      : `${point.day}, which is after number ${seq}`;
