/** Archean's verbs, registered as `archean.*` on the queue `archean`. */
import { amendExpectedWith } from './amend-expected.js';
import { cancelExpectedWith } from './cancel-expected.js';
import type { Archean } from './contract.js';
import type { ArcheanDeps } from './deps.js';
import { expectGoodsWith } from './expect-goods.js';
import { findExpectedWith } from './find-expected.js';

/** Builds the verbs from a store and a client. */
export const createArcheanActivities = (deps: ArcheanDeps): Archean => ({
  findExpected: findExpectedWith(deps),
  expectGoods: expectGoodsWith(deps),
  amendExpected: amendExpectedWith(deps),
  cancelExpected: cancelExpectedWith(deps),
});
