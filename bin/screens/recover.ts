/** What a recovery found and did, or would do, in sentences. */
import type { Recovered } from '../../activities/recover/index.js';
import { at, counted } from '../../views/format.js';

const MOST_NAMED = 20;

/** The whole report. */
export function recoveredText(found: Recovered, zone: string): string {
  const { desk, claims, effects, postings, released } = found;
  const was = released === null ? 'would be' : 'were';
  const feeds = found.feeds.flatMap(({ feed, read }) => (read === null ? [] : [`${feed} ${read}`]));
  const idle = found.feeds.filter(({ read }) => read === null).map(({ feed }) => feed);
  return [
    `The store is from ${at(found.restoredTo, zone)}. Looked back to ${at(found.since, zone)}: ${counted(found.sagas, 'saga')}, ` +
      `${counted(postings.documents, 'document')} of ours changed in the ERP.`,
    ...(released === null
      ? ['Feeds are read when it is recovered.']
      : [
          `Rows read again: ${feeds.join(', ') || 'none'}.${idle.length === 0 ? '' : ` Not running, left alone: ${idle.join(', ')}.`}`,
        ]),
    `${counted(claims.claimed, 'claim')} ${was} made again; ${claims.finished} of those known ${was} finished with the recorded result.`,
    `${counted(effects.effects, 'record')} of units, days and clocks and ${counted(effects.announcements, 'announcement')} ${was} written again.`,
    `${counted(desk.questions, 'question')} ${was} opened under the known numbers, ${counted(desk.decisions, 'decision')} recorded as the histories say; ` +
      `${counted(desk.cases, 'case')} of sagas that go on.`,
    `Documents: ${postings.made} forgotten ones ${was} written down, ${postings.moved} moved on; ${postings.doubted} may be on their way: settle proves what became of them.`,
    ...unexplained(found),
    ...(released === null ? ['Nothing was changed: selvedge recover --why "…" does it.'] : releasedText(found, zone)),
  ].join('\n');
}

function unexplained({ postings }: Recovered): string[] {
  if (postings.unexplained.length === 0) return [];
  const named = postings.unexplained
    .slice(0, MOST_NAMED)
    .map(({ number, externalRef }) => `${number} (${externalRef})`);
  const more = postings.unexplained.length - named.length;
  return [
    `${counted(postings.unexplained.length, 'document')} bear a reference of ours that no saga accounts for; each is a case (X-62): ` +
      `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
  ];
}

function releasedText({ released, bearer, restoredTo }: Recovered, zone: string): string[] {
  if (released === null) return [];
  const { lostAudit, epoch } = released;
  const found = `${bearer.doubled} doubled, ${bearer.stray} stray, ${bearer.missing} missing`;
  return [
    `The single-bearer check: ${found}.`,
    ...(lostAudit === null
      ? []
      : [
          `Audit rows ${lostAudit.from} to ${lostAudit.to} are lost; the last one's hash was ${lostAudit.hash}. That is in the trail.`,
        ]),
    `Released, epoch ${epoch}. Sagas go on within seconds.`,
    `Do again what only people know of the time after ${at(restoredTo, zone)}: mapping rows, people, limits, holds, feeds started or paused, first of two agreements.`,
  ];
}
