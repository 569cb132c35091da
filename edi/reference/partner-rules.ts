/** What Amazon Vendor Central makes of an element: facts/amazon-vendor.md, by section, with its source and confidence. */
export interface PartnerRule {
  readonly set: string;
  /** segment, or element of it */
  readonly where: string;
  readonly rule: string;
  /** part of the facts */
  readonly section: string;
  /** A by Amazon, B by an integrator, C by a third party, X the standard */
  readonly source: string;
}

const rulesOf = (
  set: string,
  section: string,
  rules: readonly (readonly [where: string, rule: string, source: string])[],
): PartnerRule[] => rules.map(([where, rule, source]) => ({ set, where, rule, section, source }));

/** By set, in the order of its segments. */
export const AMAZON_RULES: readonly PartnerRule[] = [
  ...rulesOf('850', '1.3', [
    ['BEG01', '00 original', 'EC-850, A'],
    ['BEG02', 'NE new order, NP new product, RO rush, CN consignment', 'EC-850, ST-850, A'],
    ['BEG03', '8 characters, letters and digits', 'EC-850, M-ORD, A'],
    ['REF01', 'CR customer reference must be there; PD promotion or deal may', 'EC-850, A'],
    ['FOB01', 'BP, CC, DF, FO, PP, PS', 'EC-850, A'],
    ['CSH01', 'must be there: N no backorder, Y backorder', 'EC-850, A'],
    ['DTM01', '064 do not deliver before and 063 do not deliver after, both', 'EC-850, A'],
    ['PKG', 'packing text, kept as it is', 'EC-850, A'],
    ['N9', 'L1, followed by MSG: notes, kept as they are', 'EC-850, A'],
    ['N103', 'of ST: 15, 92 or ZZ; N104 is the fulfilment centre; neither name nor address', 'EC-850, PR-850, A'],
    ['PO101', 'text, echoed in every answer', 'EC-850, A'],
    ['PO103', 'EA each or CA case; set-up also offers UN and PE', 'EC-850, FTV, A/B'],
    ['PO104', 'net cost, per each even where PO103 is CA', 'EC-850, A'],
    ['PO106', 'one product a line: BP, EN, IB, UA, UK, UP or VN', 'EC-850, PR-850, A'],
    ['CTT01', 'counts the lines', 'EC-850, A'],
    ['CTT02', 'sum of PO102', 'EC-850, A'],
  ]),
  ...rulesOf('855', '1.4', [
    ['BAK01', '00', 'TD-855, A'],
    ['BAK02', 'AC in the public vendor file', 'PUBX, C'],
    ['BAK03', 'BEG03 of the order', 'TD-855, A'],
    ['PO101', 'line, quantity, unit and product as the order has them; every line must be there', 'GUIDE, A'],
    ['PO104', 'the price that will be invoiced; above zero, not above the order', 'GUIDE, A'],
    ['ACK01', 'the list depends on how the account was set up: IA or AC accepts', 'PUBX, GB, C'],
    ['ACK03', 'the unit of PO103', 'TD-855, A'],
  ]),
  ...rulesOf('856', '1.5', [
    ['BSN02', 'the same again when a notice is corrected; not used anew for 365 days', 'YU-MAN, GUIDE, A'],
    ['BSN05', '0001 to 0004, as the tree is', 'X-1005, X'],
    ['HL03', 'S shipment, O order, T tare, P pack, I item', 'X-735, ST-856, B'],
    ['TD1', 'cartons or pallets and their weight must be there', 'ST-856, B'],
    ['TD503', 'SCAC, after 2 in TD502', 'ST-856, GUIDE, A/B'],
    ['REF01', 'BM bill of lading, CN tracking or PRO', 'ST-856, B'],
    ['DTM01', '011 shipped and 017 estimated delivery, both', 'ST-856, B'],
    ['PRF01', 'one order level for each order', 'SC-FAQ, A'],
    ['MAN02', 'after GM: SSCC of the pallet in T, of the carton in P', 'YU-MAN, SW-1, A/C'],
    ['SN103', 'the unit of the order', 'RT, C'],
  ]),
  ...rulesOf('810', '1.6', [
    ['BIG01', 'not in the future, not before the order', 'GUIDE, A'],
    ['BIG02', 'never used again', 'GUIDE, A'],
    ['CUR02', 'must be there', 'ST-810, B'],
    ['N101', 'BT with the exact address; RI remit-to must be there', 'GUIDE, A'],
    ['ITD', 'the agreed terms', 'GUIDE, A'],
    ['IT104', 'the acknowledged price', 'GUIDE, A'],
    ['TDS01', 'items and charges less allowances, and tax; two implied decimals', 'X12, GUIDE, X/A'],
    ['SAC01', 'A allowance or C charge, each its own entry', 'GUIDE, A'],
    ['CTT01', 'counts IT1', 'X12, X'],
  ]),
  ...rulesOf('820', '1.7', [
    ['BPR02', 'total of the payment', 'ST-820, B'],
    ['TRN02', 'ties to the number of the payment', 'ST-820, TRV, B'],
    ['N101', 'PE, the vendor', 'ST-820, B'],
    ['RMR02', "the invoice's number after IV, or the number of the deduction", 'X-RMR, ST-820, X/B'],
    ['RMR04', 'paid: signed, with its point', 'X-RMR, X'],
    ['ADX02', 'which reasons Amazon uses is not known', 'X-426, X'],
  ]),
  ...rulesOf('846', '1.8', [
    ['BIA', 'no field list of Amazon is public; this is the general shape', 'X12, X'],
    ['QTY01', '33 available', 'X12, X'],
  ]),
  ...rulesOf('997', '1.9', [
    ['AK102', 'GS06 of the group that is answered', 'MS-997, X'],
    ['AK202', 'ST02 of the set that is answered', 'MS-997, X'],
  ]),
];
