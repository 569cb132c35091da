/** What people see of a saga: its status, search attributes, current details and the `progress` query. */
import type { SearchAttributeUpdatePair } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { EXCEPTIONS } from '../domain/failures.js';
import { minorOf } from '../domain/money.js';
import type { OpenedQuestion, Question } from '../activities/desk/contract.js';
import type { Progress, QuestionProgress, StepProgress } from './messages.js';
import { SEARCH_ATTRIBUTES, type Attention, type SagaStatus } from './search-attributes.js';

const URGENCY: readonly Attention[] = ['none', 'question', 'half-posted', 'escalated', 'stuck', 'half-compensated'];
const MOST_REFUSALS = 5;
/**
 * What lists show of a step: the kind of thing it makes, `credit-memo` for `credit-memo-2-v3` too. So whoever looks for
 * it finds all, and steps of one kind in a row cost one event: one for each is more than the kit may take (design.md 6).
 */
export const kindOf = (step: string): string => step.replace(/(-\d+)?(-v\d+)?$/, '');
/** Attributes that are no reason for an event of their own: they go along with the next one. */
const BESIDE: readonly string[] = [SEARCH_ATTRIBUTES.Counterparts.name, SEARCH_ATTRIBUTES.Division.name];
const UNSET = Object.values(SEARCH_ATTRIBUTES).map(({ name }) => [name, 'null'] as const);

interface Stage {
  name: string;
  /** As lists show it. */
  listed: string;
}
interface OpenCard {
  progress: QuestionProgress;
  question: Question;
  escalated: boolean;
}

export class Board {
  readonly steps: StepProgress[] = [];
  readonly open = new Map<string, OpenCard>();
  readonly refusals: string[] = [];
  /** Attention that stands besides open questions: half-posted, stuck, half-compensated. */
  readonly standing = new Set<Attention>();
  /** Shared causes that the saga is held by, as in `location V-MISC`. */
  readonly held = new Set<string>();
  status: SagaStatus = 'running';
  /** What is done now, where neither a question nor a cause nor a step that runs says it. */
  private stageNow: Stage = { name: 'started', listed: 'started' };
  /** Steps begun since the saga was last over, as lists show them. */
  private readonly listedAs = new Map<string, string>();
  private division: string | null = null;
  /** Search attributes as they were last written, by name, as JSON. */
  private readonly written = new Map<string, string>(UNSET);

  private readonly process: string;
  private readonly source: string;
  private readonly businessKey: string;

  constructor(process: string, source: string, businessKey: string) {
    this.process = process;
    this.source = source;
    this.businessKey = businessKey;
  }

  /** Names what is done now, and shows it. */
  stage(name: string, listed = name): void {
    this.stageNow = { name, listed };
    this.show();
  }

  /** Begins a step; `listed` is what lists show while it runs. */
  step(name: string, title: string, listed = kindOf(name)): StepProgress {
    const known = this.steps.find((s) => s.name === name);
    const step: StepProgress = known ?? { name, title, state: 'running', numbers: [] };
    if (known === undefined) this.steps.push(step);
    step.state = 'running';
    this.listedAs.set(name, listed);
    this.stage(name, listed);
    return step;
  }

  /** The documents' divisions: one is shown, several are none that a list could be filtered by. None changes nothing. */
  serves(divisions: readonly string[]): void {
    const [first, ...others] = new Set(divisions);
    if (first !== undefined) this.division = others.length === 0 ? first : null;
  }

  /** The saga is held by a shared cause until a mapping solves it. */
  hold(cause: string): void {
    this.held.add(cause);
    this.show();
  }

  /** Ended as its status says; or not yet, because a later version came in the last moment. */
  over(newer: number | null): void {
    this.listedAs.clear();
    if (newer === null) this.standing.clear();
    else this.status = 'running';
    this.stage(newer === null ? this.status : `version ${newer} arrived`);
  }

  /** Shows a question as open. */
  ask(question: Question, opened: OpenedQuestion, dueAt: string | null): void {
    const { question: name, code, title, owner, choices } = question;
    const { asking, caseId, digest: shown } = opened;
    const progress = { question: name, asking, caseId, code, title, owner, shown, dueAt };
    this.open.set(name, {
      question,
      escalated: false,
      progress: { ...progress, choices: choices.map((c) => c.choice) },
    });
    this.show();
  }

  /** A reversal was refused: the process is half undone until a person has settled it (X-43). */
  halfCompensated(on: boolean): void {
    if (on) this.standing.add('half-compensated');
    else this.standing.delete('half-compensated');
    this.status = on ? 'half-compensated' : 'compensating';
    this.show();
  }

  refused(why: string): void {
    this.refusals.push(why);
    this.refusals.splice(0, this.refusals.length - MOST_REFUSALS);
    this.show();
  }

