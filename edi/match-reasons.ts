import type { CodeList } from './schema/elements.js';
import { ELEMENT_ERRORS, GROUP_ERRORS, SEGMENT_ERRORS, TRANSACTION_ERRORS } from './segments/acknowledgements.js';
import type { AnsweredTransaction, FunctionalAcknowledgement, SegmentError } from './sets/997.js';

const named = (code: string, { names }: CodeList): string =>
  Object.hasOwn(names, code) ? (names[code] ?? '') : 'a code of no meaning here';

const reasonsOf = (segment: string, codes: readonly string[] = [], names: CodeList): string[] =>
  codes.filter((code) => code !== '').map((code) => `${named(code, names)} (${segment} ${code})`);

/** Why a group is answered as it is: a sentence for each code of its AK9. */
export const reasonsOfGroup = ({ result }: FunctionalAcknowledgement): string[] =>
  reasonsOf('AK9', result.errors, GROUP_ERRORS);

/** Why a set is answered as it is: a sentence for each code of the set, its segments and their elements. */
export const reasonsOfSet = ({ segments, result }: AnsweredTransaction): string[] => [
  ...reasonsOf('AK5', result.errors, TRANSACTION_ERRORS),
  ...segments.flatMap(reasonsOfSegment),
];

function reasonsOfSegment({ segment: { segmentId, position, loop, code }, elements }: SegmentError): string[] {
  const where = `segment ${position}, ${segmentId}${loop === undefined ? '' : ` in loop ${loop}`}`;
  const own = code === undefined || (code === '8' && elements.length > 0);
  return [
    ...(own ? [] : [`${where}: ${named(code, SEGMENT_ERRORS)} (AK3 ${code})`]),
    ...elements.map(({ place: { element, component }, code: error, value }) => {
      const part = component === undefined ? '' : `, component ${component}`;
      const found = value === undefined ? '' : `: ${JSON.stringify(value)}`;
      return `${where}, element ${element}${part}: ${named(error, ELEMENT_ERRORS)} (AK4 ${error})${found}`;
    }),
  ];
}
