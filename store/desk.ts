/** Tables of the desk area; filled by its owner. */
export type DeskTables = object;
