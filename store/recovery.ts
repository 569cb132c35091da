/** What ends a restore: the case that told of it is cleared, the store has a new epoch and is relied on again. */

/** Names the one case of a restored store. */
export const RESTORED = { workflowId: 'store:restored', code: 'X-58' } as const;