  attention(): Attention {
    const cards = [...this.open.values()];
    const asked: Attention[] = cards.map((card) => (card.escalated ? 'escalated' : 'question'));
    return [...this.standing, ...asked].reduce<Attention>(
      (most, next) => (URGENCY.indexOf(next) > URGENCY.indexOf(most) ? next : most),
      'none',
    );
  }

  progress(): Progress {
    const urgent = this.mostUrgent();
    return {
      process: this.process,
      businessKey: this.businessKey,
      status: this.statusNow(),
      stage: this.now().name,
      attention: this.attention(),
      owner: urgent?.question.owner ?? null,
      steps: this.steps,
      questions: [...this.open.values()].map((card) => card.progress),
      refusals: this.refusals,
    };
  }

  /** Writes the search attributes that changed: one event. Current details cost nothing. */
  show(): void {
    const changed = this.attributes().filter(({ key, value }) => JSON.stringify(value) !== this.written.get(key.name));
    if (changed.some(({ key }) => !BESIDE.includes(key.name))) {
      for (const { key, value } of changed) this.written.set(key.name, JSON.stringify(value));
      upsertSearchAttributes(changed);
    }
    setCurrentDetails(this.details());
  }

  private attributes(): SearchAttributeUpdatePair[] {
    const urgent = this.mostUrgent();
    const money = urgent?.question.amount ?? null;
    const due = urgent?.progress.dueAt ?? null;
    const numbers = this.steps.flatMap((step) => step.numbers);
    return [
      { key: SEARCH_ATTRIBUTES.Stage, value: this.now().listed },
      { key: SEARCH_ATTRIBUTES.Attention, value: this.attention() },
      { key: SEARCH_ATTRIBUTES.Owner, value: urgent?.question.owner ?? null },
      { key: SEARCH_ATTRIBUTES.Source, value: this.source },
      { key: SEARCH_ATTRIBUTES.BusinessKey, value: this.businessKey },
      { key: SEARCH_ATTRIBUTES.Division, value: this.division },
      { key: SEARCH_ATTRIBUTES.Currency, value: money?.currency ?? null },
      { key: SEARCH_ATTRIBUTES.ExposureMinor, value: money === null ? null : Number(minorOf(money)) },
      { key: SEARCH_ATTRIBUTES.DueAt, value: due === null ? null : new Date(due) },
      { key: SEARCH_ATTRIBUTES.Counterparts, value: numbers.length === 0 ? null : numbers },
    ];
  }

  private statusNow(): SagaStatus {
    if (this.status !== 'running') return this.status;
    const urgent = this.mostUrgent();
    if (urgent === undefined) return this.held.size > 0 ? 'held' : 'running';
    // A document that may simply be tried again is refused and held; nobody's approval is what it lacks.
    return urgent.question.choices.some(({ choice }) => choice === 'retry') ? 'held' : 'waiting for approval';
  }

  /** The most urgent question, else what holds the saga, else the step that runs, else what was named last. */
  private now(): Stage {
    const asked = this.mostUrgent()?.progress.question;
    if (asked !== undefined) return { name: asked, listed: asked };
    const [cause] = this.held;
    if (cause !== undefined) return { name: `held: ${cause}`, listed: `held: ${cause}` };
    const step = this.steps.find(({ name, state }) => state === 'running' && this.listedAs.has(name))?.name;
    return step === undefined ? this.stageNow : { name: step, listed: this.listedAs.get(step) ?? step };
  }

  private mostUrgent(): OpenCard | undefined {
    const cards = [...this.open.values()];
    return cards.find((card) => card.escalated) ?? cards[0];
  }

  private details(): string {
    const steps = this.steps.map((s) => `* ${s.title}: **${s.state}** ${s.numbers.join(', ')}`);
    const questions = [...this.open.values()].map(({ progress: q, question }) =>
      [
        `### ${q.title}`,
        `${q.code === 'approval' ? '' : `${q.code}: ${sentence(q.code)}. `}Waits for **${q.owner}**${until(q.dueAt)}.`,
        question.steps.map((line) => `1. ${line}`).join('\n'),
        question.choices.map((c) => `* \`${c.choice}\`: ${c.label}`).join('\n'),
        'Ready to paste into `decide` (signal or update), with your choice, why, and who you are in `by`:',
        ['```json', answerTo(q), '```'].join('\n'),
      ].join('\n\n'),
    );
    const refused = this.refusals.map((why) => `> Not accepted: ${why}`);
    return [`**${this.statusNow()}**`, steps.join('\n'), ...questions, ...refused].join('\n\n').slice(0, 15_000);
  }
}

const answerTo = ({ question, asking, choices, shown }: QuestionProgress): string =>
  JSON.stringify({ question, asking, choice: choices[0], why: '', shown, by: '' }, null, 2);

const until = (dueAt: string | null): string =>
  dueAt === null ? '' : ` until ${dueAt.slice(0, 10)} ${dueAt.slice(11, 16)} UTC`;

const sentence = (code: string): string =>
  code in EXCEPTIONS ? EXCEPTIONS[code as keyof typeof EXCEPTIONS].sentence : code;
