/**
 * A service that hands a return over and tells its caller what came of it: the whole of what it takes to use Selvedge
 * from a program. Run it with the number of a return: `node example-service.js RTN-000871`.
 */
import { connectTemporal, progressOf, startReturn, type ReturnResult } from '../../clients/temporal/index.js';

/** Starts the return, or joins it when it runs already, and waits until it is posted or a person is asked. */
export async function creditReturn(
  returnNo: string,
  temporal: { address: string; namespace: string },
): Promise<string> {
  const { client, close } = await connectTemporal(temporal);
  try {
    const saga = await startReturn(client, { source: 'archean', returnNo });
    while (await saga.isRunning()) {
      const [open] = (await progressOf(client, saga.workflowId)).questions;
      if (open !== undefined) return `${open.owner} must decide: ${open.title}`;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return sentence(await saga.result());
  } finally {
    await close();
  }
}

function sentence(result: ReturnResult | { outcome: string; why: string }): string {
  if ('why' in result) return `${result.outcome}: ${result.why}`;
  const numbers = [...result.creditMemos, ...result.adjustments].join(', ');
  return `${result.outcome}: ${numbers || 'nothing to post'}`;
}
