import type { FleetBranch, FleetRoute } from '../plan/fleet-model.ts';
import type { RoutingPolicy } from '../plan/routing.ts';
import type { AnswerType } from './answer-nodes.ts';
import { ANSWER_TYPES } from './answer-nodes.ts';

/** A route, and the types of which Route 53 can find all of it unhealthy. */
export interface BuiltRoute {
  readonly route: FleetRoute;
  readonly canFail: ReadonlySet<AnswerType>;
}

/** The types of which all the routes can fail. */
export function canAllFail(routes: readonly Pick<BuiltRoute, 'canFail'>[]): ReadonlySet<AnswerType> {
  return new Set(ANSWER_TYPES.filter((type) => routes.every(({ canFail }) => canFail.has(type))));
}

/** A route with its branches in order of id. */
export function branchesRoute(policy: RoutingPolicy, branches: readonly FleetBranch[]): FleetRoute {
  const ordered = [...branches].sort((a, b) => (a.id < b.id ? -1 : 1));
  return { type: 'branches', policy, branches: ordered };
}

/** A route whose second answers when nothing in the first is healthy to Route 53. */
export function failoverRoute(primary: BuiltRoute, secondary: BuiltRoute): BuiltRoute {
  return {
    route: branchesRoute('failover', [
      { id: 'primary', routing: { Failover: 'PRIMARY' }, route: primary.route },
      { id: 'secondary', routing: { Failover: 'SECONDARY' }, route: secondary.route },
    ]),
    canFail: canAllFail([primary, secondary]),
  };
}

/** How many policies stand one behind the other; 0 for targets alone. */
export function levels(route: FleetRoute): number {
  return route.type === 'targets' ? 0 : 1 + Math.max(...route.branches.map((branch) => levels(branch.route)));
}
