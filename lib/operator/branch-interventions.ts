import { canRecord } from '../ledger/decider/formats.ts';
import { branchIdsOf, hasBranch } from '../plan/evacuated-branches.ts';
import type { Intervention, InterventionRequest, RemovalRequest } from './interventions.ts';
import { intervene } from './interventions.ts';
import type { OperatorDeps, Outcome } from './operator.ts';

export interface EvacuateBranchRequest extends RemovalRequest {
  /** The id of a branch, such as `eu-west-1`, which means any depth, or its path: `primary.eu-west-1`. */
  readonly branch: string;
}

export interface RestoreBranchRequest extends InterventionRequest {
  readonly branch: string;
}

/**
 * Takes a branch out of every route of a cell, at once, also of those that have it later. Refused as `drainTarget` is,
 * and where the cell's log is of a format that has no such event.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export function evacuateBranch(
  deps: OperatorDeps,
  { cell, branch, reason, apply, hold = false }: EvacuateBranchRequest,
): Promise<Outcome<Intervention>> {
  return intervene(deps, {
    cell,
    apply,
    removal: { hold },
    command: { type: 'EvacuateBranch', branch, reason },
    obstacle: ({ fleet, head: { state } }) => {
      if (!canRecord(state, 'BranchEvacuated'))
        return `The log of cell ${cell} is of format ${state.format}, which has no evacuated branches: run "pawl upgrade ${cell}" once every function is of this release.`;
      return hasBranch(fleet, branch)
        ? undefined
        : `No route of cell ${cell} has a branch "${branch}": ${branchesThere(branchIdsOf(fleet))}.`;
    },
    effect: ({ desired: { evacuatedBranches = [] } }) => ({
      evacuatedBranches: [...evacuatedBranches, branch],
    }),
  });
}

/**
 * Takes the evacuation of a branch back. No route need have it any more.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export function restoreBranch(
  deps: OperatorDeps,
  { cell, branch, apply }: RestoreBranchRequest,
): Promise<Outcome<Intervention>> {
  return intervene(deps, {
    cell,
    apply,
    command: { type: 'RestoreBranch', branch },
    obstacle: ({ desired: { evacuatedBranches = [] } }) =>
      evacuatedBranches.includes(branch)
        ? undefined
        : `The branch "${branch}" of cell ${cell} is not evacuated${onlyEvacuated(evacuatedBranches)}.`,
    effect: ({ desired: { evacuatedBranches = [] } }) => ({
      evacuatedBranches: evacuatedBranches.filter((name) => name !== branch),
    }),
  });
}

/** The branches that there are, as a clause. Pure. */
export function branchesThere(ids: readonly string[]): string {
  return ids.length === 0 ? 'no endpoint has a route with branches' : `there are ${ids.join(', ')}`;
}

/**
 * The branches that are evacuated, as the end of a sentence: each is restored by the name under which it was evacuated.
 * Pure.
 */
export function onlyEvacuated(branches: readonly string[]): string {
  if (branches.length === 0) return '';
  return `; only ${branches.join(', ')} ${branches.length === 1 ? 'is' : 'are'}`;
}
