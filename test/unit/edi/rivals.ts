/** The same file as the segments that three readers make of it: tag and elements, as text. */
import nodeX12 from 'node-x12';
import { X12parser } from 'x12-parser';
import { readSync, type Item } from '../../../edi/index.js';
import { segmentsIn, valuesOf } from '../../../edi/syntax/spelling.js';

/** Tag and elements. */
export type Segments = readonly (readonly string[])[];
/** Segments, or why there are none. */
export type Answer = Segments | Error;

export const LIBRARIES = ['node-x12', 'x12-parser'] as const;
export type Library = (typeof LIBRARIES)[number];

/** Our segments of an item, from its bytes. */
export const segmentsOf = (item: Item): Segments =>
  item.kind === 'outside' || item.spelling === null ? [] : cutOf(item.spelling);

const cutOf = (spelling: Parameters<typeof valuesOf>[0]): Segments =>
  Array.from({ length: segmentsIn(spelling) }, (_, n) => valuesOf(spelling, n));

/** What a library makes of a file. */
export async function answerOf(library: Library, bytes: Buffer): Promise<Answer> {
  try {
    return library === 'node-x12' ? byNodeX12(bytes) : await byX12Parser(bytes);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

type Parsed = ReturnType<InstanceType<typeof nodeX12.X12Parser>['parse']>;
type Interchange = Extract<Parsed, { functionalGroups: unknown }>;
type Segment = Interchange['header'];

/** node-x12: strictly where it can, which alone knows several interchanges; leniently where that throws. */
function byNodeX12(bytes: Buffer): Segments {
  const text = bytes.toString('latin1');
  const strictly = (): Parsed => new nodeX12.X12Parser(true).parse(text);
  const leniently = (): Parsed => new nodeX12.X12Parser(false).parse(text);
  let parsed: Parsed | undefined;
  try {
    parsed = strictly();
  } catch {
    parsed = leniently();
  }
  if (parsed === undefined) return [];
  // Several of them come as an array of its own kind, which makes more of its kind.
  const interchanges = 'interchanges' in parsed ? Array.from(parsed.interchanges) : [parsed];
  return interchanges.flatMap(({ header, functionalGroups, trailer }) => [
    ...listed(header),
    ...functionalGroups.flatMap((group) => [
      ...listed(group.header),
      ...group.transactions.flatMap((set) => [
        ...listed(set.header),
        ...set.segments.flatMap(listed),
        ...listed(set.trailer),
      ]),
      ...listed(group.trailer),
    ]),
    ...listed(trailer),
  ]);
}

/** A header or trailer that did not come is not there, whatever its type says. */
const listed = (segment: Segment | undefined): Segments =>
  segment === undefined ? [] : [[segment.tag, ...segment.elements.map(({ value }) => value)]];

/** x12-parser hands out `{ name, 1, 2, 2-1 }`: elements in their order, components joined again. */
function byX12Parser(bytes: Buffer): Promise<Segments> {
  const first = [...readSync(bytes)].find((item) => item.kind === 'interchange');
  const component = String.fromCharCode(first?.interchange.separators.component ?? 0);
  return new Promise((resolve, reject) => {
    const segments: string[][] = [];
    const parser = new X12parser('latin1');
    parser.on('data', ({ name, ...parts }: Record<string, string>) => {
      const elements: string[] = [];
      for (const [key, value] of Object.entries(parts)) {
        const at = Number(key.split('-')[0]) - 1;
        elements[at] = key.includes('-') ? `${elements[at] ?? ''}${component}${value}` : value;
      }
      segments.push([name ?? '', ...elements]);
    });
    parser.on('end', () => resolve(segments));
    parser.on('error', reject);
    parser.end(bytes);
  });
}
