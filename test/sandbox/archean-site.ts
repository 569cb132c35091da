/** A stand-in of Archean on a socket, with a caller that holds a token. */
import { ArcheanToken } from '../../clients/archean/schema.js';
import type { ArcheanProfile } from '../../sandbox/archean/index.js';
import { playScenario } from '../../sandbox/scenarios/index.js';
import { eventually as polled } from '../support/eventually.js';
import { createSystems } from './scenario-systems.js';

/** A fact that must come within ten seconds: an assertion that holds. */
export const eventually = (fact: () => unknown): Promise<unknown> =>
  polled(async () => (await fact(), true), { within: 10_000 });

const closing: (() => Promise<unknown>)[] = [];
/** Closes every site a test opened. */
export const closeSites = (): Promise<unknown> => Promise.all(closing.splice(0).map((close) => close()));

/** A site with a played day of `returns`, and a caller that holds a token. */
export async function site(options: { returns?: number; profile?: ArcheanProfile; misbehave?: number } = {}) {
  const systems = createSystems(21, options.profile);
  const { returns = 0, misbehave = 0 } = options;
  await playScenario({ name: 'trading-day', seed: 21, returns, misbehave, spreadMs: 0, ...systems }).done;
  const url = await systems.archean.listen();
  closing.push(() => systems.archean.close());
  const token = async (form: Record<string, string> = {}): Promise<Response> =>
    fetch(`${url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials', client_id: 'us', client_secret: 'secret', ...form,
      }),
    }); // prettier-ignore
  let bearer = ArcheanToken.parse(await (await token()).json()).access_token;
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const renew = async () => {
    bearer = ArcheanToken.parse(await (await token()).json()).access_token;
  };
  return { ...systems, url, token, call, renew };
}
