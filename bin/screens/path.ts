/** The path of a number as text: what happened when, in the company's time, saga by saga. */
import { waits } from '../../views/case-words.js';
import { at, counted, indent, short } from '../../views/format.js';
import type { SagaPath, WholePath } from '../../views/path.js';
import { DOCUMENT_HEADINGS, documentRows, eventWords, momentsOf, standing } from '../../views/story.js';
import { table } from '../output.js';
import type { SagaState } from '../reads/sagas.js';

/** How a saga stands in Temporal, and where its Web UI shows it. */
export interface Shown {
  link: string | null;
  /** Null when Temporal was not asked or did not answer. */
  state: SagaState | null;
}

const open = (saga: SagaPath): string[] =>
  saga.cases.filter((row) => waits(row.state)).map((row) => `waits for ${row.owner}: selvedge case ${row.id}`);

function sagaText(saga: SagaPath, shown: Shown | undefined, zone: string): string {
  const link = shown?.link ?? null;
  return [
    `${saga.workflowId}: ${standing(saga, shown?.state ?? null)}`,
    ...(link === null ? [] : [`  ${link}`]),
    ...open(saga).map((line) => `  ${line}`),
    ...momentsOf(saga).map((moment) => `  ${at(moment.at, zone)}  ${short(moment.words, 400)}`),
  ].join('\n');
}

const documentsText = (path: WholePath, zone: string): string[] =>
  path.documents.length === 0 ? [] : ['', 'Documents', indent(table(DOCUMENT_HEADINGS, documentRows(path, zone)))];

/** The whole path, the sagas in the order they were found. */
export function pathText(number: string, path: WholePath, shown: ReadonlyMap<string, Shown>, zone: string): string {
  return [
    `${number}: ${counted(path.sagas.length, 'saga')}, ${counted(path.documents.length, 'document')}`,
    ...path.sagas.flatMap((saga) => ['', sagaText(saga, shown.get(saga.workflowId), zone)]),
    ...(path.loose.length === 0
      ? []
      : [
          '',
          'Came in and led to no saga',
          ...path.loose.map((event) => `  ${at(event.sourceTime ?? event.receivedAt, zone)}  ${eventWords(event)}`),
        ]),
    ...documentsText(path, zone),
    ...(path.cutOff ? ['', 'There is more than is shown: search by a number that fewer share.'] : []),
    '',
    `Times are ${zone}.`,
  ].join('\n');
}
