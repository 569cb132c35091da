/** The shape of every configuration file: closed, so that a misspelt key is a fault and not a silence. */
import { z } from 'zod';
import { BusinessDate } from '../domain/documents.js';
import { Role } from '../domain/failures.js';
import { Currency, DecimalText } from '../domain/money.js';
import { TimerCode } from '../domain/policy.js';
import { DeskPage } from './desk-page.js';
import { Amount, BusinessDuration, ClockTime, Duration, Limit, Zone } from './values.js';

const Text = z.string().min(1).max(200);
/** The store remembers webhooks for a day, so that a replayed one is known. */
const MOST_TOLERANCE_MS = 3_600_000;
const DAY_MS = 24 * 3_600_000;

const PositiveDuration = Duration.refine((ms) => ms > 0, 'a duration above zero is allowed');

const FeedName = z.string().regex(/^[a-z-]+\.[a-z-]+$/, 'a feed as archean.returns is allowed');
const FeedRhythm = z.strictObject({
  rhythm: PositiveDuration,
  silentAfter: PositiveDuration,
  pageSize: z.number().int().min(1).max(200),
});
/** A source that numbers its rows. */
const Feed = FeedRhythm.extend({ overlapSeq: z.number().int().min(0).max(100_000) });
/** A source whose rows are ordered by when they changed. */
const TimedFeed = FeedRhythm.extend({ overlap: Duration.refine((ms) => ms <= DAY_MS, 'at most 1 d is allowed') });

export const BlueCherryFile = z.strictObject({
  tenant: Text,
  ratePerSecond: z.number().positive().max(10_000),
  concurrent: z.number().int().positive().max(1000),
  timeout: PositiveDuration,
  maxRequestLife: PositiveDuration,
  sendDeadline: PositiveDuration,
  settlePoll: PositiveDuration,
  lockScope: z.enum(['style-colour', 'style']),
  skuFormat: z.strictObject({ separators: z.string().max(20), padStyleTo: z.number().int().min(0).max(20) }),
  nonPhysicalWarehouses: z.array(Text).max(200),
  feeds: z.record(FeedName, TimedFeed),
  site: z.strictObject({
    creditMemoRestocks: z.boolean(),
    valuationMethod: z.enum(['standard', 'average', 'original']),
    journalReadable: z.boolean(),
    lookupBounded: z.boolean(),
    accounts: z.strictObject({ goodwill: Text, returnsWithoutOrder: Text }),
    returnReason: Text,
    creditReason: Text,
  }),
});

export const ArcheanFile = z.strictObject({
  timeout: PositiveDuration,
  webhookTolerance: PositiveDuration.refine((ms) => ms <= MOST_TOLERANCE_MS, 'at most 1 h is allowed'),
  feeds: z.record(FeedName, Feed),
});

const Timer = z.strictObject({
  warn: z.array(BusinessDuration).max(5),
  due: z.union([z.literal('never'), BusinessDuration], {
    error: 'a duration as 30 min, or never, is allowed',
  }),
  calendar: z.enum(['wall', 'business', 'calendar']),
});

const PolicyBody = z.strictObject({
  baseCurrency: Currency,
  limits: z.strictObject({
    creditPerReturn: Limit,
    creditPerCustomerDay: Limit,
    adjustmentAtCost: Limit,
    twoPeopleFrom: Limit,
    roundingPerLine: Amount,
    roundingPerDocument: Amount,
  }),
  dispatchLead: Duration,
  creditAheadOfMapping: z.boolean(),
  rates: z.record(Currency, DecimalText),
  timers: z.record(TimerCode, Timer),
});
/** Every policy here is whole: what it left out was filled in from the shared part. */
export const PolicyFile = z.strictObject({ policies: z.record(Text, PolicyBody) });
export type PolicyBody = z.infer<typeof PolicyBody>;

export const CalendarFile = z.strictObject({
  zone: Zone,
  businessHours: z.strictObject({ from: ClockTime, to: ClockTime }).refine((h) => h.from < h.to, {
    error: '`from` before `to` is allowed',
  }),
  weekend: z.array(z.number().int().min(0).max(6)).max(6),
  holidays: z.array(BusinessDate).max(1000),
});

export const DeskFile = z.strictObject({
  page: DeskPage,
  decisions: z.strictObject({ identity: z.enum(['proven', 'claimed']) }),
  notices: z.strictObject({
    mode: z.enum(['sandbox', 'smtp']),
    host: Text,
    port: z.number().int().min(1).max(65_535),
    from: Text,
    webhookUrl: z.url({ protocol: /^https?$/ }).optional(),
  }),
  documentsDir: Text,
});

export const PeopleFile = z.strictObject({
  people: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'lower-case letters, digits and - are allowed'),
        name: z.string().min(1).max(120),
        roles: z.array(Role).min(1).max(8),
        mail: z.email(),
        keyDigest: z.string().regex(/^[0-9a-f]{64}$/, 'the SHA-256 of the key, 64 hex digits, is allowed'),
        limits: z.strictObject({ currency: Currency, document: Limit, customerDay: Limit, day: Limit }),
      }),
    )
    .max(1000),
});
