/** Tables of the postings area; filled by its owner. */
export type PostingTables = object;
