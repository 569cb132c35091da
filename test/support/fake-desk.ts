/** The desk as sagas see it (activities/desk/contract.ts), in memory: askings are numbered, decisions are judged. */
import type { Decision, OpenedQuestion, Question, Recorded } from '../../activities/desk/contract.js';
import { digestOf } from '../../domain/digest.js';

export interface Asking {
  question: Question;
  asking: number;
  digest: string;
  state: 'open' | 'decided' | 'withdrawn';
  decision: (Decision & { identity: 'proven' | 'claimed' }) | null;
}

export class FakeDesk {
  readonly askings: Asking[] = [];
  readonly raised: string[] = [];
  /** Codes of raised cases whose condition has gone. */
  readonly cleared: string[] = [];
  /** `level timer` of every escalation, in order. */
  readonly escalated: string[] = [];
  readonly refused: string[] = [];
  /** Causes that hold sagas; false while nobody has mended them. */
  readonly causes = new Map<string, boolean>();
  onAsked: (asking: Asking) => void = () => undefined;
  onHeld: (cause: string, code: string) => void = () => undefined;

  get open(): Asking[] {
    return this.askings.filter(({ state }) => state === 'open');
  }
  get decided(): string[] {
    return this.askings.flatMap(({ decision }) =>
      decision === null ? [] : [`${decision.question}: ${decision.choice}`],
    );
  }

  openQuestion({ question }: { question: Question }): OpenedQuestion {
    const digest = digestOf(question.shown);
    const asked = this.askings.filter((each) => each.question.question === question.question);
    const known = asked.find((each) => each.digest === digest);
    const asking: Asking = known ?? { question, asking: asked.length + 1, digest, state: 'open', decision: null };
    if (known === undefined) this.askings.push(asking);
    else if (known.decision === null) known.state = 'open';
    if (asking.decision === null) this.onAsked(asking);
    const caseId = `case-${this.askings.indexOf(asking) + 1}`;
    return { caseId, asking: asking.asking, digest, dueAt: null, decided: asking.decision };
  }

  recordDecision({ raw }: { raw: unknown }): Recorded {
    const sent = raw as Decision;
    const asking = this.askings.find((each) => each.question.question === sent.question && each.asking === sent.asking);
    const refuse = (why: string): Recorded => {
      this.refused.push(why);
      return { state: 'refused', why };
    };
    if (asking?.state !== 'open') return refuse(`asking ${sent.asking} of ${sent.question} is not open`);
    if (sent.shown !== asking.digest) return refuse('something else was shown');
    if (!asking.question.choices.some(({ choice }) => choice === sent.choice))
      return refuse(`${sent.choice} is no choice`);
    asking.decision = { ...sent, identity: 'proven' };
    asking.state = 'decided';
    return { state: 'decided', decision: asking.decision };
  }

  closeQuestion({ question, asking }: { question: string; asking: number }): void {
    const found = this.askings.find((each) => each.question.question === question && each.asking === asking);
    if (found?.state === 'open') found.state = 'withdrawn';
  }

  joinCause({ cause, code }: { cause: string; code: string }): { caseId: string; solved: boolean } {
    const solved = this.causes.get(cause) ?? false;
    this.causes.set(cause, solved);
    if (!solved) this.onHeld(cause, code);
    return { caseId: `cause ${cause}`, solved };
  }
}

/** The decision a person sends who read what is shown. */
export const decisionOn = (
  { question, asking, digest }: Asking,
  choice: string,
  data: Record<string, string> = {},
): Decision => ({
  question: question.question,
  ...{ asking, choice, why: 'because', shown: digest, by: 'fin-1', data },
});
