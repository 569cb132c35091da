import type { Acknowledgement } from './acknowledge.js';
import type { InterchangeHeader } from './items.js';
import type { Release } from './schema/release.js';
import type { FunctionalAcknowledgement } from './sets/997.js';
import type { Outgoing, OutgoingGroup } from './outgoing.js';
import type { Separators } from './syntax/separators.js';

/**
 * The interchange that carries the answers to another one back: sender and receiver changed, its TA1 first, one group
 * of 997s for each release. Its separators are the usual ones, but for those that stand in what it must say.
 * @param answers what `acknowledging` returned for one interchange, or several of one partner; at least one.
 * @param at the day and time of the answer, `2026-03-31` and `09:30`.
 * @throws RangeError for answers to several partners, or to test and production: each has a reply of its own.
 */
export function replyTo(
  answers: readonly Acknowledgement[],
  at: { readonly date: string; readonly time: string },
): Outgoing {
  const [first] = answers;
  if (first === undefined) throw new RangeError('there is no answer to carry back');
  const { interchange } = first;
  checkOnePartner(answers, interchange);
  const byGroup = new Map<
    string,
    { sender: string; receiver: string; release: Release; documents: FunctionalAcknowledgement[] }
  >();
  for (const answer of answers) {
    if (answer.kind === 'TA1') continue;
    const { sender: receiver, receiver: sender } = answer.group;
    const key = [sender, receiver, answer.release].join('*');
    const group = byGroup.get(key) ?? { sender, receiver, release: answer.release, documents: [] };
    group.documents.push(answer.document);
    byGroup.set(key, group);
  }
  const reply: Outgoing = {
    sender: { qualifier: interchange.receiverQualifier, id: interchange.receiver },
    receiver: { qualifier: interchange.senderQualifier, id: interchange.sender },
    ...at,
    usage: usageOf(interchange),
    interchangeAcknowledgements: answers.flatMap((answer) => (answer.kind === 'TA1' ? [answer.segment] : [])),
    groups: [...byGroup.values()],
  };
  const separators = fitting(reply);
  return Object.keys(separators).length > 0 ? { ...reply, separators } : reply;
}

const usageOf = ({ usage }: InterchangeHeader): 'P' | 'T' => (usage === 'P' ? 'P' : 'T');

/** Refuses answers to several partners: all but the first would read what is none of theirs. */
function checkOnePartner(answers: readonly Acknowledgement[], first: InterchangeHeader): void {
  const said = (of: InterchangeHeader): string =>
    `from ${of.senderQualifier} ${of.sender} to ${of.receiverQualifier} ${of.receiver}, ISA15 ${usageOf(of)}`;
  const other = answers.find(({ interchange }) => said(interchange) !== said(first));
  if (other === undefined) return;
  throw new RangeError(
    `the answers are to several partners (what came ${said(first)}; what came ${said(other.interchange)}): make one reply for each`,
  );
}

/** Separators by preference. The last of each is a control character, which nothing that is written holds. */
const CHOICES = {
  element: '*|\u001d',
  component: '>:\u001f',
  segment: '~\u001c',
  repetition: '^!\u001e',
} as const satisfies Partial<Record<keyof Separators, string>>;

/** The separators that must be other than the usual ones, because a value holds those. */
function fitting({ sender, receiver, interchangeAcknowledgements, groups }: Outgoing): Partial<Separators> {
  const held = new Set<string>();
  hold([sender, receiver, interchangeAcknowledgements, groups], held);
  const free = (of: keyof typeof CHOICES): string => [...CHOICES[of]].find((one) => !held.has(one)) ?? '';
  const roles = [
    'element',
    'component',
    'segment',
    ...(groups.some(isRepeating) ? (['repetition'] as const) : []),
  ] as const;
  return Object.fromEntries(
    roles.filter((of) => !CHOICES[of].startsWith(free(of))).map((of) => [of, free(of).charCodeAt(0)]),
  );
}

const isRepeating = ({ release }: OutgoingGroup): boolean => release === '005010';

const CHOSEN = new Set(Object.values(CHOICES).join(''));

/** Notes the separators that stand in the text of a value, however deep. */
function hold(value: unknown, held: Set<string>): void {
  if (typeof value === 'string') for (const one of value) if (CHOSEN.has(one)) held.add(one);
  if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) hold(one, held);
}
