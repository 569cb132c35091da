/** A business process as its starters know it: which object it is for and what its sagas are called (style.md 4). */

export interface Process<I extends object = object> {
  /** Folder and id prefix: `return-to-stock`. */
  readonly name: string;
  /** Workflow type of the object's saga, and of the one for a version that came after that had ended. */
  readonly workflow: string;
  readonly changedWorkflow: string;
  readonly source: string;
  /** The object as inbox and claims call it: `return`. */
  readonly kind: string;
  /** The input of a saga from the object's key and, after the object's own saga had ended, its version. @throws ZodError when they are none. */
  readonly input: (key: string, changedVersion?: number) => I;
}

const CHANGED = '-reversal';

/** `return-to-stock:archean:RTN-000871`: the idempotency key of the process. */
export const sagaId = ({ name, source }: Process, key: string): string => `${name}:${source}:${key}`;

/** `return-to-stock-reversal:archean:RTN-000871:2`: of a version that came after the object's own saga had ended. */
export const changedSagaId = ({ name, source }: Process, key: string, version: number): string =>
  `${name}${CHANGED}:${source}:${key}:${version}`;

/** What a workflow id says; `changedVersion` is there for a saga of a later version. */
export interface SagaName {
  process: string;
  source: string;
  key: string;
  changedVersion?: number;
}

/** Reads a saga's workflow id; undefined for any other id. */
export function sagaNamed(workflowId: string): SagaName | undefined {
  const [, process = '', changed, source = '', key = '', version] =
    /^([a-z-]+?)(-reversal)?:([^:]+):([^:]+)(?::(\d{1,9}))?$/.exec(workflowId) ?? [];
  if (process === '' || (changed === undefined) !== (version === undefined)) return undefined;
  return { process, source, key, ...(version === undefined ? {} : { changedVersion: Number(version) }) };
}
