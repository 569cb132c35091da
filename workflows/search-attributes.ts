/** Everything a list of sagas can be filtered by: one file, registered by every set-up, compared by a test. */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { z } from 'zod';

export const SEARCH_ATTRIBUTES = {
  Stage: defineSearchAttributeKey('Stage', SearchAttributeType.KEYWORD),
  Attention: defineSearchAttributeKey('Attention', SearchAttributeType.KEYWORD),
  Owner: defineSearchAttributeKey('Owner', SearchAttributeType.KEYWORD),
  Source: defineSearchAttributeKey('Source', SearchAttributeType.KEYWORD),
  BusinessKey: defineSearchAttributeKey('BusinessKey', SearchAttributeType.KEYWORD),
  Division: defineSearchAttributeKey('Division', SearchAttributeType.KEYWORD),
  Currency: defineSearchAttributeKey('Currency', SearchAttributeType.KEYWORD),
  ExposureMinor: defineSearchAttributeKey('ExposureMinor', SearchAttributeType.INT),
  DueAt: defineSearchAttributeKey('DueAt', SearchAttributeType.DATETIME),
  Counterparts: defineSearchAttributeKey('Counterparts', SearchAttributeType.KEYWORD_LIST),
} as const;

/** How urgently a saga wants a person; the most urgent of its open questions wins. */
export const Attention = z.enum(['none', 'question', 'escalated', 'stuck', 'half-posted', 'half-compensated']);
export type Attention = z.infer<typeof Attention>;

/** Honest status: partial success is never shown as completed. */
export const SagaStatus = z.enum([
  'running',
  'waiting for partner',
  'waiting for approval',
  'held',
  'compensating',
  'half-compensated',
  'completed',
  'completed with write-off',
  'declined',
  'cancelled',
]);
export type SagaStatus = z.infer<typeof SagaStatus>;
