/** Everything a return saga talks to, in memory: for runs of the bundled saga in the driver. */
import { ApplicationFailure } from '@temporalio/common';
import type { ReturnAnswer } from '../../domain/return/answers.js';
import type { ReturnDocument } from '../../domain/return/document.js';
import { factsFor, soldOf } from '../unit/domain/returns.js';
import { makeDriver, type ActivityCall, type Driver, type Reply } from './driver.js';
import { decisionOn, FakeDesk } from './fake-desk.js';
import { FakeErp } from './fake-erp.js';
import { aReturn, type AReturn } from './returns.js';

export interface WorldOptions {
  return?: AReturn;
  chance?: () => number;
  startAt?: string;
  workflowType?: string;
  input?: Record<string, unknown>;
  workflowId?: string;
  /** Set before the first activity is answered. */
  prepare?: (world: World) => void;
  /** Answers activities named `stub.<verb>`; throws their failure. */
  stub?: (verb: string) => unknown;
  /** Path of other bundled workflows than the product's. */
  bundle?: string;
  /** How long an activity without effect takes, in virtual milliseconds. */
  latency?: () => number;
}

/** Inputs of the verbs answered below, whichever has them. */
interface Given {
  version: number;
  result: unknown;
  clocks: World['recordedClocks'];
  document: ReturnDocument;
  answers: ReturnAnswer[];
  orderNo: string;
  orderNos: string[];
  workflowIds: string[];
  level: string;
  timer: string;
  code: string;
}

export class World {
  readonly desk = new FakeDesk();
  readonly erp: FakeErp;
  /** Versions of the return at its source; `arrived` of them are in the inbox. */
  readonly versions: ReturnDocument[];
  arrived = 1;
  /** Locations that have a warehouse. */
  mapped = true;
  soldThere = true;
  /** What the ERP says when an order is to be cancelled. */
  cancelOrder: (orderNo: string) => 'cancelled' | 'already-shipped' = () => 'cancelled';
  givenBack = 0;
  finished: unknown;
  recordedClocks: { timer: string; end: string }[] = [];
  readonly about: AReturn;
  stub: (verb: string) => unknown = () => ({});
  private started: Driver | undefined;

  constructor(about: AReturn) {
    this.about = about;
    this.versions = [about.document];
    this.erp = new FakeErp(() => this.driver);
  }

  get driver(): Driver {
    if (this.started === undefined) throw new Error('the world has no driver yet');
    return this.started;
  }
  set driver(driver: Driver) {
    this.started = driver;
  }
  get newest(): ReturnDocument {
    return this.versions[this.arrived - 1] ?? this.about.document;
  }

  /** A later version comes into the inbox, and its signal to the saga. */
  arrive(document: ReturnDocument, afterMs = 0): void {
    this.versions.push(document);
    this.driver.later(afterMs, () => {
      this.arrived = Math.max(this.arrived, document.version);
      this.driver.signal('versionArrived', { version: document.version });
    });
  }

  /** A person decides the open asking of a question at one of the doors. */
  decide(question: string, choice: string, data: Record<string, string> = {}): void {
    const asking = this.desk.open.find((each) => each.question.question === question);
    if (asking === undefined) throw new Error(`${question} is not asked; asked is ${this.asked() || 'nothing'}`);
    this.driver.signal('decide', decisionOn(asking, choice, data));
  }

  asked(): string {
    return this.desk.open.map(({ question }) => question.question).join(', ');
  }

  /** Runs until a question of this name is open. */
  async untilAsked(question: string): Promise<void> {
    const open = (): boolean => this.desk.open.some((each) => each.question.question === question);
    await this.driver.run(open);
    if (!open()) throw new Error(`${question} is never asked; asked is ${this.asked() || 'nothing'}`);
    // The saga hears of its opened question in its next task.
    await this.driver.wait(100);
  }

  answer(call: ActivityCall, latency: () => number): Reply {
    const [system, verb = ''] = call.type.split('.');
    if (system === 'blueCherry' && /^(post|createReplacement)/.test(verb)) return this.erp.post(call);
    if (system === 'blueCherry' && /^(reverse|cancelReplacement)/.test(verb)) return this.erp.reverse(call);
    if (system === 'stub') return { afterMs: latency(), does: () => this.stub(verb) };
    return { afterMs: latency(), does: () => this.does(call) };
  }

