/** What the reckoning knows of the ERP's reference data and of the site's rules; facts/blue-cherry.md 3.3, 3.7. */

/** One line of an order as it was booked into the ERP. Amounts are decimal text, the tax rate a fraction (`0.175`). */
export interface SoldLineFacts {
  orderLine: number;
  /** Six-part item key; for a charge the key the invoice carries. */
  sku: string;
  kind: 'GOODS' | 'CHARGE';
  chargeCode: string | null;
  quantity: number;
  unitPrice: string;
  /** Share of the order's discounts for the whole quantity, zero or positive. */
  discount: string;
  taxCode: string;
  taxRate: string;
  unitCost: string;
}
export interface SoldOrderFacts {
  orderNo: string;
  division: string;
  warehouse: string;
  customer: string;
  placedAt: string;
  /** `null`: not dispatched yet, so no invoice either. */
  shippedAt: string | null;
  currency: string;
  lines: SoldLineFacts[];
}
export interface ItemFacts {
  sku: string;
  /** The ERP's own spelling. */
  code: string;
  division: string;
  /** What a unit costs where no sale says it. */
  standardCost?: string;
  /** Eaches in a carton; unknown or 0: nobody has said. */
  unitsPerCase?: number;
}

export interface PurchaseOrderLineFacts {
  poLine: number;
  sku: string;
  ordered: number;
  cancelled: number;
  invoiced: number;
  /** Decimal text in the order's currency. */
  unitCost: string;
}
/** A purchase order as the ERP's people left it. */
export interface PurchaseOrderFacts {
  poNo: string;
  division: string;
  warehouse: string;
  currency: string;
  /** Rate to the base currency as decimal text. */
  rate: string;
  status: 'OPEN' | 'CLOSED_RECEIVING' | 'CLOSED' | 'CANCELLED';
  /** Landed cost of one unit by element, decimal text in base currency. */
  landed: { element: string; perUnit: string }[];
  lines: PurchaseOrderLineFacts[];
}

/** Account and tax of a charge or deduction code. */
export interface CodeRule {
  account: string;
  taxCode: string;
  /** A fraction. */
  taxRate: string;
}

/** The site's rules that an outcome depends on. Limits are decimal text in base currency, `null` for none. */
export interface HouseRules {
  zone: string;
  baseCurrency: string;
  /** Rates to the base currency, for limits only. */
  rates: Readonly<Record<string, string>>;
  /** Source location → the ERP's warehouse for sellable goods. */
  locations: Readonly<Record<string, string>>;
  nonSellableWarehouse: string;
  deductions: Readonly<Record<string, CodeRule>>;
  charges: Readonly<Record<string, CodeRule>>;
  creditPerReturn: string | null;
  creditPerCustomerDay: string | null;
  /** Of a return's goods at cost, in base currency. */
  adjustmentAtCost: string | null;
  dispatchLeadMinutes: number;
  /** False: any open question holds both halves, however long it waits (a rehearsal; T-38 never comes). */
  halvesGoAhead: boolean;
  creditMemoRestocks: boolean;
}

const locations = { 'FC-UK-1': '01', 'FC-IE-1': '02', 'FC-EU-1': '03', 'FC-ROW-1': '04' } as const;

/** Codes of lines that are no goods: account, tax code and rate when no invoice line says otherwise. */
export const CHARGES: Readonly<Record<string, CodeRule>> = {
  POSTAGE: { account: '4200', taxCode: 'S20', taxRate: '0.20' },
  GIFTWRAP: { account: '4210', taxCode: 'S20', taxRate: '0.20' },
  POST: { account: '4200', taxCode: 'Z0', taxRate: '0.00' },
  DOT: { account: '4200', taxCode: 'Z0', taxRate: '0.00' },
  C2: { account: '4200', taxCode: 'Z0', taxRate: '0.00' },
  D: { account: '4230', taxCode: 'Z0', taxRate: '0.00' },
  M: { account: '4240', taxCode: 'Z0', taxRate: '0.00' },
  AMAZONFEE: { account: '7310', taxCode: 'Z0', taxRate: '0.00' },
  'BANK CHARGES': { account: '7300', taxCode: 'Z0', taxRate: '0.00' },
};

/** Amounts kept back from a refund, by reason: a restocking fee bears VAT at 20 %, the other two none. */
export const DEDUCTIONS: Readonly<Record<string, CodeRule>> = {
  'RESTOCK-FEE': { account: '4910', taxCode: 'S20', taxRate: '0.20' },
  'RETURN-POSTAGE': { account: '4920', taxCode: 'Z0', taxRate: '0.00' },
  GOODWILL: { account: '4950', taxCode: 'Z0', taxRate: '0.00' },
};

/** The site that the trading day is played at: sandbox/scenarios/README.md says the same in prose. */
export const TRADING_DAY_RULES: HouseRules = {
  zone: 'Europe/London',
  baseCurrency: 'GBP',
  rates: { EUR: '0.86', USD: '0.79' },
  locations,
  nonSellableWarehouse: '09',
  deductions: DEDUCTIONS,
  charges: CHARGES,
  creditPerReturn: '500.00',
  creditPerCustomerDay: '1500.00',
  adjustmentAtCost: '1000.00',
  dispatchLeadMinutes: 0,
  halvesGoAhead: true,
  creditMemoRestocks: false,
};

/** A history under no limits, and with the limit and lead time of a careful house (data/online-retail/README.md). */
export const HISTORY_RULES = {
  open: {
    ...TRADING_DAY_RULES,
    creditPerReturn: null,
    creditPerCustomerDay: null,
    adjustmentAtCost: null,
    halvesGoAhead: false,
  },
  house: { ...TRADING_DAY_RULES, adjustmentAtCost: null, dispatchLeadMinutes: 60, halvesGoAhead: false },
} as const satisfies Record<string, HouseRules>;
