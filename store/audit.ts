/** Tables of the audit area; filled by its owner. */
export type AuditTables = object;
