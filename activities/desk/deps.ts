/** What the desk's activities are built from. */
import type { DeskRules } from '../../store/desk-judge.js';
import type { DueTimes } from '../../store/desk-cases.js';
import type { IsSolved } from '../../store/desk-causes.js';
import type { Db } from '../../store/database.js';

/** The sagas as the desk reaches them; clients/temporal offers it. */
export interface Sagas {
  sendDecision(workflowId: string, decision: { decisionId: string }): Promise<void>;
  signalCauseSolved(workflowId: string, solved: { code: string; cause: string }): Promise<void>;
  describe(workflowId: string): Promise<'running' | 'closed' | 'absent'>;
}

/** A claim on a business object that no saga has finished. */
export interface UnfinishedClaim {
  workflowId: string;
  process: string;
  /** Number a person would search: the return's. */
  businessKey: string;
}

export interface DeskDeps {
  db: Db;
  rules: DeskRules;
  /** Warning and due moments of a clock of the policy that starts at `at` (ISO): `T-30`, `T-36 high`. */
  due(timer: string, at: string): DueTimes;
  /** Looks in the mappings whether a cause has gone for a business date. */
  isSolved: IsSolved;
  /** Reads the ERP's item master again unless that was done a short while ago: what is missing may be stated there now. */
  refreshItems?: () => Promise<void>;
  sagas: Sagas;
  /** Claims that have been unfinished for a while, longest first. */
  unfinishedClaims(): Promise<UnfinishedClaim[]>;
  /** How often the sweep runs, and how old a stored decision must be before it is sent again. Milliseconds. */
  sweepMs: number;
}
