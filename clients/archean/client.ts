/** Archean R247 in its own words: what its interface answers, parsed; no business meaning (facts/archean-r247.md 3.2, 3.3). */
import type { z } from 'zod';
import { HttpFailure, type Http, type HttpRequest, type HttpResponse } from '../http/index.js';
import { ArcheanFailure, retryAfterOf } from './failure.js';
import {
  ArcheanLocationList,
  ArcheanGoodsInPage,
  ArcheanMovementPage,
  ArcheanReturnPage,
  ArcheanStockPage,
  ArcheanToken,
} from './schema.js';
import { sortGoodsInReply, type GoodsInAmendment, type GoodsInReply, type GoodsInWrite } from './writes.js';

export { ArcheanFailure, type ArcheanTrouble } from './failure.js';

export interface ArcheanPage {
  /** Unparsed: the caller reads them one by one, so that a bad row does not hide its neighbours. */
  rows: unknown[];
  lastSeq: number;
  hasMore: boolean;
}

export interface ArcheanClient {
  /** At most 200 rows after a seq, in order of seq. */
  returnsAfter(afterSeq: number, limit: number): Promise<ArcheanPage>;
  movementsAfter(afterSeq: number, limit: number): Promise<ArcheanPage>;
  goodsInAfter(afterSeq: number, limit: number): Promise<ArcheanPage>;
  findGoodsIn(id: string): Promise<unknown>;
  /** The record a reference of ours was first used for, as it stands now, unparsed; undefined when it was never used. */
  findGoodsInBy(externalRef: string): Promise<unknown>;
  /** Announces goods to come, amends what was announced, takes it back. */
  expectGoodsIn(write: GoodsInWrite): Promise<GoodsInReply>;
  amendGoodsIn(id: string, write: GoodsInAmendment): Promise<GoodsInReply>;
  cancelGoodsIn(id: string): Promise<GoodsInReply>;
  /** The newest version, unparsed; undefined when the system knows no such return. */
  findReturn(returnNo: string): Promise<unknown>;
  findMovement(id: string): Promise<unknown>;
  locations(): Promise<z.infer<typeof ArcheanLocationList>['locations']>;
  /** One page of stock; `asOfSeq` differs between pages when the snapshot is not consistent. */
  stock(query: { location?: string; cursor?: string }): Promise<z.infer<typeof ArcheanStockPage>>;
}

export interface ArcheanCredentials {
  clientId: string;
  clientSecret: string;
}

/** A token is renewed this long before its end, so that a request begun with it still arrives in time. */
const RENEW_BEFORE_MS = 30_000;

interface Held {
  token: string;
  until: number;
}

/** Builds a client over `http`. It keeps one token, renews it before its end, and once more after a 401. */
export function createArcheanClient(http: Http, credentials: ArcheanCredentials): ArcheanClient {
  let held: Promise<Held> | undefined;
  // Whoever finds a token stale renews it, unless somebody did meanwhile.
  const renew = (stale: Promise<Held> | undefined): Promise<Held> => {
    if (held !== undefined && held !== stale) return held;
    const fetching = fetchToken(http, credentials);
    held = fetching;
    fetching.catch(() => {
      if (held === fetching) held = undefined;
    });
    return fetching;
  };
  const exchange = async (request: HttpRequest): Promise<HttpResponse> => {
    const known = held ?? renew(undefined);
    const using = (await known).until > Date.now() ? known : renew(known);
    const answer = await send(http, request, (await using).token);
    if (answer.status !== 401) return answer;
    return send(http, request, (await renew(using)).token);
  };
  return {
    ...operations((path, query) => exchange({ method: 'GET', path, query })),
    ...writes((path, json) => exchange({ method: 'POST', path, json })),
  };
}

type Get = (path: string, query: Record<string, string | number | undefined>) => Promise<HttpResponse>;
type Post = (path: string, json: object) => Promise<HttpResponse>;
type Writes = Pick<ArcheanClient, 'expectGoodsIn' | 'amendGoodsIn' | 'cancelGoodsIn'>;

function writes(post: Post): Writes {
  const write = async (path: string, json: object): Promise<GoodsInReply> =>
    sortGoodsInReply(await post(path, json), path);
  const part = encodeURIComponent;
  return {
    expectGoodsIn: (announcement) => write('/goods-in', announcement),
    amendGoodsIn: (id, amendment) => write(`/goods-in/${part(id)}/amend`, amendment),
    cancelGoodsIn: (id) => write(`/goods-in/${part(id)}/cancel`, {}),
  };
}

