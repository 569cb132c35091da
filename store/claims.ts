/** Tables of the claims area; filled by its owner. */
export type ClaimTables = object;
