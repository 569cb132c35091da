/** Configuration, parsed once: `config/*.yaml` and the environment. A fault stops the program with all faults named. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { deskPage } from './desk-page.js';
import { ConfigError, shown, type Fault } from './faults.js';
import { ArcheanFile, BlueCherryFile, CalendarFile, DeskFile, PeopleFile, PolicyFile } from './files.js';
import { policyFrom, wholePolicies } from './policies.js';
import { readYaml, settle } from './read.js';
import { withSecretFiles } from './secrets.js';
import type { Config, Environment, PersonConfig, Profile } from './types.js';
import { limitOf, minutesOf } from './values.js';

export { ConfigError } from './faults.js';
export type { Config } from './types.js';

export interface LoadOptions {
  /** Folder of the yaml files; else SELVEDGE_CONFIG, else `config/` of the project. */
  dir?: string;
  env?: NodeJS.ProcessEnv;
  /** `optional` leaves missing addresses and secrets empty: for checking files alone. */
  addresses?: 'required' | 'optional';
}

/** The project folder: where package.json is, also when this runs from `dist/`. */
/** The folder that holds package.json, from the sources as from what was built of them. */
export function projectFolder(): string {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, 'package.json')) && dirname(dir) !== dir) dir = dirname(dir);
  return dir;
}

function profileOf(env: NodeJS.ProcessEnv, faults: Fault[]): Profile {
  const found = env['SELVEDGE_PROFILE'] ?? 'development';
  if (found === 'development' || found === 'production') return found;
  const allowed = 'allowed is "development", "production"';
  faults.push({ where: 'environment', key: 'SELVEDGE_PROFILE', found: shown(found), allowed });
  return 'production';
}

function environmentOf(env: NodeJS.ProcessEnv, required: boolean, faults: Fault[]): Environment {
  const text = (key: string): string => {
    const value = env[key] ?? '';
    if (value === '' && required) {
      faults.push({ where: 'environment', key, found: 'nothing', allowed: 'it must be set' });
    }
    return value;
  };
  const url = (key: string): string => {
    const value = text(key);
    if (value !== '' && !/^https?:$/.test(protocolOf(value))) {
      faults.push({
        where: 'environment',
        key,
        found: shown(value),
        allowed: 'an http or https address is allowed',
      });
    }
    return value.replace(/\/+$/, '');
  };
  const number = (key: 'SELVEDGE_BLUE_CHERRY_RATE' | 'SELVEDGE_BLUE_CHERRY_CONCURRENT', most: number) => {
    const value = env[key] ?? '';
    if (value === '' || (/^[1-9]\d*$/.test(value) && Number(value) <= most)) return value === '' ? null : Number(value);
    const allowed = `a whole number from 1 to ${most} is allowed`;
    faults.push({ where: 'environment', key, found: shown(value), allowed });
    return null;
  };
  return {
    blueCherryUrl: url('SELVEDGE_BLUE_CHERRY_URL'),
    blueCherryKey: text('SELVEDGE_BLUE_CHERRY_KEY'),
    blueCherryRate: number('SELVEDGE_BLUE_CHERRY_RATE', 10_000),
    blueCherryConcurrent: number('SELVEDGE_BLUE_CHERRY_CONCURRENT', 1000),
    archeanUrl: url('SELVEDGE_ARCHEAN_URL'),
    archeanClientId: text('SELVEDGE_ARCHEAN_CLIENT_ID'),
    archeanClientSecret: text('SELVEDGE_ARCHEAN_CLIENT_SECRET'),
    archeanWebhookSecret: text('SELVEDGE_ARCHEAN_WEBHOOK_SECRET'),
  };
}

function protocolOf(value: string): string {
  try {
    return new URL(value).protocol;
  } catch {
    return '';
  }
}

