import type { Acknowledgement } from './acknowledge.js';
import type { Release } from './schema/release.js';
import type { FunctionalAcknowledgement } from './sets/997.js';
import type { Outgoing } from './outgoing.js';

/**
 * The interchange that carries the answers to another one back: sender and receiver changed, its TA1 first, one group
 * of 997s for each release.
 * @param answers what `acknowledging` returned for one interchange; at least one.
 * @param at the day and time of the answer, `2026-03-31` and `09:30`.
 */
export function replyTo(
  answers: readonly Acknowledgement[],
  at: { readonly date: string; readonly time: string },
): Outgoing {
  const [first] = answers;
  if (first === undefined) throw new RangeError('there is no answer to carry back');
  const { interchange } = first;
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
  return {
    sender: { qualifier: interchange.receiverQualifier, id: interchange.receiver },
    receiver: { qualifier: interchange.senderQualifier, id: interchange.sender },
    ...at,
    usage: interchange.usage === 'P' ? 'P' : 'T',
    interchangeAcknowledgements: answers.flatMap((answer) => (answer.kind === 'TA1' ? [answer.segment] : [])),
    groups: [...byGroup.values()],
  };
}
