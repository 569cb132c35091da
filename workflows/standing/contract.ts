/** Rounds that never end: settling an ERP's open postings, sweeping cases and their clocks, sealing the audit, sending notices. */
import { z } from 'zod';

export const Round = z.enum(['settle', 'sweep', 'reminders', 'seal', 'notices', 'singleBearer', 'feedsAlive']);
export type Round = z.infer<typeof Round>;
export const StandingInput = z.strictObject({ round: Round });
export type StandingInput = z.infer<typeof StandingInput>;
/** `standing:settle`: one for ever, continues as new. */
export const standingId = (round: Round): string => `standing:${round}`;