  private does({ type, input }: ActivityCall): unknown {
    const given = input as Given;
    const desk = this.desk;
    const verbs: Record<string, () => unknown> = {
      'intake.claim': () => this.claim(),
      'intake.newest': () => ({ version: this.newest.version, document: this.newest }),
      'intake.finish': () => this.finish(given.version, given.result, given.clocks),
      'claims.claimReturn': () => this.facts(given.document, given.answers),
      'claims.giveBack': () => {
        this.givenBack += 1;
        return { given: null };
      },
      'blueCherry.findSold': () => this.sold(given.orderNos),
      'blueCherry.cancelSalesOrder': () => ({ status: this.cancelOrder(given.orderNo) }),
      'postings.postedUnder': () => this.erp.postedUnder(given.workflowIds),
      'postings.decide': () => this.erp.decide(given as never),
      'postings.forbid': () => this.erp.forbid(given as never),
      'postings.reversedByHand': () => this.erp.reversedByHand(given as never),
      'desk.openQuestion': () => desk.openQuestion(given as never),
      'desk.recordDecision': () => desk.recordDecision(given as never),
      'desk.closeQuestion': () => desk.closeQuestion(given as never),
      'desk.joinCause': () => desk.joinCause(given as never),
      'desk.leaveCause': () => undefined,
      'desk.escalate': () => void desk.escalated.push(`${given.level} ${given.timer}`),
      'desk.raise': () => {
        desk.raised.push(given.code);
        return { caseId: `raised ${given.code}` };
      },
      'desk.clear': () => void desk.cleared.push(given.code),
      'desk.recordClocks': () => undefined,
    };
    const verb = verbs[type];
    if (verb === undefined) throw ApplicationFailure.nonRetryable(`no fake answers ${type}`, 'NoFake');
    return verb();
  }

  private claim(): unknown {
    const { policy } = this.about;
    if (this.arrived === 0) return { state: 'absent', policy };
    return { state: 'mine', version: this.newest.version, document: this.newest, policy, earlier: [] };
  }

  private finish(version: number, result: unknown, clocks: World['recordedClocks']): unknown {
    if (this.newest.version > version) return { done: false, newer: this.newest.version };
    this.finished = result;
    this.recordedClocks = clocks;
    return { done: true };
  }

  private sold(orderNos: readonly string[]) {
    const sales = this.soldThere ? this.about.sales.filter(({ order }) => orderNos.includes(order.orderNo)) : [];
    return soldOf(sales, this.about.periods);
  }

  private facts(document: ReturnDocument, answers: readonly ReturnAnswer[]) {
    const facts = factsFor(document, soldOf(this.about.sales, this.about.periods), answers);
    return this.mapped ? facts : { ...facts, location: null };
  }
}

/** Starts a return saga in a world of its own. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const about = options.return ?? aReturn();
  const world = new World(about);
  world.stub = options.stub ?? world.stub;
  options.prepare?.(world);
  const { returnNo } = about.document;
  const latency = options.latency ?? ((): number => 5);
  world.driver = await makeDriver({
    workflowType: options.workflowType ?? 'returnToStock',
    workflowId: options.workflowId ?? `return-to-stock:archean:${returnNo}`,
    input: { source: 'archean', returnNo, ...options.input },
    answer: (call) => world.answer(call, latency),
    ...(options.bundle === undefined ? {} : { bundle: options.bundle }),
    ...(options.chance === undefined ? {} : { chance: options.chance }),
    ...(options.startAt === undefined ? {} : { startAt: options.startAt }),
  });
  await world.driver.begin();
  return world;
}

/** Names of the steps that a saga posts on its plain way, in the order it asks for them. */
export async function stepsOf(about: AReturn = aReturn()): Promise<string[]> {
  const world = await startWorld({ return: about });
  await world.driver.run();
  const posted = world.driver.calls.filter(({ type }) => /^blueCherry\.(post|createReplacement)/.test(type));
  await world.driver.dispose();
  return posted.map(
    ({ input }) =>
      String((input as { reference: string }).reference)
        .split('/')
        .at(-1) ?? '',
  );
}
