/** Tables of the inbox area; filled by its owner. */
export type InboxTables = object;
