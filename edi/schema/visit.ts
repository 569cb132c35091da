import { compiled } from './code.js';
import type { Sheet } from './sheet.js';

/** A property that a writer looks for in an object. */
export interface Visited<Of> {
  readonly name: string;
  /** when there is nothing to put: a list that is empty or absent, a value that is absent, or never */
  readonly nothing: 'empty' | 'absent' | 'never';
  readonly put: (sheet: Sheet, held: unknown, of: Of) => void;
}

/** Puts the properties of an object in their order, and refuses those it should not have. */
export type Visit<Of> = (value: Record<string, unknown>, sheet: Sheet, of: Of) => void;

/** Puts what is there, and answers whether there may be other properties. */
type Put<Of> = (value: Record<string, unknown>, sheet: Sheet, of: Of) => boolean;

/** A visit of the properties of an object, made once; `others` are properties that it may have besides. */
export function visitOf<Of>(
  ref: string,
  visited: readonly Visited<Of>[],
  others: readonly Pick<Visited<Of>, 'name'>[] = [],
): Visit<Of> {
  const besides = others.map(({ name }): Visited<Of> => ({ name, nothing: 'absent', put: () => undefined }));
  const all = [...visited, ...besides];
  const names: ReadonlySet<string> = new Set(all.map(({ name }) => name));
  let put: Put<Of> | null = null;
  return (value, sheet, of) => {
    if ((put ??= compiledPut(all) ?? plainPut(all))(value, sheet, of)) refuseOthers(sheet, value, names, ref);
  };
}

/** Code of its own for the properties: each is looked up and put at a place of its own. */
function compiledPut<Of>(visited: readonly Visited<Of>[]): Put<Of> | null {
  const lines = visited.map(({ name, nothing }, n) => {
    const put = `p${n}(sheet, v, of);`;
    return `v = value[${JSON.stringify(name)}];
      if (v !== undefined) { known++; ${nothing === 'empty' ? `if (!Array.isArray(v) || v.length > 0) ${put}` : put} }
      ${nothing === 'never' ? `else ${put}` : ''}`;
  });
  return compiled<Put<Of>>(
    visited.map((_, n) => `p${n}`),
    `return (value, sheet, of) => {
      let v, known = 0, all = 0;
      ${lines.join('\n')}
      for (const name in value) all++;
      return all !== known;
    };`,
    visited.map(({ put }) => put),
  );
}

function plainPut<Of>(visited: readonly Visited<Of>[]): Put<Of> {
  return (value, sheet, of) => {
    for (const { name, nothing, put } of visited) {
      const held = value[name];
      const empty = held === undefined || (nothing === 'empty' && Array.isArray(held) && held.length === 0);
      if (!empty || nothing === 'never') put(sheet, held, of);
    }
    return true;
  };
}

/** Properties that the schema does not know are a mistake, not an ornament. */
function refuseOthers(sheet: Sheet, value: Record<string, unknown>, names: ReadonlySet<string>, ref: string): void {
  for (const name in value) {
    if (names.has(name) || value[name] === undefined) continue;
    sheet.path.push(name);
    sheet.refuse({ ref }, undefined, `no such property; known are ${[...names].join(', ')}`);
    sheet.path.pop();
  }
}
