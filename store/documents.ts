/** Tables of the documents area; filled by its owner. */
export type DocumentTables = object;
