/** The classes of returns a trading day holds (issue: A1), each as it happens in a shop. */
import type { Article } from './catalogue.js';
import { TAX, type Day, type PlannedReturn } from './day.js';

/** Draws the returns of one class into the day; some classes are two returns. */
type Recipe = (day: Day) => void;

const single = (day: Day, quantity: number, division?: string) => ({
  article: day.article(division),
  quantity,
  tax: TAX.standard,
});

const raise = (price: string, pence: number): string => {
  const total = Math.round(Number(price) * 100) + pence;
  return `${Math.floor(total / 100)}.${String(total % 100).padStart(2, '0')}`;
};

/** Classes that need no person. */
export const QUIET = {
  plain: (day) => {
    const order = day.order([{ article: day.article(), quantity: 1 }]);
    day.add('plain', day.returned([{ order, orderLine: 1, quantity: 1 }]));
  },
  'partial-quantity': (day) => {
    const order = day.order([{ ...single(day, 5), tax: TAX.zero }]);
    day.add('partial-quantity', day.returned([{ order, orderLine: 1, quantity: day.random.int(1, 4) }]));
  },
  'with-vat': (day) => {
    const order = day.order([single(day, 2, 'WOM'), single(day, 1, 'WOM')]);
    day.add('with-vat', day.returned([{ order, orderLine: 1, quantity: 2 }]));
  },
  'several-lines': (day) => {
    const order = day.order([single(day, 2, 'WOM'), single(day, 3, 'WOM')]);
    const lines = [
      { order, orderLine: 1, quantity: 1 },
      { order, orderLine: 2, quantity: day.random.int(1, 3) },
    ];
    day.add('several-lines', day.returned(lines));
  },
  'historic-vat': (day) => {
    const order = day.order([{ ...single(day, 3), tax: TAX.historic }], { placedAt: '2010-12-20T10:15:00.000Z' });
    day.add('historic-vat', day.returned([{ order, orderLine: 1, quantity: 2 }]));
  },
  'discount-share': (day) => {
    const order = day.order([{ ...single(day, 4), discount: day.random.pick(['4.00', '6.00', '10.00']) }]);
    day.add('discount-share', day.returned([{ order, orderLine: 1, quantity: day.random.int(1, 4) }]));
  },
  'second-currency': (day) => {
    const place = day.random.pick(['FC-EU-1', 'FC-IE-1'] as const);
    const tax = place === 'FC-IE-1' ? TAX.standard : TAX.zero;
    const order = day.order([{ ...single(day, 2), tax }], { place });
    day.add('second-currency', day.returned([{ order, orderLine: 1, quantity: day.random.int(1, 2) }]));
  },
  damaged: (day) => {
    const order = day.order([single(day, 2)]);
    const change = { condition: 'DAMAGED', disposition: 'NOT_SELLABLE', reasonCode: 'FAULTY' } as const;
    day.add('damaged', day.returned([{ order, orderLine: 1, quantity: 1, change }]));
  },
  'no-restock': (day) => {
    const order = day.order([single(day, 1)]);
    const change = { condition: 'UNKNOWN', disposition: 'NONE', reasonCode: 'KEPT-BY-CUSTOMER' } as const;
    day.add('no-restock', day.returned([{ order, orderLine: 1, quantity: 1, change }]));
  },
  'exchange-even': (day) => exchange(day, 'exchange-even', 0),
  'exchange-dearer': (day) => exchange(day, 'exchange-dearer', 1_500),
  'exchange-cheaper': (day) => exchange(day, 'exchange-cheaper', -700),
  'several-orders': (day) => {
    const first = day.order([single(day, 1, 'WOM')]);
    const second = day.order([single(day, 2, 'WOM')], { customer: first.customer });
    day.add(
      'several-orders',
      day.returned([
        { order: first, orderLine: 1, quantity: 1 },
        { order: second, orderLine: 1, quantity: 1 },
      ]),
    );
  },
  // Three units share a discount that three does not divide: the second return takes the remainder.
  'shared-order-line': (day) => {
    const order = day.order([{ ...single(day, 3), discount: '1.00' }]);
    day.add('shared-order-line', day.returned([{ order, orderLine: 1, quantity: 1 }]), order.orderNo);
    day.add('shared-order-line', day.returned([{ order, orderLine: 1, quantity: 2 }]), order.orderNo);
  },
  'several-divisions': (day) => {
    const first = day.order([single(day, 1, 'WOM')]);
    const second = day.order([single(day, 1, 'MEN')], { customer: first.customer });
    day.add(
      'several-divisions',
      day.returned([
        { order: first, orderLine: 1, quantity: 1 },
        { order: second, orderLine: 1, quantity: 1 },
      ]),
    );
  },
  'goods-and-charge': (day) => {
    const order = day.order([single(day, 1)], { charge: { code: 'POSTAGE', amount: '3.95' } });
    day.add(
      'goods-and-charge',
      day.returned([
        { order, orderLine: 1, quantity: 1 },
        { order, orderLine: 2, quantity: 1 },
      ]),
    );
  },
  'charge-alone': (day) => {
    const order = day.order([single(day, 2)], { charge: { code: 'GIFTWRAP', amount: '4.50' } });
    day.add('charge-alone', day.returned([{ order, orderLine: 2, quantity: 1 }]));
  },
  deduction: (day) => {
    const order = day.order([single(day, 1)]);
    const deductions = [{ code: day.random.pick(['RESTOCK-FEE', 'RETURN-POSTAGE']), amount: '4.95' }];
    day.add('deduction', day.returned([{ order, orderLine: 1, quantity: 1 }], { deductions }));
  },
  withdrawn: (day) => {
    const order = day.order([single(day, 1)]);
    const first = day.returned([{ order, orderLine: 1, quantity: 1 }], { restockState: 'PENDING' });
    day.add('withdrawn', [first, { ...first, version: 2, state: 'WITHDRAWN' }]);
  },
  corrected: (day) => {
    const order = day.order([single(day, 3)]);
    const first = day.returned([{ order, orderLine: 1, quantity: 2 }]);
    const second = day.returned([{ order, orderLine: 1, quantity: 1 }], { version: 2 });
    day.add('corrected', [first, second]);
  },
} as const satisfies Record<string, Recipe>;

