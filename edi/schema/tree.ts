import type { Source } from './source.js';

/** Levels that a tree of HL loops may be deep. */
export const DEEPEST = 32;

/** An HL loop as read: what it holds, and the index of the segment that opened it. */
export interface FlatLevel {
  readonly read: Readonly<Record<string, unknown>>;
  readonly opened: number;
}

interface Node {
  readonly children: Node[];
  readonly [property: string]: unknown;
}

interface Hierarchy {
  readonly id?: string;
  readonly parentId?: string;
  readonly level?: string;
  readonly hasChildren?: string;
}

/**
 * The HL loops of a set as the tree their numbers make: a level's parent stands before it, numbers run from 1
 * (X12 segment HL). The numbers themselves are the writer's business and are not kept.
 */
export function treeOf(levels: readonly FlatLevel[], source: Source): Node[] {
  const roots: Node[] = [];
  const known = new Map<string, { node: Node; depth: number; flat: FlatLevel }>();
  const refuse = (flat: FlatLevel, message: string, element: number): void => {
    source.broken = true;
    source.tell('hierarchy', message, flat.opened, { element });
  };
  levels.forEach((flat, n) => {
    const { hierarchy, ...held } = flat.read;
    const { id = '', parentId, level = '' } = (hierarchy ?? {}) as Hierarchy;
    const node: Node = { level, ...held, children: [] };
    const parent = parentId === undefined ? undefined : known.get(parentId);
    if (known.has(id)) refuse(flat, `HL01 ${id} is the number of an earlier level too`, 1);
    else if (id !== String(n + 1))
      source.tell(
        'hierarchy',
        `HL01 is ${id || 'empty'}; levels are numbered from 1 on, this is ${n + 1}`,
        flat.opened,
        { element: 1 },
        'error',
      );
    const depth = (parent?.depth ?? 0) + 1;
    if (parentId !== undefined && parent === undefined)
      refuse(flat, `HL02 names ${parentId} as parent, and no level before this one has that number`, 2);
    else if (depth > DEEPEST) refuse(flat, `levels are ${depth} deep here; ${DEEPEST} are allowed`, 2);
    else (parent?.node.children ?? roots).push(node);
    if (!known.has(id)) known.set(id, { node, depth, flat });
  });
  for (const { node, flat } of known.values()) checkChildren(node, flat, source);
  return roots;
}

/** HL04 says whether levels below this one follow. */
function checkChildren(node: Node, flat: FlatLevel, source: Source): void {
  const said = (flat.read['hierarchy'] as Hierarchy | undefined)?.hasChildren;
  const has = node.children.length > 0 ? '1' : '0';
  if (said === undefined || said === has) return;
  const message = `HL04 is ${said}, but ${has === '1' ? `${node.children.length} levels follow` : 'no level follows'} below it`;
  source.tell('hierarchy', message, flat.opened, { element: 4 }, 'warning');
}
