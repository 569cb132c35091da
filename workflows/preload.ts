/**
 * What all sagas of a worker share: loaded once, before any of them. Only modules that keep no state of a saga may stand
 * here: the domain and the shapes of inputs. The kit, and everything of a saga itself, is each saga's own.
 *
 * The SDK freezes what is shared, all the way down; zod's schemas remember within themselves what they built, so they
 * must not be. It leaves alone what is frozen already: so each module that makes schemas is named, and only its list of
 * exports is frozen.
 */
import * as calendar from '../domain/calendar.js';
import * as clockSet from '../domain/clock-set.js';
import * as documents from '../domain/documents.js';
import * as expectedOrder from '../domain/expected/order.js';
import * as expectedPlan from '../domain/expected/plan.js';
import * as failures from '../domain/failures.js';
import * as money from '../domain/money.js';
import * as policy from '../domain/policy.js';
import * as receiptAnswers from '../domain/receipt/answers.js';
import * as goodsIn from '../domain/receipt/document.js';
import * as receiptFacts from '../domain/receipt/facts.js';
import * as receiptPlan from '../domain/receipt/plan.js';
import * as purchaseOrder from '../domain/receipt/purchase-order.js';
import * as answers from '../domain/return/answers.js';
import * as returnDocument from '../domain/return/document.js';
import * as facts from '../domain/return/facts.js';
import * as lines from '../domain/return/lines.js';
import * as plan from '../domain/return/plan.js';
import * as sold from '../domain/return/sold.js';
import * as expectedInput from './expected-receipt/contract.js';
import * as intakeInput from './intake/contract.js';
import * as receiptInput from './po-receipt/contract.js';
import * as returnInput from './return-to-stock/contract.js';
import * as standingInput from './standing/contract.js';

export const SHARED: readonly object[] = [
  ...[calendar, clockSet, documents, failures, money, policy, answers, returnDocument, facts, lines, plan, sold],
  ...[receiptAnswers, goodsIn, receiptFacts, receiptPlan, purchaseOrder, receiptInput],
  ...[expectedOrder, expectedPlan, expectedInput],
  ...[intakeInput, returnInput, standingInput],
].map((module) => Object.freeze(module));
