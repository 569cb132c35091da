/** Reference data of the trading day: divisions, warehouses, reasons, accounts, articles (scenarios/README.md). */
import type { Random } from '../core/index.js';
import type { ItemFacts } from '../reckoning/index.js';

export const DIVISIONS = [
  { code: 'WOM', name: 'Womenswear', currency: 'GBP' },
  { code: 'MEN', name: 'Menswear', currency: 'GBP' },
  { code: 'ACC', name: 'Accessories', currency: 'GBP' },
] as const;

export const WAREHOUSES = [
  { code: '01', name: 'Leicester fulfilment centre', physical: true },
  { code: '02', name: 'Dublin fulfilment centre', physical: true },
  { code: '03', name: 'Venlo fulfilment centre', physical: true },
  { code: '04', name: 'Overseas fulfilment centre', physical: true },
  { code: '09', name: 'Damaged goods, not for sale', physical: true },
  { code: 'POE', name: 'In transit to port of entry', physical: false },
  { code: 'FOB', name: 'At the supplier', physical: false },
] as const;

/** Reasons with the contra account of stock documents: cost of sales for returns, shrinkage for losses, a claim on the supplier. */
export const REASONS = [
  { code: 'RET', name: 'Customer return', glAccount: '5000' },
  { code: 'RETURN', name: 'Credit for a customer return', glAccount: '4100' },
  { code: 'COUNT', name: 'Stock count', glAccount: '5900' },
  { code: 'DAMAGE', name: 'Damage and loss', glAccount: '5900' },
  { code: 'RTV', name: 'Sent back to the supplier', glAccount: '2170' },
] as const;

export const ACCOUNTS = [
  { account: '1100', name: 'Trade receivables' },
  { account: '1400', name: 'Stock' },
  { account: '2100', name: 'Trade payables' },
  { account: '2150', name: 'Goods received, not invoiced' },
  { account: '2160', name: 'Landed cost accrued, other' },
  { account: '2161', name: 'Duty accrued' },
  { account: '2162', name: 'Freight accrued' },
  { account: '2170', name: 'Claims on suppliers' },
  { account: '2200', name: 'VAT on sales' },
  { account: '4000', name: 'Sales' },
  { account: '4100', name: 'Sales returns' },
  { account: '4200', name: 'Postage charged' },
  { account: '4210', name: 'Gift wrapping charged' },
  { account: '4230', name: 'Discounts given by hand' },
  { account: '4240', name: 'Manual adjustments' },
  { account: '4900', name: 'Returns without an order' },
  { account: '4910', name: 'Restocking fees' },
  { account: '4920', name: 'Return postage kept back' },
  { account: '4950', name: 'Goodwill' },
  { account: '5000', name: 'Cost of sales' },
  { account: '5900', name: 'Shrinkage' },
  { account: '5950', name: 'Purchase price variance' },
  { account: '7300', name: 'Bank charges' },
  { account: '7310', name: 'Marketplace fees' },
] as const;

/** Ledger accounts a division posts to. */
export const DIVISION_ACCOUNTS = {
  sales: '4000',
  salesReturns: '4100',
  tax: '2200',
  receivable: '1100',
  stock: '1400',
  costOfSales: '5000',
  received: '2150',
  duty: '2161',
  freight: '2162',
  landed: '2160',
  payable: '2100',
  priceVariance: '5950',
} as const;

export const PLACES = [
  { code: 'FC-UK-1', name: 'Leicester', kind: 'CENTRE', active: true },
  { code: 'FC-IE-1', name: 'Dublin', kind: 'CENTRE', active: true },
  { code: 'FC-EU-1', name: 'Venlo', kind: 'CENTRE', active: true },
  { code: 'FC-ROW-1', name: 'Overseas', kind: 'CENTRE', active: true },
  { code: 'V-MISC', name: 'Pop-up and events', kind: 'VIRTUAL', active: true },
] as const;

/** An article: the ERP's key and spelling, Archean's spelling, price and cost as decimal text. */
export interface Article extends ItemFacts {
  spelled: string;
  price: string;
  cost: string;
  size: string;
  sizeRange: string;
  upc: string;
  /** Eaches in a carton as the ERP says; 0: nobody has said. */
  unitsPerCase: number;
}

/** How Archean may spell `00123-NVY-M`: each article in one of these ways, leading zeros always kept. */
const SPELLINGS: readonly ((code: string) => string)[] = [
  (code) => code,
  (code) => code.toLowerCase(),
  (code) => code.replaceAll('-', '.'),
  (code) => code.replaceAll('-', '/').toLowerCase(),
  (code) => code.replaceAll('-', ' '),
  (code) => code.replaceAll('-', ''),
];

const RANGES = { WOM: ['08', '10', '12'], MEN: ['S', 'M', 'L'], ACC: ['OS'] } as const;
const COLOURS = ['NVY', 'BLK', '007', 'RED'] as const;
/** Whole pounds and pence under the credit limit even for a few units. */
const PRICES = ['24.95', '29.50', '34.00', '39.95', '45.00', '59.95'] as const;
const COSTS = ['9.10', '11.25', '12.80', '15.40', '17.05', '22.60'] as const;
const STYLES = ['00123', '00417', '01002', '04055', '10230', '20881'] as const;
/** Cartons by style; the last style's are known to no master file. */
const UNITS_PER_CASE = [12, 6, 12, 24, 10, 0] as const;
/** What such a carton holds when it is opened. */
export const UNLISTED_CASE = 8;

const sizesOf = (style: string, units: Readonly<Record<string, number>>) =>
  Object.entries(units).map(([size, count]) => ({ sku: `${style}|||${size}`, units: count }));

/** Prepacks the site knows, the same for every seed (scenarios/README.md). */
export const PREPACKS = [
  { code: 'PPK-00123-NVY', contents: sizesOf('WOM|00123|NVY', { '08': 2, '10': 3, '12': 1 }) },
  { code: 'PPK-M00417-BLK', contents: sizesOf('MEN|M00417|BLK', { S: 1, M: 2, L: 2 }) },
];
/** One that only the warehouse has seen. */
export const STRANGE_PREPACK = {
  code: 'PPK-01002-MIX',
  contents: sizesOf('WOM|01002|NVY', { '08': 1, '10': 1, '12': 1 }),
};

/** Styles are numbered per division; womenswear came first and has the bare numbers. */
const DIVISION_PREFIX = { WOM: '', MEN: 'M', ACC: 'A' } as const;

/** The catalogue of a seed: three divisions, styles with leading zeros, a price per style. */
export function articles(random: Random): Article[] {
  let upc = 5_012_345_000_000;
  return DIVISIONS.flatMap(({ code: division }) =>
    STYLES.flatMap((style, index) => {
      const shift = random.int(0, PRICES.length - 1);
      const at = (index + shift) % PRICES.length;
      return COLOURS.slice(0, 2 + (index % 3)).flatMap((colour) =>
        RANGES[division].map((size): Article => {
          const own = `${DIVISION_PREFIX[division]}${style}`;
          const code = `${own}-${colour}-${size}`;
          upc += 1;
          return {
            sku: `${division}|${own}|${colour}|||${size}`,
            code,
            division,
            spelled: random.pick(SPELLINGS)(code),
            price: PRICES[at] ?? '24.95',
            cost: COSTS[at] ?? '9.10',
            size,
            sizeRange: division === 'ACC' ? 'ONE' : 'TOPS',
            upc: String(upc),
            unitsPerCase: UNITS_PER_CASE[index] ?? 0,
          };
        }),
      );
    }),
  );
}
