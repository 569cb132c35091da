/** The feeds there are: how each lists its source, and what its rows become. */
import type { ArcheanClient, ArcheanPage } from '../../clients/archean/client.js';
import type { NewEvent } from '../../store/inbox.js';
import { movementEvent, returnEvent, SOURCE } from './map.js';

export interface FeedSource {
  readonly source: string;
  readonly kind: 'return' | 'movement';
  page(archean: ArcheanClient, afterSeq: number, limit: number): Promise<ArcheanPage>;
  event(raw: unknown, zone: string, now: Date): NewEvent;
}

export const RETURNS_FEED = 'archean.returns';
export const MOVEMENTS_FEED = 'archean.movements';

export const SOURCES: Readonly<Record<string, FeedSource>> = {
  [RETURNS_FEED]: {
    source: SOURCE,
    kind: 'return',
    page: (archean, afterSeq, limit) => archean.returnsAfter(afterSeq, limit),
    event: returnEvent,
  },
  [MOVEMENTS_FEED]: {
    source: SOURCE,
    kind: 'movement',
    page: (archean, afterSeq, limit) => archean.movementsAfter(afterSeq, limit),
    event: (raw, _zone, now) => movementEvent(raw, now),
  },
};
