import {
  branchesThere,
  evacuateBranch,
  onlyEvacuated,
  restoreBranch,
} from '../../operator/branch-interventions.ts';
import { branchIdsOf, hasBranch } from '../../plan/evacuated-branches.ts';
import { BadInput, Refused } from '../command/failures.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { operatorDeps } from '../command/workflow-deps.ts';
import type { OrderFlags } from './intervene.ts';
import { intervene } from './intervene.ts';
import { cellsWhere } from './target-lookup.ts';

/** The option by which a branch is named in the place of an availability zone. */
export const BRANCH_OPTION = '--branch <branch>';

interface EvacuationFlags extends OrderFlags {
  readonly cell?: string;
  readonly reason: string;
  readonly hold?: boolean;
}

/** What an order is about: an availability zone or a branch of the routes, which says so. */
type Evacuated = { readonly az: string } | { readonly branch: string };

/**
 * What a person names: one zone, or one branch.
 *
 * @throws BadInput when it is both, or neither.
 */
export function placeNamed(verb: string, az: string | undefined, branch: string | undefined): Evacuated {
  if (az !== undefined && branch === undefined) return { az };
  if (az === undefined && branch !== undefined) return { branch };
  throw new BadInput(
    `Name one availability zone ("pawl ${verb} use1-az2") or one branch ("pawl ${verb} --branch eu-west-1").`,
  );
}

/** Takes a branch out in every cell that has it, or in the one that is named. */
export async function evacuateBranches(
  session: Session,
  branch: string,
  flags: EvacuationFlags,
): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const known = new Set<string>();
  const cells = await cellsWhere(ledger, flags.cell, (_, fleet) => {
    for (const id of branchIdsOf(fleet)) known.add(id);
    return hasBranch(fleet, branch);
  });
  if (cells.length === 0)
    throw new BadInput(`No route has a branch "${branch}": ${branchesThere([...known].sort())}.`);
  const { reason, hold } = flags;
  const order = {
    cells,
    question: `Evacuate the branch ${branch} in ${cells.join(', ')}?`,
    said: `the branch ${branch} is evacuated`,
    carryOut: (cell: (typeof cells)[number], apply: boolean) =>
      evacuateBranch(operatorDeps(world, ledger), { cell, branch, reason, apply, hold: hold === true }),
  };
  return intervene(session, order, flags);
}

/** Takes the evacuation of a branch back in every cell where it is evacuated, or in the one that is named. */
export async function restoreBranches(
  session: Session,
  branch: string,
  flags: Omit<EvacuationFlags, 'reason' | 'hold'>,
): Promise<CommandResult> {
  const world = await session.world();
  const ledger = await world.ledger();
  const known = new Set<string>();
  const cells = await cellsWhere(ledger, flags.cell, ({ state: { evacuatedBranches } }) => {
    for (const name of evacuatedBranches) known.add(name);
    return evacuatedBranches.includes(branch);
  });
  if (cells.length === 0)
    throw new Refused(`The branch "${branch}" is evacuated in no cell${onlyEvacuated([...known].sort())}.`);
  const order = {
    cells,
    question: `Restore the branch ${branch} in ${cells.join(', ')}?`,
    said: `the branch ${branch} is restored`,
    carryOut: (cell: (typeof cells)[number], apply: boolean) =>
      restoreBranch(operatorDeps(world, ledger), { cell, branch, apply }),
  };
  return intervene(session, order, flags);
}
