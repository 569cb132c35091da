/**
 * What all sagas of a worker share: loaded once, before any of them, and frozen. Only what keeps no state of a saga may
 * stand here: the domain and the shapes of inputs. Everything of the kit, and of a saga itself, is each saga's own.
 */
export * as clockSet from '../domain/clock-set.js';
export * as documents from '../domain/documents.js';
export * as failures from '../domain/failures.js';
export * as policy from '../domain/policy.js';
export * as returnDocument from '../domain/return/document.js';
export * as returnLines from '../domain/return/lines.js';
export * as returnPlan from '../domain/return/plan.js';
export * as returnInputs from './return-to-stock/contract.js';
export * as intakeInputs from './intake/contract.js';
export * as standingInputs from './standing/contract.js';
