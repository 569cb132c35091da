/** What holds a saga without asking anyone: a mapping that is not there (design.md 6, R-041). Adding the row releases all it holds. */

export interface Cause {
  code: 'X-02' | 'X-03' | 'X-08' | 'X-45';
  /** Key of the one case all held sagas share: `location V-MISC`, `sku 22386x`, `charge POST`, `division 20 at FC-UK-1`. */
  cause: string;
  /** One sentence for the case. */
  title: string;
}

export const locationCause = (location: string, businessDate: string): Cause => ({
  code: 'X-03',
  cause: `location ${location}`,
  title: `Location ${location} has no warehouse and division on ${businessDate}: add a row to the location map.`,
});

export const divisionCause = (division: string, location: string): Cause => ({
  code: 'X-03',
  cause: `division ${division} at ${location}`,
  title: `Location ${location} may not serve division ${division}: add it to the location's row.`,
});

/** The way back of the location map: goods are announced at the one location that stands for their warehouse. */
export const warehouseCause = (warehouse: string, businessDate: string, locations: readonly string[]): Cause => ({
  code: 'X-03',
  cause: `warehouse ${warehouse}`,
  title:
    locations.length === 0
      ? `No location stands for warehouse ${warehouse} on ${businessDate}: add a row to the location map.`
      : `${locations.length} locations stand for warehouse ${warehouse} on ${businessDate} (${locations.slice(0, 5).join(', ')}): end all rows but one.`,
});

/** An item of the ERP that its own item master does not hold: it has no code to be announced by. */
export const itemCause = (item: string): Cause => ({
  code: 'X-02',
  cause: `item ${item}`,
  title: `Item ${item} is on a purchase order and not in the item master: add it there.`,
});

export const articleCause = (sku: string, problem: 'unknown' | 'ambiguous'): Cause =>
  problem === 'ambiguous'
    ? {
        code: 'X-08',
        cause: `sku ${sku}`,
        title: `Article code ${sku} fits two items of the ERP: add an alias row that names the right one.`,
      }
    : {
        code: 'X-02',
        cause: `sku ${sku}`,
        title: `Article code ${sku} fits no item of the ERP: correct the item master or add an alias row.`,
      };

/** A unit of receiving whose contents nobody has stated. */
export const packCause = (sku: string, uom: string): Cause => ({
  code: 'X-45',
  cause: `pack ${uom} of ${sku}`,
  title: `Nobody has stated what one ${uom} of ${sku} holds: add its contents to the item master or to the prepacks.`,
});

export const reasonCause = (reason: string): Cause => ({
  code: 'X-02',
  cause: `reason ${reason}`,
  title: `Reason ${reason} has no reason of the ERP: add a row to the reasons.`,
});

/** Each cause once, the first of those that share a case. */
export function eachOnce<C extends Cause>(causes: readonly C[]): C[] {
  const seen = new Set<string>();
  return causes.filter(({ code, cause }) => {
    const key = `${code} ${cause}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
