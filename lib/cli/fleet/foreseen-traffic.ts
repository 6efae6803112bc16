import type { ForeseenPlan } from '../../operator/foresee-push.ts';
import type { EndpointMove } from '../../operator/moved-endpoints.ts';
import type { DesiredEndpoint } from '../../plan/tree-nodes.ts';
import type { EndpointComparison } from '../printing/plan-comparison.ts';
import { comparePlans } from '../printing/plan-comparison.ts';
import type { EndpointShares } from '../printing/traffic-shares.ts';
import { endpointShares } from '../printing/traffic-shares.ts';

/** What a push would do to the traffic of one cell. */
export interface ForeseenTraffic {
  /** Endpoints whose answers change, as "pawl plan diff" compares them, each with its shares. */
  readonly endpoints: readonly (EndpointComparison & { readonly shares: Omit<EndpointShares, 'name'> })[];
  /** Endpoints that go on answering as they do. */
  readonly unchanged: number;
  /** The largest share of any endpoint's traffic that moves, thousandths. */
  readonly movedPermille: number;
}

/**
 * The traffic of a foreseen plan, against the goal. What the cell takes over is compared with what the cell that gives it
 * answers: a name that moves moves no traffic by itself. Pure.
 *
 * @param all what is foreseen of every cell, the givers among them.
 */
export function foreseenTraffic(
  { cell, base, endpoints }: ForeseenPlan,
  all: readonly ForeseenPlan[],
  moves: readonly EndpointMove[],
): ForeseenTraffic {
  const taken = moves.filter(({ to }) => to === cell).flatMap((move) => givenBy(move, all));
  const standing = [...(base?.endpoints ?? []), ...taken];
  const { endpoints: compared, ...counts } = comparePlans({ endpoints: standing }, { endpoints });
  const before = new Map(standing.map((endpoint) => [endpoint.name, endpoint]));
  const after = new Map(endpoints.map((endpoint) => [endpoint.name, endpoint]));
  return {
    ...counts,
    endpoints: compared.map((endpoint) => {
      const { name, ...shares } = endpointShares(
        endpoint.name,
        before.get(endpoint.name),
        after.get(endpoint.name),
      );
      return { ...endpoint, name, shares };
    }),
  };
}

/** What goes over, as it answers now. */
function givenBy({ from, names }: EndpointMove, all: readonly ForeseenPlan[]): readonly DesiredEndpoint[] {
  const given = new Set<string>(names);
  const base = all.find(({ cell }) => cell === from)?.base;
  return base?.endpoints.filter(({ name }) => given.has(name)) ?? [];
}
