/**
 * Cases that only tell: one per subject (a document, not a workflow), and a person can close them. A posting's flag knows
 * how it was closed, so that what was said to stand is not raised again.
 */
import { sql, type Kysely } from 'kysely';

const SUBJECTS = `
  drop index case_one_raised;
  create unique index case_one_raised on "case" (workflow_id, code, kind, cause)
    where kind in ('raised', 'orphan') and state in ('open', 'acknowledged', 'investigating', 'waiting');
  alter table posting_flag add column cleared_as text not null default '';
  create index posting_flag_untold on posting_flag (raised_at) where told_at is null;
`;

/** Cases that were open before: what domain/closing.ts offered on the day this landed. */
const CHOICES = `
  update "case" set choices = case when code = 'X-62' then '[
    {"choice": "reversed-by-hand", "proof": true,
     "label": "The extra document was reversed in the ERP; number is that of the reversing document"},
    {"choice": "stands", "proof": true,
     "label": "The document is right where it is; the reason says how that is known"}]'::jsonb
  else '[{"choice": "settled", "proof": false,
     "label": "It was dealt with; the reason says what was done"}]'::jsonb end
  where kind = 'raised' and not ends_with_workflow and closed_at is null;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const part of [SUBJECTS, CHOICES]) await sql.raw(part).execute(db);
}
