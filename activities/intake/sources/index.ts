/** The feeds there are. */
import { movements } from './movements.js';
import { returns } from './returns.js';
import type { FeedSource, ObjectSource } from './source.js';

export type { FeedSource, ObjectSource, Systems } from './source.js';

export const RETURNS_FEED = 'archean.returns';
export const MOVEMENTS_FEED = 'archean.movements';

/** Feeds of business objects, each with a saga of its own. */
export const OBJECTS: Readonly<Record<string, ObjectSource>> = { [RETURNS_FEED]: returns };

export const SOURCES: Readonly<Record<string, FeedSource>> = { ...OBJECTS, [MOVEMENTS_FEED]: movements };
