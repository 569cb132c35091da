/** Tables of the links area; filled by its owner. */
export type LinkTables = object;
