/** What a saga can be sent and asked, under names that people see in the Web UI. Each takes one object. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Attention, SagaStatus } from './search-attributes.js';

export const decideUpdate = defineUpdate<string, [unknown]>('decide');
export const decideSignal = defineSignal<[unknown]>('decide');
/** A later version of the business object is in the inbox, or its movement is. */
export const versionArrived = defineSignal<[{ version: number }]>('versionArrived');
export const goodsMoved = defineSignal<[{ movementId: string }]>('goodsMoved');
/** Something may be new: read now instead of at the end of the sleep. */
export const nudge = defineSignal<[]>('nudge');
/** A shared cause (an unmapped location) has gone. */
export const causeSolved = defineSignal<[{ code: string; cause: string }]>('causeSolved');

export interface StepProgress {
  name: string;
  title: string;
  state: 'running' | 'posted' | 'forbidden' | 'refused' | 'reversed' | 'done';
  numbers: string[];
}
export interface QuestionProgress {
  question: string;
  asking: number | null;
  caseId: string | null;
  code: string;
  title: string;
  owner: string;
  choices: string[];
  shown: string | null;
  dueAt: string | null;
}
export interface Progress {
  process: string;
  businessKey: string;
  status: SagaStatus;
  stage: string;
  attention: Attention;
  owner: string | null;
  steps: StepProgress[];
  questions: QuestionProgress[];
  /** Why the last refused decisions changed nothing. */
  refusals: string[];
}
export const progress = defineQuery<Progress>('progress');
