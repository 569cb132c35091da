/** What a process says of itself; the kit's `saga` turns it and a body into a workflow. */
import { ApplicationFailure } from '@temporalio/workflow';
import type { z } from 'zod';
import type { ObjectKey } from '../activities/intake/contract.js';
import type { Run } from './saga/run.js';

export interface Definition<I> {
  process: string;
  input: z.ZodType<I>;
  object: (input: I) => ObjectKey;
  /** Lowest version of its object that this workflow handles. */
  version: (input: I) => number;
  /** Clock from capture to the first posting, the time people take apart, and what its breach does. */
  captured: { timer: string; onDue: (run: Run) => Promise<void> };
  /** Clock while only a movement is known and its document is not; what its breach does, and what ends that. */
  absent: {
    timer: string;
    everyMs: number;
    onDue: (run: Run) => Promise<void>;
    onCome: (run: Run) => Promise<void>;
  };
  /** Gives claims back when the saga ends without posting. */
  giveBack: (run: Run, why: string) => Promise<unknown>;
}

/** Reads a workflow's input: people start sagas by hand too. A misfit ends the start with readable issues. */
export function parseInput<I>(definition: Definition<I>, raw: unknown): I {
  const parsed = definition.input.safeParse(raw);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((i) => `${i.path.join('.') || 'input'}: ${i.message}`).join('; ');
  throw ApplicationFailure.nonRetryable(`${definition.process} cannot start: ${faults}`, 'InvalidInput');
}