function operations(get: Get): Omit<ArcheanClient, keyof Writes> {
  const one = async (path: string): Promise<unknown> => {
    const answer = await get(path, {});
    return answer.status === 404 ? undefined : jsonOf(answer, path);
  };
  return {
    returnsAfter: async (afterSeq, limit) => {
      const page = read(ArcheanReturnPage, await get('/returns', { afterSeq, limit }), '/returns');
      return { rows: page.returns, lastSeq: page.lastSeq, hasMore: page.hasMore };
    },
    movementsAfter: async (afterSeq, limit) => {
      const page = read(ArcheanMovementPage, await get('/movements', { afterSeq, limit }), '/movements');
      return { rows: page.movements, lastSeq: page.lastSeq, hasMore: page.hasMore };
    },
    goodsInAfter: async (afterSeq, limit) => {
      const page = read(ArcheanGoodsInPage, await get('/goods-in', { afterSeq, limit }), '/goods-in');
      return { rows: page.goodsIn, lastSeq: page.lastSeq, hasMore: page.hasMore };
    },
    findGoodsIn: (id) => one(`/goods-in/${encodeURIComponent(id)}`),
    findGoodsInBy: async (externalRef) =>
      read(ArcheanGoodsInPage, await get('/goods-in', { externalRef }), '/goods-in').goodsIn[0],
    findReturn: (returnNo) => one(`/returns/${encodeURIComponent(returnNo)}`),
    findMovement: (id) => one(`/movements/${encodeURIComponent(id)}`),
    locations: async () => read(ArcheanLocationList, await get('/locations', {}), '/locations').locations,
    stock: async (query) => read(ArcheanStockPage, await get('/stock', query), '/stock'),
  };
}

async function fetchToken(http: Http, credentials: ArcheanCredentials): Promise<Held> {
  const form = {
    grant_type: 'client_credentials',
    client_id: credentials.clientId,
    client_secret: credentials.clientSecret,
  };
  const answer = await over(http.request({ method: 'POST', path: '/oauth/token', form }));
  if (answer.status === 400 || answer.status === 401 || answer.status === 403)
    throw new ArcheanFailure(
      'unauthorised',
      `Archean gives no token (status ${answer.status}): check SELVEDGE_ARCHEAN_CLIENT_ID and SELVEDGE_ARCHEAN_CLIENT_SECRET`,
    );
  const token = read(ArcheanToken, answer, '/oauth/token');
  const lifeMs = token.expires_in * 1000;
  return { token: token.access_token, until: Date.now() + Math.max(lifeMs - RENEW_BEFORE_MS, lifeMs / 2) };
}

const send = (http: Http, request: HttpRequest, token: string): Promise<HttpResponse> =>
  over(http.request({ ...request, headers: { authorization: `Bearer ${token}` } }));

async function over(exchange: Promise<HttpResponse>): Promise<HttpResponse> {
  try {
    return await exchange;
  } catch (error) {
    if (error instanceof HttpFailure) throw new ArcheanFailure(error.kind, error.message, undefined, { cause: error });
    throw error;
  }
}

/** The JSON of a good answer; every other status becomes the kind it belongs to. */
function jsonOf(answer: HttpResponse, path: string): unknown {
  const { status } = answer;
  if (status >= 200 && status < 300) {
    try {
      return JSON.parse(answer.body) as unknown;
    } catch (cause) {
      throw new ArcheanFailure('malformed', `GET ${path} of Archean answered no JSON`, undefined, { cause });
    }
  }
  if (status === 401 || status === 403)
    throw new ArcheanFailure('unauthorised', `Archean refuses our token for GET ${path} (status ${status})`);
  if (status === 429 || status === 503)
    throw new ArcheanFailure('busy', `Archean is busy (status ${status})`, retryAfterOf(answer));
  if (status >= 500) throw new ArcheanFailure('no-reply', `Archean failed at GET ${path} (status ${status})`);
  throw new ArcheanFailure('refused', `Archean refused GET ${path} (status ${status})`);
}

function read<T extends z.ZodType>(schema: T, answer: HttpResponse, path: string): z.infer<T> {
  const parsed = schema.safeParse(jsonOf(answer, path));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ArcheanFailure(
    'malformed',
    `GET ${path} of Archean answered what does not fit: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
  );
}
