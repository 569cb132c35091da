import type { Source } from './source.js';

/** Levels that a tree of HL loops may be deep. */
export const DEEPEST = 32;

/** A level as the tree holds it; until it has its place, `level` is all that its HL says. */
interface Node {
  level: unknown;
  children: readonly Node[];
  readonly [property: string]: unknown;
}

/** An HL loop as read, and the index of the segment that opened it. */
export interface FlatLevel {
  readonly node: Node;
  readonly opened: number;
}

interface Hierarchy {
  readonly id?: string;
  readonly parentId?: string;
  readonly level?: string;
  readonly hasChildren?: string;
}

interface Placed {
  readonly node: Node;
  readonly opened: number;
  readonly depth: number;
  readonly hasChildren: string | undefined;
  below: Node[] | null;
}

/**
 * The HL loops of a set as the tree their numbers make: a level's parent stands before it, numbers run from 1
 * (X12 segment HL). The numbers themselves are the writer's business and are not kept.
 */
export function treeOf(levels: readonly FlatLevel[], source: Source): Node[] {
  const roots: Node[] = [];
  const known = new Map<string | number, Placed>();
  let expected = 1;
  // Levels that are open, by their depth, and how deep they are.
  const path: Placed[] = [];
  let open = 0;
  for (const { node, opened } of levels) {
    const { id = '', parentId, level = '', hasChildren }: Hierarchy = node.level ?? {};
    node.level = level;
    const number = numberOf(id);
    const parent = parentId === undefined ? null : known.get(numberOf(parentId));
    const depth: number = (parent?.depth ?? 0) + 1;
    const placed: Placed = { node, opened, depth, hasChildren, below: null };
    if (known.has(number)) refuse(source, opened, 1, `HL01 ${id} is the number of an earlier level too`);
    else {
      known.set(number, placed);
      if (number !== expected) tellGap(source, opened, id, expected);
      expected = (typeof number === 'number' ? number : expected) + 1;
    }
    if (depth > DEEPEST) {
      refuse(source, opened, 2, `levels are ${depth} deep here; ${DEEPEST} are allowed`);
      continue;
    }
    if (parent && (parent.depth > open || path[parent.depth] !== parent)) tellClosed(source, opened, parentId);
    path[depth] = placed;
    open = depth;
    if (parent === undefined)
      refuse(source, opened, 2, `HL02 names ${parentId} as parent, and no level before this one has that number`);
    else if (parent === null) roots.push(node);
    else if (parent.below === null) parent.node.children = parent.below = [node];
    else parent.below.push(node);
  }
  for (const placed of known.values()) checkChildren(placed, source);
  return roots;
}

/** Digits that a level's number may have; what is longer, or no number, is told apart as text. */
const MOST_DIGITS = 9;

/** A level's number, by which others name it: `01` is the level 1. */
function numberOf(id: string): string | number {
  const digits = id.charCodeAt(0) === 48 ? id.replace(/^0+(?=.)/, '') : id;
  if (digits.length === 0 || digits.length > MOST_DIGITS) return digits;
  let number = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = digits.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return digits;
    number = number * 10 + digit;
  }
  return number;
}

function refuse(source: Source, opened: number, element: number, message: string): void {
  source.broken = true;
  source.tell('hierarchy', message, opened, { element });
}

/**
 * Levels stand from the top down and from left to right (X12 segment HL): none goes back to a level that is over. The
 * numbers say the tree all the same, so it is a warning.
 */
function tellClosed(source: Source, opened: number, parentId: string | undefined): void {
  const message = `HL02 names ${parentId} as parent, which ended when a level beside or above it began`;
  source.tell('hierarchy', message, opened, { element: 2 }, 'error');
}

/** Numbers run from 1 without gaps; a gap is told once. */
function tellGap(source: Source, opened: number, id: string, expected: number): void {
  const message = `HL01 is ${id || 'empty'}; levels are numbered from 1 on, this is ${expected}`;
  source.tell('hierarchy', message, opened, { element: 1 }, 'error');
}

/** HL04 says whether levels below this one follow. */
function checkChildren({ node, opened, below, hasChildren }: Placed, source: Source): void {
  const has = below !== null ? '1' : '0';
  if ((hasChildren !== '0' && hasChildren !== '1') || hasChildren === has) return;
  const message = `HL04 is ${hasChildren}, but ${has === '1' ? `${node.children.length} levels follow` : 'no level follows'} below it`;
  source.tell('hierarchy', message, opened, { element: 4 }, 'warning');
}
