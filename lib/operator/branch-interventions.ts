import { canRecord } from '../ledger/decider/formats.ts';
import { branchPaths, isNamed } from '../plan/evacuated-branches.ts';
import type { CellFleet } from '../plan/fleet-model.ts';
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
        : `The branch "${branch}" of cell ${cell} is not evacuated${others(evacuatedBranches)}.`,
    effect: ({ desired: { evacuatedBranches = [] } }) => ({
      evacuatedBranches: evacuatedBranches.filter((name) => name !== branch),
    }),
  });
}

/** Whether a route of a fleet has a branch of that id or path. Pure. */
export function hasBranch(fleet: Pick<CellFleet, 'endpoints'>, branch: string): boolean {
  return pathsOf(fleet).some((path) => isNamed(path, branch));
}

/** The ids of all branches of a fleet's routes, each once, in order. Pure. */
export function branchIdsOf(fleet: Pick<CellFleet, 'endpoints'>): readonly string[] {
  return [...new Set(pathsOf(fleet).map((path) => path.split('.')[0] ?? path))].sort();
}

/** The branches that there are, as a clause. Pure. */
export function branchesThere(ids: readonly string[]): string {
  return ids.length === 0 ? 'no endpoint has a route with branches' : `there are ${ids.join(', ')}`;
}

/** Branches are restored by the names under which they were evacuated: a path does not restore an id. */
function others(evacuated: readonly string[]): string {
  return evacuated.length === 0 ? '' : `; evacuated are ${evacuated.join(', ')}`;
}

function pathsOf({ endpoints }: Pick<CellFleet, 'endpoints'>): readonly string[] {
  return endpoints.flatMap(({ route }) => (route === undefined ? [] : branchPaths(route)));
}
