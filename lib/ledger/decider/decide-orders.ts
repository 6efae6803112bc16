import type { CommandDecision } from './command-decision.ts';
import { append, recorded, refused, unless } from './command-decision.ts';
import type { OrderEvent } from './events.ts';
import type { CellState } from './state.ts';
import { DRAINED_MAX, EVACUATED_MAX } from './state.ts';

/** Decides on a person's orders: what they take out of the endpoints, and what they bring back. */
export function considerOrder(
  proposal: OrderEvent,
  { drained, evacuated, evacuatedBranches }: CellState,
): CommandDecision {
  switch (proposal.type) {
    case 'TargetDrained':
      if (drained.includes(proposal.target)) return recorded;
      return drained.length < DRAINED_MAX
        ? append(proposal)
        : refused(`${DRAINED_MAX} targets are drained already: evacuate the availability zone instead.`);
    case 'TargetRestored':
      return unless(!drained.includes(proposal.target), proposal);
    case 'AzEvacuated':
      if (evacuated.includes(proposal.az)) return recorded;
      return evacuated.length < EVACUATED_MAX
        ? append(proposal)
        : refused(`${EVACUATED_MAX} availability zones are evacuated already: restore one first.`);
    case 'AzRestored':
      return unless(!evacuated.includes(proposal.az), proposal);
    case 'BranchEvacuated':
      if (evacuatedBranches.includes(proposal.branch)) return recorded;
      return evacuatedBranches.length < EVACUATED_MAX
        ? append(proposal)
        : refused(`${EVACUATED_MAX} branches are evacuated already: restore one first.`);
    case 'BranchRestored':
      return unless(!evacuatedBranches.includes(proposal.branch), proposal);
  }
}