/** Classes that end as an open case or approval with an owner. */
export const ASKING = {
  'no-original': (day) => {
    const article = day.article();
    day.add('no-original', loose(day, article));
  },
  exceeds: (day) => {
    const order = day.order([single(day, 2)]);
    day.add('exceeds', day.returned([{ order, orderLine: 1, quantity: 3 }]));
  },
  'refund-above-sold': (day) => refundOff(day, 'refund-above-sold', 350),
  'refund-below-sold': (day) => refundOff(day, 'refund-below-sold', -275),
  'unmapped-location': (day) => {
    const order = day.order([single(day, 1)]);
    day.add('unmapped-location', day.returned([{ order, orderLine: 1, quantity: 1 }], { location: 'V-MISC' }));
  },
  'unknown-sku': (day) => {
    const order = day.order([single(day, 1)]);
    const change = { sku: `GONE-${day.random.int(1000, 9999)}` };
    day.add('unknown-sku', day.returned([{ order, orderLine: 1, quantity: 1, change }]));
  },
  'above-limit': (day) => {
    const order = day.order([single(day, 24)]);
    day.add('above-limit', day.returned([{ order, orderLine: 1, quantity: 24 }]));
  },
  'costly-adjustment': (day) => {
    // Dear goods sold off cheaply: the credit is within its limit, the adjustment at cost is not.
    const article = day.article();
    const quantity = Math.ceil(1_100 / Number(article.cost));
    const discount = (Number(article.price) * quantity - 300).toFixed(2);
    const order = day.order([{ article, quantity, discount, tax: TAX.standard }]);
    day.add('costly-adjustment', day.returned([{ order, orderLine: 1, quantity }]));
  },
  undelivered: (day) => {
    const order = day.order([single(day, 2)]);
    const change = { state: 'UNDELIVERED', refund: { state: 'NONE', reference: '' } } as const;
    day.add('undelivered', day.returned([{ order, orderLine: 1, quantity: 2 }], change));
  },
  'before-dispatch': (day) => {
    const order = day.order([single(day, 1)], { undispatched: true });
    day.add('before-dispatch', day.returned([{ order, orderLine: 1, quantity: 1 }]));
  },
} as const satisfies Record<string, Recipe>;

/** The customer takes another article, `pence` dearer or cheaper; the credit stays as sold. */
function exchange(day: Day, className: string, pence: number): void {
  const sale = single(day, 1, 'WOM');
  const order = day.order([sale]);
  const unitPrice = raise(sale.article.price, pence);
  const tax = Math.floor((Math.round(Number(unitPrice) * 100) * 20 + 50) / 100);
  const line = {
    sku: day.otherThan(sale.article).spelled,
    quantity: 1,
    unitPrice,
    taxAmount: raise('0', tax),
  };
  const row = day.returned([{ order, orderLine: 1, quantity: 1 }], {
    exchange: { lines: [line] },
    refund: { state: pence < 0 ? 'REFUNDED' : 'NONE', reference: '' },
  });
  day.add(className, row);
}

function refundOff(day: Day, className: string, pence: number): void {
  const sale = single(day, 1);
  const order = day.order([sale]);
  const change = { refundUnitPrice: raise(sale.article.price, pence) };
  day.add(className, day.returned([{ order, orderLine: 1, quantity: 1, change }]));
}

/** A parcel with no order anybody can find. */
function loose(day: Day, article: Article): PlannedReturn {
  const row = day.returned([], { customer: `C-${day.random.int(90_000, 99_999)}` });
  return {
    ...row,
    restockState: 'RESTOCKED',
    lines: [
      {
        lineNo: 1,
        orderNo: '',
        orderLine: null,
        sku: article.spelled,
        quantity: 1,
        refundUnitPrice: article.price,
        condition: 'NEW',
        disposition: 'SELLABLE',
        kind: 'GOODS',
        reasonCode: 'NO-PAPERS',
      },
    ],
  };
}

/** What the rest of a day is made of, by weight. */
export const EVERYDAY = [
  'plain',
  'plain',
  'plain',
  'partial-quantity',
  'partial-quantity',
  'with-vat',
  'with-vat',
  'several-lines',
  'discount-share',
  'second-currency',
  'damaged',
  'goods-and-charge',
] as const satisfies readonly (keyof typeof QUIET)[];

export type ReturnClass = keyof typeof QUIET | keyof typeof ASKING;
export const RETURN_CLASSES = [...Object.keys(QUIET), ...Object.keys(ASKING)] as ReturnClass[];
export const RECIPES: Readonly<Record<ReturnClass, Recipe>> = { ...QUIET, ...ASKING };
