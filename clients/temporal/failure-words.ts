/** What a failure says, also where its message is encrypted. */
import type { Client } from '@temporalio/client';
import type { ProtoFailure } from '@temporalio/common';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';

/** The message of a failure as a server lists it; a sentence about its key when that is missing. */
export async function failureWords(client: Client, failure: ProtoFailure | null | undefined): Promise<string> {
  try {
    const error = await decodeOptionalFailureToOptionalError(client.options.loadedDataConverter, failure, undefined);
    return error?.message ?? '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
