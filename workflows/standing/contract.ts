/** Rounds that never end: settling an ERP's open postings, sweeping cases and their clocks, sealing the audit, sending notices, watching the store. */
import { z } from 'zod';

export const Round = z.enum(['settle', 'sweep', 'reminders', 'seal', 'notices', 'singleBearer', 'feedsAlive', 'watch']);
export type Round = z.infer<typeof Round>;
export const StandingInput = z.strictObject({
  round: Round,
  /** What the round's last run left for the next one. */
  remembered: z.unknown().optional(),
});
export type StandingInput = z.infer<typeof StandingInput>;
/** `standing:settle`: one for ever, continues as new. */
export const standingId = (round: Round): string => `standing:${round}`;
