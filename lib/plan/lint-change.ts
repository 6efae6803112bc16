import type { Absence, DesiredEndpoint, DesiredInput } from './desired.ts';
import { absence } from './desired.ts';
import type { Finding } from './findings.ts';
import type { Plan } from './plan.ts';
import { plannedEndpoint, rootTypes } from './plan.ts';
import type { PlanDifference } from './plan-difference.ts';
import { capacities } from './plan-difference.ts';

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

/** An endpoint that is under its floor as it was approved is worth a note; one that would get there, or lower, is held. */
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
        message: `${endpoint.name} would have ${serving} serving targets, fewer than its floor of ${floor}.`,
      },
    ];
  });
}

/** A family that is declared and answers now would answer with nothing, although the endpoint as a whole would not. */
function lintFamilies({ desired, endpoints }: LintChangeInput, base: Plan): readonly Finding[] {
  const declared = new Map(desired.fleet.endpoints.map((endpoint) => [endpoint.name, endpoint]));
  return endpoints.flatMap((endpoint): Finding[] => {
    const old = plannedEndpoint(base, endpoint.name);
    if (old === undefined || endpoint.leaves.length === 0) return [];
    const kept = rootTypes(endpoint);
    const gone = rootTypes(old).filter(
      (type) =>
        type !== 'CNAME' &&
        !kept.includes(type) &&
        declared.get(endpoint.name)?.families.includes(type) === true,
    );
    return gone.map((type) => ({
      code: 'no-answer',
      severity: 'held',
      subject: endpoint.name,
      message: `${endpoint.name} would have no ${type} answer any more: not one of its targets with one serves.`,
    }));
  });
}

function lintRemoved({ difference }: LintChangeInput): readonly Finding[] {
  return difference.removed.map((name) => ({
    code: 'endpoint-removed',
    severity: 'held',
    subject: name,
    message: `${name} is no longer declared: once approved its records are deleted.`,
  }));
}

function lintWindow({ desired, difference, removals, now }: LintChangeInput): readonly Finding[] {
  const { policy, cell } = desired.fleet;
  const since = now - policy.capacityWindowS * 1_000;
  const earlier = removals.filter(({ at }) => at > since).reduce((sum, { permille }) => sum + permille, 0);
  const removed = Math.max(0, ...difference.removedPermille.values());
  if (removed === 0 || earlier + removed <= policy.capacityRemovedPercent * 10) return [];
  const [subject = cell] = [...difference.removedPermille.entries()].sort((a, b) => b[1] - a[1])[0] ?? [];
  return [
    {
      code: 'capacity-window',
      severity: 'held',
      subject,
      message: `${subject} would lose ${percent(removed)} of its capacity, ${percent(earlier + removed)} of the cell's within ${policy.capacityWindowS} s, more than ${policy.capacityRemovedPercent} %.`,
    },
  ];
}

function lintShare({ desired, difference }: LintChangeInput, base: Plan): readonly Finding[] {
  const { policy, cell } = desired.fleet;
  const touched = difference.changed.length + difference.removed.length;
  const isOnlyOne = base.endpoints.length === 1 && difference.removed.length === 0;
  // Of one endpoint alone every change is the whole: its floor and its capacity say what may change.
  if (isOnlyOne || touched * 100 <= base.endpoints.length * policy.endpointsChangedPercent) return [];
  return [
    {
      code: 'share-changed',
      severity: 'held',
      subject: cell,
      message: `${touched} of ${base.endpoints.length} endpoints of cell ${cell} would change, more than ${policy.endpointsChangedPercent} %.`,
    },
  ];
}

/** Targets that vanish together say more about the observer than about the targets. */
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
      message: `${gone.size} of ${served.size} serving targets of cell ${fleet.cell} went at once, more than ${fleet.policy.blindPercent} %: the observer is presumed blind, and the last plan stands.`,
    },
  ];
}

function percent(permille: number): string {
  return `${(permille / 10).toFixed(1)} %`;
}
