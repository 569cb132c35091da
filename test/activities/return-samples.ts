/** Returns, sales and policies for tests of intake and claims: plain ones, each with what its test is about replaced. */
import type { ArcheanMovement, ArcheanReturn } from '../../clients/archean/schema.js';
import type { Policy } from '../../domain/policy.js';
import type { ReturnDocument } from '../../domain/return/document.js';
import type { Sold, SoldLine } from '../../domain/return/sold.js';
import { toReturnDocument } from '../../activities/intake/sources/returns.js';

export const ITEM = 'WOM|00123|NVY|||M';
export const SPELLED = '00123-nvy-m';

type Lines = Partial<ArcheanReturn['lines'][number]>[];

/** A processed return of one unit of one order line; `lines` replaces fields line by line. */
export function wireReturn(over: Omit<Partial<ArcheanReturn>, 'lines'> & { lines?: Lines } = {}): ArcheanReturn {
  const { lines = [{}], ...rest } = over;
  return {
    returnNo: 'RTN-1',
    seq: 10,
    version: 1,
    state: 'PROCESSED',
    customer: 'CUST-1',
    location: 'FC-UK-1',
    currency: 'GBP',
    processedBy: 'clerk-7',
    processedAt: '2026-03-10T10:00:00Z',
    refund: { state: 'REFUNDED', reference: 'PAY-1' },
    restockState: 'RESTOCKED',
    deductions: [],
    exchange: null,
    ...rest,
    lines: lines.map((line, index) => ({
      lineNo: index + 1,
      orderNo: 'SO-1',
      orderLine: 1,
      sku: SPELLED,
      quantity: 1,
      refundUnitPrice: '10.00',
      condition: 'NEW',
      disposition: 'SELLABLE',
      kind: 'GOODS',
      reasonCode: 'TOO-SMALL',
      ...line,
    })),
  };
}

export function wireMovement(over: Partial<ArcheanMovement> = {}): ArcheanMovement {
  return {
    id: 'MOV-1',
    seq: 11,
    type: 'RETURN_RESTOCK',
    sku: SPELLED,
    location: 'FC-UK-1',
    quantity: 1,
    occurredAt: '2026-03-10T10:00:00Z',
    recordedAt: '2026-03-10T10:01:00Z',
    reasonCode: '',
    documentType: 'RETURN',
    documentId: 'RTN-1',
    documentLine: 1,
    correlationId: '',
    condition: 'NEW',
    ...over,
  };
}

export const returnDocument = (wire: ArcheanReturn): ReturnDocument => toReturnDocument(wire, 'Europe/London', false);

const gbp = (minor: string) => ({ minor, currency: 'GBP' });

/** An order of one line, invoiced: `quantity` units at GBP 10.00 with 20 % tax unless replaced. */
export function sale(over: Partial<SoldLine> = {}, orderNo = 'SO-1'): Sold {
  const quantity = over.quantity ?? 1;
  return {
    orders: [{ orderNo, status: 'invoiced', placedAt: '2026-02-01T09:00:00Z', shippedAt: '2026-02-02T09:00:00Z' }],
    invoices: [
      {
        invoiceNo: `INV-${orderNo}`,
        orderNo,
        division: 'WOM',
        customer: 'CUST-1',
        invoiceDate: '2026-02-02',
        currency: 'GBP',
        lines: [
          {
            orderLine: 1,
            item: ITEM,
            kind: 'goods',
            chargeCode: null,
            quantity,
            unitPrice: '10.00',
            discount: gbp('0'),
            net: gbp(String(1000 * quantity)),
            taxCode: 'S20',
            taxRate: '0.2',
            tax: gbp(String(200 * quantity)),
            unitCost: '4.50',
            ...over,
          },
        ],
      },
    ],
    periods: [{ code: '2026-03', firstDay: '2026-03-01', lastDay: '2026-03-31', state: 'open' }],
  };
}

/** The same sale, invoiced to a customer. */
export const invoicedTo = (customer: string, sold: Sold): Sold => ({
  ...sold,
  invoices: sold.invoices.map((invoice) => ({ ...invoice, customer })),
});

export const POLICY: Policy = {
  name: 'test',
  baseCurrency: 'GBP',
  zone: 'Europe/London',
  limits: {
    creditPerReturn: gbp('50000'),
    creditPerCustomerDay: gbp('150000'),
    adjustmentAtCost: null,
    twoPeopleFrom: null,
    roundingPerLine: gbp('1'),
    roundingPerDocument: gbp('2'),
  },
  dispatchLeadMinutes: 0,
  creditAheadOfMapping: true,
  rates: { EUR: '0.85' },
  timers: {},
  identity: 'proven',
  site: {
    creditMemoRestocks: false,
    valuationMethod: 'standard',
    journalReadable: true,
    lookupBounded: true,
    accounts: { goodwill: '4950', returnsWithoutOrder: '4900' },
    returnReason: 'RET',
    creditReason: 'RETURN',
  },
};