/** Reads and checks everything; throws ConfigError with every fault. */
export function loadConfig(options: LoadOptions = {}): Config {
  const env = withSecretFiles(options.env ?? process.env);
  const dir = resolve(options.dir ?? env['SELVEDGE_CONFIG'] ?? join(projectFolder(), 'config'));
  const faults: Fault[] = [];
  const profile = profileOf(env, faults);
  const read = (name: string): unknown => readYaml(dir, name, profile, faults);

  const blueCherry = settle(BlueCherryFile, 'blue-cherry.yaml', read('blue-cherry.yaml'), faults);
  const archean = settle(ArcheanFile, 'archean.yaml', read('archean.yaml'), faults);
  const calendar = settle(CalendarFile, 'calendar.yaml', read('calendar.yaml'), faults);
  const desk = settle(DeskFile, 'desk.yaml', read('desk.yaml'), faults);
  const people = settle(PeopleFile, 'people.yaml', read('people.yaml'), faults);
  const policies = settle(PolicyFile, 'policy.yaml', wholePolicies(read('policy.yaml'), faults), faults);
  const addresses = environmentOf(env, options.addresses !== 'optional', faults);
  const policy = env['SELVEDGE_POLICY'] ?? 'standard';
  if (!blueCherry || !archean || !calendar || !desk || !people || !policies) throw new ConfigError(faults);

  const files: Files = { blueCherry, archean, calendar, desk, people, policies };
  faults.push(...acrossFiles(files, policy));
  const config = assemble(files, { profile, policy, addresses, env }, faults);
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

interface Files {
  blueCherry: z.output<typeof BlueCherryFile>;
  archean: z.output<typeof ArcheanFile>;
  calendar: z.output<typeof CalendarFile>;
  desk: z.output<typeof DeskFile>;
  people: z.output<typeof PeopleFile>;
  policies: z.output<typeof PolicyFile>;
}

/** What no single file can know of itself. */
function acrossFiles({ policies, people }: Files, policy: string): Fault[] {
  const faults: Fault[] = [];
  if (!(policy in policies.policies)) {
    const allowed = `allowed is ${Object.keys(policies.policies).join(', ')}`;
    faults.push({ where: 'environment', key: 'SELVEDGE_POLICY', found: shown(policy), allowed });
  }
  const ids = people.people.map((person) => person.id);
  for (const id of new Set(ids.filter((name, index) => ids.indexOf(name) !== index))) {
    faults.push({
      where: 'config/people.yaml',
      key: 'people',
      found: `${id} twice`,
      allowed: 'each id once',
    });
  }
  return faults;
}

interface Chosen {
  profile: Profile;
  policy: string;
  addresses: Environment;
  env: NodeJS.ProcessEnv;
}

function assemble(files: Files, { profile, policy, addresses, env }: Chosen, faults: Fault[]): Config {
  const { archean, calendar, desk, people, policies } = files;
  const { feeds: erpFeeds, ...blueCherry } = files.blueCherry;
  const hours = calendar.businessHours;
  const context = {
    zone: calendar.zone,
    businessDayMs: (minutesOf(hours.to) - minutesOf(hours.from)) * 60_000,
    identity: desk.decisions.identity,
    site: blueCherry.site,
  };
  return {
    profile,
    policy,
    blueCherry: blueCherryConfig(blueCherry, addresses),
    archean: {
      url: addresses.archeanUrl,
      clientId: addresses.archeanClientId,
      clientSecret: addresses.archeanClientSecret,
      webhookSecret: addresses.archeanWebhookSecret,
      timeoutMs: archean.timeout,
      webhookToleranceMs: archean.webhookTolerance,
    },
    feeds: {
      ...mapValues(archean.feeds, ({ overlapSeq, ...feed }) => feedConfig(feed, overlapSeq)),
      ...mapValues(erpFeeds, ({ overlap, ...feed }) => feedConfig(feed, overlap)),
    },
    policies: mapValues(policies.policies, (body, name) => policyFrom(name, body, context, faults)),
    calendar,
    decisions: desk.decisions,
    desk: deskPage(desk.page, env, faults),
    people: people.people.map((person) => ({ ...person, limits: limitsOf(person, faults) })),
    notices: desk.notices,
    documentsDir: resolve(projectFolder(), desk.documentsDir),
  };
}

const feedConfig = (
  feed: { rhythm: number; silentAfter: number; pageSize: number },
  overlapSeq: number,
): Config['feeds'][string] => ({
  rhythmMs: feed.rhythm,
  silentAfterMs: feed.silentAfter,
  overlapSeq,
  pageSize: feed.pageSize,
});

const mapValues = <A, B>(map: Record<string, A>, change: (value: A, key: string) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));

function limitsOf(person: Files['people']['people'][number], faults: Fault[]): PersonConfig['limits'] {
  const { currency, ...limits } = person.limits;
  const minor = (key: keyof typeof limits): string | null =>
    limitOf(limits[key], currency, { where: 'config/people.yaml', key: `${person.id}.limits.${key}` }, faults)?.minor ??
    null;
  return { currency, document: minor('document'), customerDay: minor('customerDay'), day: minor('day') };
}

function blueCherryConfig(file: Omit<Files['blueCherry'], 'feeds'>, addresses: Environment): Config['blueCherry'] {
  const { timeout, maxRequestLife, sendDeadline, settlePoll, ...rest } = file;
  return {
    ...rest,
    ratePerSecond: addresses.blueCherryRate ?? file.ratePerSecond,
    concurrent: addresses.blueCherryConcurrent ?? file.concurrent,
    url: addresses.blueCherryUrl,
    key: addresses.blueCherryKey,
    timeoutMs: timeout,
    maxRequestLifeMs: maxRequestLife,
    sendDeadlineMs: sendDeadline,
    settlePollMs: settlePoll,
    lookupBounded: file.site.lookupBounded,
  };
}
