import type { Absence, DesiredEndpoint, DesiredInput } from './desired.ts';
import { absence } from './desired.ts';
import type { Finding } from './findings.ts';
import type { Plan } from './plan.ts';
import { plannedEndpoint, rootTypes } from './plan.ts';
import type { PlanDifference } from './plan-difference.ts';
import { capacities } from './plan-difference.ts';

const FAMILIES = ['A', 'AAAA'] as const;

export interface LintChangeInput {
  readonly desired: DesiredInput;
  readonly endpoints: readonly DesiredEndpoint[];
  readonly difference: PlanDifference;
  /** Capacity that earlier approved plans removed: when, and the largest share of any endpoint, thousandths. */
  readonly removals: readonly { readonly at: number; readonly permille: number }[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Findings about what a plan changes in the newest approved one. Without one there is nothing to lose. Pure. */
export function lintChange(input: LintChangeInput): readonly Finding[] {
  const { base } = input.desired;
  if (base === undefined) return lintFloors(input);
  return [
    ...lintFloors(input),
    ...lintFamilies(input, base),
    ...lintRemoved(input),
    ...lintWindow(input),
    ...lintShare(input, base),
    ...lintBlindness(input, base),
  ];
}

/** An endpoint that stays under its floor, as approved, is a note. One that would get under it, or lower, is held. */
function lintFloors({ desired, endpoints, difference }: LintChangeInput): readonly Finding[] {
  const floors = new Map(desired.fleet.endpoints.map(({ name, floor }) => [name, floor]));
  const touched = new Set([...difference.added, ...difference.changed]);
  return endpoints.flatMap((endpoint): Finding[] => {
    const floor = floors.get(endpoint.name) ?? 1;
    const serving = capacities(endpoint).size;
    if (serving === 0 || serving >= floor) return [];
    const old = desired.base === undefined ? undefined : plannedEndpoint(desired.base, endpoint.name);
    const before = old === undefined ? floor : capacities(old).size;
    const isLower = touched.has(endpoint.name) && serving < before;
    return [
      {
        code: 'under-floor',
        severity: isLower ? 'held' : 'note',
        subject: endpoint.name,
        serving,
        floor,
      },
    ];
  });
}

/** A declared family that answers now would have no answer, although the endpoint would still have one in another. */
function lintFamilies({ desired, endpoints }: LintChangeInput, base: Plan): readonly Finding[] {
  const declared = new Map(desired.fleet.endpoints.map((endpoint) => [endpoint.name, endpoint]));
  return endpoints.flatMap((endpoint): Finding[] => {
    const old = plannedEndpoint(base, endpoint.name);
    if (old === undefined || endpoint.leaves.length === 0) return [];
    const before = rootTypes(old);
    const kept = rootTypes(endpoint);
    const gone = FAMILIES.filter(
      (family) =>
        before.includes(family) &&
        !kept.includes(family) &&
        declared.get(endpoint.name)?.families.includes(family) === true,
    );
    return gone.map((family) => ({
      code: 'no-answer',
      severity: 'held',
      subject: endpoint.name,
      family,
    }));
  });
}

function lintRemoved({ difference }: LintChangeInput): readonly Finding[] {
  return difference.removed.map((name) => ({ code: 'endpoint-removed', severity: 'held', subject: name }));
}

function lintWindow({ desired, difference, removals, now }: LintChangeInput): readonly Finding[] {
  const { capacityWindowS: windowS, capacityRemovedPercent: limitPercent } = desired.fleet.policy;
  const since = now - windowS * 1_000;
  const earlier = removals.filter(({ at }) => at > since).reduce((sum, { permille }) => sum + permille, 0);
  const [most] = [...difference.removedPermille].sort((a, b) => b[1] - a[1]);
  if (most === undefined) return [];
  const [subject, removedPermille] = most;
  const withinWindowPermille = earlier + removedPermille;
  if (withinWindowPermille <= limitPercent * 10) return [];
  return [
    {
      code: 'capacity-window',
      severity: 'held',
      subject,
      removedPermille,
      withinWindowPermille,
      windowS,
      limitPercent,
    },
  ];
}

function lintShare({ desired, difference }: LintChangeInput, base: Plan): readonly Finding[] {
  const { policy, cell } = desired.fleet;
  const touched = difference.changed.length + difference.removed.length;
  const isOnlyOne = base.endpoints.length === 1 && difference.removed.length === 0;
  // Any change of a cell's only endpoint is a change of all endpoints. Its floor and its capacity limit it instead.
  if (isOnlyOne || touched * 100 <= base.endpoints.length * policy.endpointsChangedPercent) return [];
  return [
    {
      code: 'share-changed',
      severity: 'held',
      subject: cell,
      changed: touched,
      endpoints: base.endpoints.length,
      limitPercent: policy.endpointsChangedPercent,
    },
  ];
}

/** When many targets vanish at once, a failure of the observer is likelier than a failure of the targets. */
function lintBlindness({ desired }: LintChangeInput, base: Plan): readonly Finding[] {
  const { fleet } = desired;
  const targets = new Map(fleet.targets.map((target) => [target.id, target]));
  const gone = new Set<string>();
  const served = new Set<string>();
  for (const endpoint of fleet.endpoints) {
    const before = plannedEndpoint(base, endpoint.name);
    const answering = new Set(before?.leaves.map((leaf) => leaf.target));
    for (const target of endpoint.targets.flatMap((id) => targets.get(id) ?? [])) {
      if (!answering.has(target.id)) continue;
      served.add(target.id);
      const why: Absence | undefined = absence(target, endpoint, desired);
      if (why === 'unhealthy' || why === 'no-capacity') gone.add(target.id);
    }
  }
  if (gone.size < 2 || gone.size * 100 <= served.size * fleet.policy.blindPercent) return [];
  return [
    {
      code: 'observer-blind',
      severity: 'held',
      subject: fleet.cell,
      gone: gone.size,
      served: served.size,
      limitPercent: fleet.policy.blindPercent,
    },
  ];
}
