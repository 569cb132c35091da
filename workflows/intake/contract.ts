/** One long-lived intake per feed: `intake:archean.returns`. It continues as new and never ends by itself. */
import { z } from 'zod';

export const FeedName = z.string().regex(/^[a-z-]+\.[a-z-]+$/, 'a feed is named <system>.<listing>');
export const IntakeInput = z.strictObject({ feed: FeedName });
export type IntakeInput = z.infer<typeof IntakeInput>;
export const intakeId = (feed: string): string => `intake:${feed}`;
