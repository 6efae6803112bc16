import type { RoleName } from '../roles.ts';
import type { OpenRole } from './role-run.ts';
import { auditorRuns } from './run-auditor.ts';
import { enactorRuns } from './run-enactor.ts';
import { janitorRuns } from './run-janitor.ts';
import { plannerRuns } from './run-planner.ts';

/**
 * How each role of the table is made ready, for a process that runs all roles. A function imports its own role only.
 */
export const ROLE_RUNS: Readonly<Record<RoleName, OpenRole>> = {
  planner: plannerRuns,
  enactor: enactorRuns,
  janitor: janitorRuns,
  auditor: auditorRuns,
};
