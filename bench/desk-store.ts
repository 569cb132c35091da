/** The store of a busy month for the benchmark of the desk: what is open, what has ended, and everything it came from. */
import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../store/database.js';

export interface BusyMonth {
  /** Open cases; mixed owners, codes, groups and holds. */
  open: number;
  ended: number;
}

/** One row in twenty is a cause that holds twenty returns, one a case that only tells; all others are questions. */
const cases = ({ open, ended }: BusyMonth): RawBuilder<unknown> => sql`
  insert into "case" (kind, code, workflow_id, process, business_key, question, asking, digest, shown, title, expected,
    actual, steps, choices, owner, deputy, severity, amount_minor, currency, base_minor, base_currency, units, customer,
    business_date, cause, group_key, due_at, state, outcome, note, opened_at, decided_at, closed_at)
  select kind, code, case when kind = 'cause' then null else 'return-to-stock:archean:RMA-' || n end, 'return-to-stock',
    case when kind = 'cause' then '' else 'RMA-' || n end, case when kind = 'question' then question else '' end,
    case when kind = 'question' then 1 else 0 end, md5(n::text),
    jsonb_build_object('document', jsonb_build_object('number', 'RMA-' || n, 'total', n), 'lines', jsonb_build_array(
      jsonb_build_object('sku', 'ART-' || n % 4000, 'units', 1 + n % 5))),
    'Refund of GBP ' || n % 900 || '.00 for return RMA-' || n || ' is above what was sold', 'GBP 75.00', 'GBP 80.00',
    '["Compare the refund with the invoice.", "Approve it or reject it."]'::jsonb,
    case when kind = 'question' then '[{"choice":"approve","label":"Posts the credit as refunded","proof":true},
      {"choice":"reject","label":"Posts nothing","proof":false}]'::jsonb else '[]'::jsonb end,
    owner, case owner when 'finance' then 'operations' else 'finance' end, (array['medium', 'high', 'critical'])[1 + n % 3],
    case when n % 4 = 0 then null else (n * 37) % 250000 end, case when n % 4 = 0 then null else 'GBP' end,
    case when n % 4 = 0 then null else (n * 37) % 250000 end, case when n % 4 = 0 then null else 'GBP' end,
    1 + n % 9, 'C-' || n % 5000, current_date - n % 31,
    case when kind = 'cause' then 'location L-' || n else '' end,
    case when kind = 'question' then 'return-to-stock/' || code || '/' || question || '/' || owner || '/' || n % 40 else '' end,
    now() + (n % 9000 - 3000) * interval '1 minute',
    case when n > ${open} then 'closed' when n % 3 = 0 then 'acknowledged' else 'open' end,
    case when n > ${open} then 'approve' else '' end, '',
    now() - (n % 44000) * interval '1 minute', case when n > ${open} then now() end, case when n > ${open} then now() end
  from (select n, case when n % 20 = 0 then 'cause' when n % 20 = 1 then 'raised' else 'question' end as kind,
      (array['X-09', 'X-11', 'X-12', 'X-16', 'X-24', 'X-61'])[1 + n % 6] as code,
      (array['refund', 'quantity', 'closed-period', 'extra', 'original-order'])[1 + n % 5] as question,
      (array['finance', 'finance', 'finance', 'warehouse', 'warehouse', 'operations', 'buying', 'payables'])[1 + n % 8] as owner
    from generate_series(1, ${open + ended}::int) n) one`;

const HELD_BY_A_CAUSE = 20;

/** What happened to the cases: each was opened and taken up, the ended ones were decided by a person. */
const histories = [
  sql`insert into case_hold (case_id, workflow_id, business_key, business_date, title, units)
    select c.id, 'return-to-stock:archean:RMA-' || (substr(c.cause, 12)::int * ${HELD_BY_A_CAUSE} + k), 'RMA-' || k,
      current_date - k, 'waits for ' || c.cause, 1
    from "case" c, generate_series(1, ${HELD_BY_A_CAUSE}) k where c.kind = 'cause'`,
  sql`insert into case_event (case_id, kind, "by", note)
    select id, kinds.kind, 'fin-1', 'as the case says' from "case", (values ('opened'), ('acknowledged')) kinds (kind)`,
  sql`insert into case_event (case_id, kind, "by", note)
    select id, 'decided', 'fin-1', '"approve", proven by key: goodwill' from "case" where state = 'closed'`,
  sql`insert into decision (id, workflow_id, question, asking, case_id, door, identity, "by", choice, why, shown, data, raw,
      state, recorded_at)
    select 'D-' || id, workflow_id, question, asking, id, 'desk', 'proven', 'fin-1', 'approve', 'goodwill', digest, '{}', '{}',
      'accepted', now() from "case" where state = 'closed' and kind = 'question'`,
];

