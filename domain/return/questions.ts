/** The questions of a return. */
import type { PlannedQuestion as Planned } from '../question.js';
import type { ReturnQuestion } from './answers.js';

export type { PlannedChoice } from '../question.js';
export type PlannedQuestion = Planned<ReturnQuestion>;
