import type { Head } from '../../ledger/ledger.ts';
import { canonicalJson } from '../../plan/canonical.ts';
import type { CellPolicy } from '../../plan/fleet-model.ts';
import { invariant } from '../../plan/invariant.ts';
import type { Checker } from './zone-history.ts';

/**
 * No plan of the planner's takes more of an endpoint at once than the strictest policy lets it that was declared since a
 * person accepted one (docs/adr/0059-the-stricter-policy-judges.md). It knows only the capacity guard, by the numbers of
 * the declarations themselves, and nothing of how the decider compares policies.
 *
 * @param declared the policies since then, the accepted one first.
 */
export function acceptedPolicy(declared: readonly CellPolicy[] = []): Checker {
  let since = declared;
  return {
    name: 'accepted policy',
    check: () => undefined,
    tampered: () => undefined,
    appended: ({ state }: Head, { last }) => {
      const event = last?.event;
      // Before format 4 every declaration judges itself.
      if (event === undefined || state.format < 4) return;
      if (event.type === 'LooseningApproved') since = [event.policy];
      if (event.type === 'FleetDeclared') since = distinct([...since, event.policy]);
      // What a person asked for and Route 53 refused is tried again as it was asked.
      if (event.type !== 'PlanAppended' || event.origin !== 'planner' || state.refused.length > 0) return;
      const limit = Math.min(...since.map(({ capacityRemovedPercent }) => capacityRemovedPercent));
      for (const [endpoint, permille] of Object.entries(event.capacityRemoved ?? {}))
        invariant(
          permille <= limit * 10,
          `generation ${event.generation} takes ${permille} thousandths of ${endpoint}, and no more than ${limit} % was accepted`,
        );
    },
    clone: () => acceptedPolicy(since),
    key: () => (since.length < 2 ? '' : canonicalJson(since)),
  };
}

function distinct(policies: readonly CellPolicy[]): readonly CellPolicy[] {
  return [...new Map(policies.map((policy) => [canonicalJson(policy), policy])).values()];
}
