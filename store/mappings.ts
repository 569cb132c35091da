/** Tables of the mappings area; filled by its owner. */
export type MappingTables = object;
