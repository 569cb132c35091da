/** Whether the ERP's books hold exactly what we posted, document by document: amounts, tax, lines, units, dates. Pure. */
import { Big } from 'big.js';
import type { ErpDocument } from '../../domain/documents.js';
import { add, decimalOf, sum, type Money } from '../../domain/money.js';
import type { PostingState } from '../../store/postings.js';
import type { BookDocument } from '../day/control.js';
import { inWords } from '../day/balance.js';

/** A posting as the comparison needs it. */
export interface OurPosting {
  externalRef: string;
  reference: string;
  workflowId: string;
  state: PostingState;
  operation: 'create' | 'reverse' | 'cancel';
  number: string | null;
  /** The number of the document that this one reverses or cancels. */
  undoes: string | null;
  /** What the ERP took of it; null where nothing was ever asked under this reference. */
  document: ErpDocument | null;
  /** Entered by hand and taken over: it may bear another date and split its tax otherwise. */
  adopted: boolean;
  /** A person took the document as it stands in the ERP, though it differs. */
  takenAsItIs: boolean;
}

export interface BookDifference {
  /** The ERP's number of the document; the external reference where it has none. */
  document: string;
  kind: string;
  reference: string | null;
  workflow: string | null;
  /** One sentence naming the document and what differs. */
  words: string;
}

const KINDS: Record<ErpDocument['kind'], string> = {
  'credit-memo': 'credit memo',
  'stock-adjustment': 'inventory adjustment',
  'sales-order': 'sales order',
  'po-receipt': 'PO receipt',
};

/** Decimal text without trailing zeros, so that `20.4` and `20.40` are one; a negative nothing is nothing. */
const plain = (text: string | null): string | null => {
  if (text === null) return null;
  const value = new Big(text).toFixed();
  return value === '-0' ? '0' : value;
};
const decimal = (amount: Money): string | null => plain(decimalOf(amount));

interface Content {
  fields: Record<string, string | null>;
  /** One text per line and charge, sorted. */
  lines: string[];
}

const lineText = (item: string, parts: (string | null)[]): string =>
  [item, ...parts.filter((part) => part !== null)].join(' ');

/** What we asked of the ERP, in the words of its books. */
function asked(document: ErpDocument, loose: boolean): Content {
  const { division } = document;
  const dated = loose || document.kind === 'sales-order' ? {} : { 'posting date': document.businessDate };
  switch (document.kind) {
    case 'credit-memo': {
      const { lines, charges, total, orderNo, customer } = document;
      const parts = [...lines, ...charges];
      const { currency } = total;
      const fields = {
        division,
        ...dated,
        order: orderNo,
        currency,
        total: decimal(
          sum(
            parts.map((part) => add(part.net, part.tax)),
            currency,
          ),
        ),
        tax: decimal(
          sum(
            parts.map((part) => part.tax),
            currency,
          ),
        ),
        ...(loose ? {} : { customer }),
      };
      const texts = [
        ...lines.map((line) => lineOf(line.item, line.quantity, decimal(line.net), decimal(line.tax), loose)),
        ...(loose ? [] : charges.map((c) => chargeOf(c.account, decimal(c.net), decimal(c.tax)))),
      ];
      return { fields, lines: texts.sort() };
    }
    case 'stock-adjustment':
      return {
        fields: { division, ...dated, warehouse: document.warehouse },
        lines: document.lines.map((line) => lineOf(line.item, line.quantity, null, null, true)).sort(),
      };
    case 'po-receipt':
      return {
        fields: { division, ...dated, warehouse: document.warehouse, 'purchase order': document.poNo },
        lines: document.lines.map((line) => lineOf(line.item, line.quantity, null, null, true)).sort(),
      };
    case 'sales-order': {
      const { warehouse, customer, total, lines } = document;
      return {
        fields: { division, warehouse, customer, currency: total.currency, total: decimal(total) },
        lines: lines.map((line) => lineOf(line.item, line.quantity, null, decimal(line.tax), false)).sort(),
      };
    }
  }
}

const lineOf = (item: string, units: number, net: string | null, tax: string | null, loose: boolean): string =>
  lineText(item, [
    `${units} units`,
    ...(loose ? [] : [net === null ? null : `net ${net}`, tax === null ? null : `tax ${tax}`]),
  ]);

const chargeOf = (account: string, net: string | null, tax: string | null): string =>
  lineText(`charge ${account}`, [`net ${net ?? ''}`, `tax ${tax ?? ''}`]);

/** The same of a document of the books. */
function held(document: BookDocument, like: ErpDocument, loose: boolean): Content {
  const order = like.kind === 'sales-order';
  const all: Record<string, string | null> = {
    division: document.division,
    'posting date': document.postingDate,
    order: document.orderNo,
    'purchase order': document.poNo ?? null,
    currency: document.currency,
    total: plain(document.amount),
    tax: plain(document.taxAmount),
    customer: document.customer,
    warehouse: document.warehouse,
  };
  const memo = like.kind === 'credit-memo';
  const lines = document.lines.map((line) =>
    lineOf(
      line.sku,
      Number(line.quantity),
      order ? null : plain(line.amount),
      plain(line.taxAmount ?? '0'),
      loose || (!memo && !order),
    ),
  );
  const charges =
    memo && !loose
      ? document.charges.map((c) => chargeOf(c.glAccount, plain(c.amount), plain(c.taxAmount ?? '0')))
      : [];
  return { fields: all, lines: [...lines, ...charges].sort() };
}

