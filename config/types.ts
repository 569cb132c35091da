import type { Role } from '../domain/failures.js';
import type { Policy } from '../domain/policy.js';

export type Profile = 'development' | 'production';

/** Addresses and secrets; they never stand in a file. */
export interface Environment {
  blueCherryUrl: string;
  blueCherryKey: string;
  /** In place of blue-cherry.yaml's, for an ERP whose rate was lifted; `null` leaves the file's. */
  blueCherryRate: number | null;
  blueCherryConcurrent: number | null;
  archeanUrl: string;
  archeanClientId: string;
  archeanClientSecret: string;
  archeanWebhookSecret: string;
}

export interface PersonConfig {
  id: string;
  name: string;
  roles: Role[];
  mail: string;
  /** SHA-256 of the person's key, hex. */
  keyDigest: string;
  /** Minor units of `currency` as text; `null` is no limit. */
  limits: { currency: string; document: string | null; customerDay: string | null; day: string | null };
}

/** The whole configuration as every part of the product reads it. Times are milliseconds. */
export interface Config {
  profile: Profile;
  blueCherry: {
    tenant: string;
    url: string;
    key: string;
    ratePerSecond: number;
    concurrent: number;
    timeoutMs: number;
    maxRequestLifeMs: number;
    sendDeadlineMs: number;
    settlePollMs: number;
    lookupBounded: boolean;
    lockScope: 'style-colour' | 'style';
    skuFormat: { separators: string; padStyleTo: number };
    nonPhysicalWarehouses: string[];
    site: Policy['site'];
  };
  archean: {
    url: string;
    clientId: string;
    clientSecret: string;
    webhookSecret: string;
    timeoutMs: number;
    webhookToleranceMs: number;
  };
  /** By feed name: `archean.returns`. `overlapSeq` counts in the source's positions: numbers, or milliseconds of its clock. */
  feeds: Record<string, { rhythmMs: number; silentAfterMs: number; overlapSeq: number; pageSize: number }>;
  policies: Record<string, Policy>;
  /** Name of the policy that new sagas take. */
  policy: string;
  calendar: {
    zone: string;
    businessHours: { from: string; to: string };
    weekend: number[];
    holidays: string[];
  };
  decisions: { identity: 'proven' | 'claimed' };
  /** The desk page: how people reach it and sign in there. */
  desk: {
    publicUrl: string;
    keys: boolean;
    oidc?: { name: string; issuer: string; clientId: string; clientSecret: string; personBy: 'mail' | 'id' };
  };
  people: PersonConfig[];
  notices: {
    mode: 'sandbox' | 'smtp';
    host: string;
    port: number;
    from: string;
    webhookUrl?: string | undefined;
  };
  documentsDir: string;
}
