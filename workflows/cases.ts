/** Cases that ask nothing: raised for somebody to look, cleared when what they are about has gone. */
import type { ExceptionCode, Severity } from '../domain/failures.js';
import type { Run } from './saga/run.js';
import { desk } from './systems.js';

/** Raises a case that asks nothing: somebody should look. */
export async function raise(
  run: Run,
  code: ExceptionCode,
  title: string,
  expected: string,
  actual: string,
  more: { subject?: string; severity?: Severity } = {},
): Promise<void> {
  await desk.raise.executeWithOptions({ summary: title.slice(0, 180) }, [
    {
      workflowId: run.workflowId,
      process: run.process,
      businessKey: run.businessKey,
      code,
      title,
      expected,
      actual,
      amount: null,
      units: 0,
      ...more,
    },
  ]);
}

/** The condition of a raised case has gone; it closes by itself. */
export const clear = (run: Run, code: ExceptionCode, note: string): Promise<void> =>
  desk.clear.executeWithOptions({ summary: note }, [{ workflowId: run.workflowId, code, note }]);