const GBP = sql`jsonb_build_object('minor', '2000', 'currency', 'GBP')`;
const ITEM = sql`'WOM|' || n % 4000 || '|NVY|||OS'`;
/** What a credit memo and a restock have besides what both have. */
const CREDIT = sql`jsonb_build_object('orderNo', 'WEB-' || n, 'invoiceNo', 'INV-' || n, 'customer', 'C-' || n % 5000,
  'charges', '[]'::jsonb, 'total', ${GBP}, 'settlement', jsonb_build_object('kind', 'refunded', 'reference', 'PAY-' || n),
  'lines', jsonb_build_array(jsonb_build_object('orderLine', 1, 'item', ${ITEM}, 'quantity', 1, 'unitPrice', '20.00',
    'net', ${GBP}, 'taxCode', 'Z', 'taxRate', '0', 'tax', jsonb_build_object('minor', '0', 'currency', 'GBP'))))`;
const RESTOCK = sql`jsonb_build_object('warehouse', '01',
  'lines', jsonb_build_array(jsonb_build_object('item', ${ITEM}, 'quantity', 1)))`;

/** The returns of the month with their movements, claims, postings and documents. */
const returns = (count: number): RawBuilder<unknown>[] => [
  sql`insert into event (source, kind, source_id, version, payload, digest, source_time, seq, document_id, state, saga_id)
    select 'archean', 'return', 'RMA-' || n, 1, jsonb_build_object('returnNo', 'RMA-' || n, 'state', 'PROCESSED',
      'customer', 'C-' || n % 5000, 'lines', jsonb_build_array(
        jsonb_build_object('orderNo', 'WEB-' || n, 'orderLine', 1, 'sku', 'ART-' || n % 4000, 'quantity', 1))),
      md5(n::text), now() - (n % 44000) * interval '1 minute', n, 'RETURN/RMA-' || n, 'started',
      'return-to-stock:archean:RMA-' || n from generate_series(1, ${count}::int) n`,
  sql`insert into event (source, kind, source_id, version, payload, digest, source_time, seq, document_id, state)
    select 'archean', 'movement', 'MOV-' || n, 1, jsonb_build_object('type', 'RETURN_RESTOCK', 'sku', 'ART-' || n % 4000,
      'quantity', 1, 'location', 'FC-UK-1', 'documentId', 'RMA-' || n), md5(n::text),
      now() - (n % 44000) * interval '1 minute', n, 'RETURN/RMA-' || n, 'started' from generate_series(1, ${count}::int) n`,
  sql`insert into event_claim (source, kind, key, version, workflow_id, finished_at, finished_version, result)
    select 'archean', 'return', 'RMA-' || n, 1, 'return-to-stock:archean:RMA-' || n, now(), 1, '{"outcome":"posted"}'
    from generate_series(1, ${count}::int) n`,
  sql`insert into posting (external_ref, reference, revision, tenant, workflow_id, step, kind, content, state, number, links,
      settled_at)
    select 'SV' || step || n, 'return-to-stock:archean:RMA-' || n || '/' || step, 1, 'blue-cherry',
      'return-to-stock:archean:RMA-' || n, step, kind, jsonb_build_object('document', jsonb_build_object(
        'kind', kind, 'division', 'WOM', 'businessDate', current_date::text, 'reasonCode', 'RET', 'memo', 'RMA-' || n) ||
        case when kind = 'credit-memo' then ${CREDIT} else ${RESTOCK} end),
      'posted', upper(left(step, 2)) || n, jsonb_build_array(jsonb_build_object('number', 'RMA-' || n)), now()
    from generate_series(1, ${count}::int) n,
      (values ('credit-memo', 'credit-memo'), ('restock', 'stock-adjustment')) steps (step, kind)`,
  sql`insert into posting_attempt (external_ref, fence, what, outcome, number)
    select external_ref, 1, 'reply', 'stored', number from posting`,
  sql`insert into document (system, kind, number, workflow_id)
    select system, kind, prefix || n, case when kind = 'sales-order' then null else 'return-to-stock:archean:RMA-' || n end
    from generate_series(1, ${count}::int) n, (values ('archean', 'return', 'RMA-'), ('blue-cherry', 'sales-order', 'WEB-'),
      ('blue-cherry', 'credit-memo', 'CR'), ('blue-cherry', 'stock-adjustment', 'RE')) kinds (system, kind, prefix)`,
  sql`insert into link (from_id, to_id, relation)
    select a.id, b.id, 'credits' from document a
    join document b on b.kind in ('credit-memo', 'stock-adjustment') and substr(b.number, 3) = substr(a.number, 5)
    where a.kind in ('return', 'sales-order')`,
];

/** Fills an empty store; the figures of its tables are taken as autovacuum would. */
export async function fillBusyMonth(db: Db, month: BusyMonth): Promise<void> {
  for (const statement of [cases(month), ...returns(month.open + month.ended), ...histories])
    await statement.execute(db);
  await sql`analyze`.execute(db);
}
