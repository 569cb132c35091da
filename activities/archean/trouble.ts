/** Trouble with Archean, for Temporal to retry; and its own no, for a person. */
import { ApplicationFailure } from '@temporalio/common';
import { ArcheanFailure, type ArcheanTrouble } from '../../clients/archean/client.js';
import type { FailureType } from '../../domain/failures.js';
import { rejected, rejection } from '../posting/failures.js';

const TYPES: Record<ArcheanTrouble, FailureType> = {
  unreachable: 'Unreachable',
  'no-reply': 'NoReply',
  busy: 'Busy',
  unauthorised: 'Unauthorised',
  malformed: 'Malformed',
  refused: 'Malformed',
};

/** Retried after what the system asked for, else after `retryMs`. */
export function troubleOf(error: ArcheanFailure, retryMs: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: TYPES[error.kind],
    message: error.message,
    nextRetryDelay: Math.min(Math.max(error.retryAfterMs ?? retryMs, 100), 60_000),
    cause: error,
  });
}

const RETRY_MS = 500;

/** An exchange that failed is tried again and never a saga's business. */
export async function asTrouble<T>(exchange: () => Promise<T>): Promise<T> {
  try {
    return await exchange();
  } catch (error) {
    throw error instanceof ArcheanFailure ? troubleOf(error, RETRY_MS) : error;
  }
}

const REJECTIONS = { REFERENCE_CONFLICT: 'ReferenceReused', SKU_UNKNOWN: 'UnknownSku' } as const;

/** Archean's final no, sorted by its code (facts/archean-r247.md 3.8). */
export function refusalOf(what: string, code: string, message: string): ApplicationFailure {
  const type = Object.entries(REJECTIONS).find(([known]) => known === code)?.[1] ?? 'Refused';
  return rejection(rejected(type, `${what} was refused: ${code}, ${message}`));
}
