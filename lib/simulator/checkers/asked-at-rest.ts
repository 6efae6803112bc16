import type { CellState } from '../../ledger/decider/state.ts';
import type { CellFleet, FleetEndpoint, FleetRoute, Observations } from '../../plan/fleet-model.ts';
import type { DnsName } from '../../plan/names.ts';
import { ownValue } from '../../plan/own-value.ts';
import { endpointLabels } from '../../plan/owned-names.ts';
import type { PlannedEndpoint } from '../../plan/plan.ts';

/** What is asked of a cell at rest. */
export interface AskedOfCell {
  /** Absent before a fleet was declared. */
  readonly fleet: CellFleet | undefined;
  /** The targets that do not serve, by id. */
  readonly failed: ReadonlySet<string>;
  /** As the log holds them. */
  readonly observations: Observations;
  /** When the planner ran last, milliseconds since 1970. */
  readonly now: number;
}

/** What people ordered away. */
type Orders = Pick<CellState, 'drained' | 'evacuated' | 'evacuatedBranches'>;

/** What an endpoint is asked to answer: each of its targets that serves and that nobody ordered away. */
export function askedOf(
  { targets: declared, kind, route }: FleetEndpoint,
  { drained, evacuated, evacuatedBranches }: Orders,
  { fleet, failed }: AskedOfCell,
): readonly string[] {
  const members = route === undefined ? declared : placedOf(route, [], evacuatedBranches);
  const targets = fleet?.targets.filter(({ id }) => members.includes(id)) ?? [];
  return targets
    .filter(({ id, health }) => health !== 'unhealthy' && !failed.has(id) && !drained.includes(id))
    .filter(({ az }) => !evacuated.includes(az))
    .map(({ id, hostname, ipv4 }) => `${id} ${kind === 'hostname' ? (hostname ?? '') : ipv4.join()}`);
}

/**
 * The targets that a route has outside of evacuated branches. It uses none of the planner's code.
 *
 * @param above the ids of the branches down to this one, innermost first.
 */
function placedOf(
  route: FleetRoute,
  above: readonly string[],
  evacuated: readonly string[],
): readonly string[] {
  const [id = ''] = above;
  if (evacuated.includes(id) || evacuated.includes(above.join('.'))) return [];
  if (route.type === 'targets') return route.targets;
  return route.branches.flatMap((branch) => placedOf(branch.route, [branch.id, ...above], evacuated));
}

/** Whether no target of an endpoint may answer, so that it keeps its last answer. */
export function isWithoutTarget(name: DnsName, state: Orders, asked: AskedOfCell): boolean {
  const endpoint = asked.fleet?.endpoints.find((candidate) => candidate.name === name);
  return endpoint !== undefined && askedOf(endpoint, state, asked).length === 0;
}

/** Whether an endpoint would lose more than policy and floor in effect let it, while looser ones wait for a person. */
export function isGuarded(
  planned: PlannedEndpoint | undefined,
  state: CellState,
  { fleet }: AskedOfCell,
): boolean {
  const { loosening, endpoints } = state;
  if (loosening === null || planned === undefined || fleet === undefined) return false;
  const declared = fleet.endpoints.find(({ name }) => name === planned.name)?.targets ?? [];
  const capacity = (leaves: PlannedEndpoint['leaves']): number =>
    leaves.reduce((sum, leaf) => sum + leaf.capacity, 0);
  const staying = planned.leaves.filter(({ target }) => declared.includes(target));
  const gone = capacity(planned.leaves) - capacity(staying);
  const floor = ownValue(endpoints, endpointLabels(planned.name, fleet))?.floor?.floor ?? 0;
  return (
    gone * 100 > capacity(planned.leaves) * loosening.inEffect.capacityRemovedPercent ||
    new Set(staying.map(({ target }) => target)).size < floor
  );
}

/** Whether more of an endpoint's targets fail than observation alone may take out, or more of a branch that still serves. */
export function isBounded(name: DnsName, { fleet, failed }: AskedOfCell): boolean {
  const endpoint = fleet?.endpoints.find((candidate) => candidate.name === name);
  if (fleet === undefined || endpoint === undefined) return false;
  const { blindPercent } = fleet.policy;
  const out = (ids: readonly string[]): number => ids.filter((id) => failed.has(id)).length;
  const isOver = (ids: readonly string[]): boolean => out(ids) * 100 > ids.length * blindPercent;
  const { targets, route } = endpoint;
  const branches = route === undefined ? [] : targetsByBranch(route);
  const isOwed = route?.type === 'branches' && route.branches.some(({ id }) => id === 'default');
  return isOver(targets) || branches.some((ids) => isOver(ids) && (isOwed || out(ids) < ids.length));
}

/** The targets of every branch of a route, at any depth. It uses none of the planner's code. */
function targetsByBranch(route: FleetRoute): readonly (readonly string[])[] {
  if (route.type === 'targets') return [];
  return route.branches.flatMap((branch) => [
    placedOf(branch.route, [], []),
    ...targetsByBranch(branch.route),
  ]);
}

/** So many returns are one too many, and so long a target waits at most after the last of them. */
const DAMPED_RETURNS = 3;
const DAMPED_MS_MAX = 3_600_000;

/**
 * Whether all that an endpoint lacks are targets that came back often, the last time within the longest wait
 * (docs/adr/0062-flapping-is-damped-upward.md). It uses none of the planner's code.
 */
export function isDamped(
  name: DnsName,
  planned: PlannedEndpoint | undefined,
  state: CellState,
  asked: AskedOfCell,
): boolean {
  const endpoint = asked.fleet?.endpoints.find((candidate) => candidate.name === name);
  if (endpoint === undefined || planned === undefined) return false;
  const wanted = askedOf(endpoint, state, asked);
  const answers = planned.leaves.map(({ target, values }) => `${target} ${values?.join() ?? ''}`);
  const lacking = wanted.filter((answer) => !answers.includes(answer));
  const mayWait = (id: string): boolean => {
    const returns = asked.observations[id]?.returns ?? [];
    return returns.length >= DAMPED_RETURNS && (returns.at(-1) ?? 0) > asked.now - DAMPED_MS_MAX;
  };
  return (
    lacking.length > 0 &&
    answers.every((answer) => wanted.includes(answer)) &&
    lacking.every((answer) => mayWait(answer.split(' ')[0] ?? ''))
  );
}