/** Texts of `a` that `b` lacks, counting repeats. */
function lacking(a: readonly string[], b: readonly string[]): string[] {
  const left = [...b];
  return a.filter((text) => {
    const at = left.indexOf(text);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function contentDifferences(ours: OurPosting, document: ErpDocument, found: BookDocument): string[] {
  if (found.kind !== KINDS[document.kind]) return [`kind is ${found.kind}, we posted ${KINDS[document.kind]}`];
  const want = asked(document, ours.adopted);
  const have = held(found, document, ours.adopted);
  const fields = Object.entries(want.fields)
    .filter(([name, value]) => (have.fields[name] ?? null) !== value)
    .map(([name, value]) => `${name} is ${have.fields[name] ?? 'none'}, we posted ${value ?? 'none'}`);
  const extra = lacking(have.lines, want.lines).map((line) => `it has the line "${line}", which we did not post`);
  const missing = lacking(want.lines, have.lines).map((line) => `it lacks the line "${line}", which we posted`);
  return [...fields, ...extra, ...missing];
}

const difference = (ours: OurPosting | null, document: string, kind: string, words: string): BookDifference => ({
  document,
  kind,
  reference: ours?.reference ?? null,
  workflow: ours?.workflowId ?? null,
  words,
});

/** States in which the ERP must hold the document. `sent` may or may not be there; nobody knows yet. */
const HELD: readonly PostingState[] = ['accepted', 'posted', 'reversed'];
const ABSENT: readonly PostingState[] = ['intended', 'rejected', 'forbidden', 'superseded'];
/** In the books and without effect. */
const VOID = ['REJECTED', 'CANCELLED'];

function judgePosting(ours: OurPosting, byNumber: ReadonlyMap<string, BookDocument>, whole: boolean): BookDifference[] {
  const { state, number, document } = ours;
  if (!HELD.includes(state) || document === null || number === null || ours.operation === 'cancel') return [];
  const kind = KINDS[document.kind];
  const found = byNumber.get(number);
  if (found === undefined)
    return whole
      ? [difference(ours, number, kind, `the books lack ${kind} ${number}, which ${ours.reference} posted`)]
      : [];
  const differs = (words: string): BookDifference =>
    difference(ours, number, kind, `${kind} ${number} (${ours.reference}): ${words}`);
  if (found.status === 'REJECTED') return state === 'accepted' ? [] : [differs('the ERP has rejected it')];
  const wrong = ours.takenAsItIs ? [] : contentDifferences(ours, document, found);
  if (state !== 'accepted' && found.status === 'QUEUED') wrong.push('it is queued, not posted');
  return wrong.length === 0 ? [] : [differs(wrong.join('; '))];
}

/** Documents under a reference of ours that should not be there, and those that were reversed without us. */
function judgeDocument(
  found: BookDocument,
  ours: OurPosting | undefined,
  reversals: ReadonlySet<string>,
): BookDifference[] {
  if (VOID.includes(found.status)) return [];
  const number = found.number ?? found.externalRef ?? '';
  const differs = (words: string): BookDifference =>
    difference(ours ?? null, number, found.kind, `${inWords(found)}: ${words}`);
  const undone = found.reversedBy ?? null;
  if (ours === undefined)
    return undone === null ? [differs('it bears a reference of ours that our store does not know')] : [];
  if (ours.number !== null && ours.number !== found.number)
    return undone === null ? [differs(`one document too many: ${ours.reference} is ${ours.number} already`)] : [];
  if (ours.number === null && ABSENT.includes(ours.state) && undone === null)
    return [differs(`the books hold it, though ${ours.reference} is ${ours.state}`)];
  if (undone !== null && ours.state !== 'reversed' && !reversals.has(found.number ?? ''))
    return [differs(`it was reversed in the ERP by ${undone}, which is none of ours`)];
  return [];
}

const isOurs = (externalRef: string | null): externalRef is string => /^SV[A-Z2-7]{26}$/.test(externalRef ?? '');

/**
 * Compares both sides. `whole`: the documents are all there are, so that one which is not among them is missing; else
 * only what is there is judged.
 */
export function compareBooks(
  postings: readonly OurPosting[],
  documents: readonly BookDocument[],
  whole: boolean,
): BookDifference[] {
  const byNumber = new Map(
    documents.flatMap((d) => (d.number === null ? [] : [[`${d.kind} ${d.number}`, d] as const])),
  );
  const numbered = new Map(
    [...byNumber.values()].filter((d) => Object.values(KINDS).includes(d.kind)).map((d) => [d.number ?? '', d]),
  );
  const byRef = new Map(postings.map((posting) => [posting.externalRef, posting]));
  const reversals = new Set(postings.flatMap(({ undoes }) => (undoes === null ? [] : [undoes])));
  return [
    ...postings.flatMap((posting) => judgePosting(posting, numbered, whole)),
    ...documents
      .filter((document) => isOurs(document.externalRef) && document.kind !== 'invoice')
      .flatMap((document) => judgeDocument(document, byRef.get(document.externalRef ?? ''), reversals)),
  ];
}
