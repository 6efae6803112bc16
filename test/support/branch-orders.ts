import type { CellFleet, FleetRoute } from '../../lib/plan/fleet-model.ts';
import type { Leaf } from '../../lib/plan/plan.ts';
import type { DesiredEndpoint } from '../../lib/plan/tree-nodes.ts';
import { branches, failover, latency } from '../plan/given-routes.ts';

type Choose = (below: number) => number;

const REGIONS = ['ap-south-1', 'eu-west-1', 'us-east-1'];
const LEVELS_MAX = 2;
const ORDERS_MAX = 2;

/** A random route with branches that has every one of these targets somewhere, and some of them in several branches. */
export function randomRoute(pick: Choose, ids: readonly string[], level = 1): FleetRoute {
  const [first = ids, second = ids, third = ids] = randomParts(pick, ids).map((part) =>
    level < LEVELS_MAX && pick(3) === 0 ? randomRoute(pick, part, level + 1) : randomSet(pick, part),
  );
  switch (pick(3)) {
    case 0:
      return failover(asRoute(first), asRoute(second));
    case 1:
      return branches('weighted', {
        blue: [{ weight: 100 }, asRoute(first)],
        green: [{ weight: pick(3) * 50 }, asRoute(second)],
      });
    default:
      return latency(
        Object.fromEntries(
          [first, second, third]
            .slice(0, 2 + pick(2))
            .map((route, index) => [REGIONS[index] ?? '', asRoute(route)]),
        ),
      );
  }
}

/** Three lists, of which the first two have every id between them. */
function randomParts(pick: Choose, ids: readonly string[]): readonly (readonly string[])[] {
  const first = ids.filter(() => pick(2) === 0);
  const second = ids.filter((id) => !first.includes(id) || pick(3) === 0);
  const third = ids.filter(() => pick(2) === 0);
  return [first, second, third].map((part) => (part.length === 0 ? ids.slice(0, 1) : part));
}

function randomSet(pick: Choose, targets: readonly string[]): FleetRoute {
  const answer = pick(4) === 0 ? 'multivalue' : 'weighted';
  const floor = pick(4) === 0 ? { floor: 1 + pick(targets.length) } : {};
  return { type: 'targets', targets, answer, ...floor };
}

function asRoute(route: FleetRoute | readonly string[]): FleetRoute {
  return 'type' in route ? route : { type: 'targets', targets: route, answer: 'weighted' };
}

/** What a person has taken out of a fleet's routes after a while, who had taken these out before. */
export function randomBranchOrders(
  pick: Choose,
  { endpoints }: Pick<CellFleet, 'endpoints'>,
  before: readonly string[],
): readonly string[] {
  const left = before.filter(() => pick(3) > 0);
  const paths = endpoints.flatMap(({ route }) => (route === undefined ? [] : pathsOf(route)));
  const path = paths[pick(Math.max(1, paths.length))];
  if (path === undefined || pick(2) === 0 || left.length >= ORDERS_MAX) return left;
  const name = pick(2) === 0 ? path.join('.') : (path[0] ?? '');
  return left.includes(name) ? left : [...left, name];
}

/** The branches of a route, each by its labels from the innermost outwards. */
function pathsOf(route: FleetRoute, above: readonly string[] = []): readonly (readonly string[])[] {
  if (route.type === 'targets') return [];
  return route.branches.flatMap(({ id, route: below }) => [
    [id, ...above],
    ...pathsOf(below, [id, ...above]),
  ]);
}

/** Whether a leaf answers in a branch that a person names: by an id anywhere on its way, or by the end of its path. */
export function isInOrdered({ node = '' }: Pick<Leaf, 'node'>, names: readonly string[]): boolean {
  return names.some((name) =>
    name.includes('.') ? node === name || node.endsWith(`.${name}`) : node.split('.').includes(name),
  );
}

/** The floors of a route's branches that have one, by path; of those with traffic unless all are asked for. */
function floorsOf(
  route: FleetRoute | undefined,
  all: boolean,
  above: readonly string[] = [],
): Map<string, number> {
  if (route === undefined) return new Map();
  if (route.type === 'targets') return new Map([[above.join('.'), route.floor ?? 0]]);
  const below = route.branches.filter(({ routing }) => all || !('weight' in routing && routing.weight === 0));
  return new Map(below.flatMap((branch) => [...floorsOf(branch.route, all, [branch.id, ...above])]));
}

/** What of an endpoint answers at a path and below it, whatever was declared when. */
function inBranch(endpoint: DesiredEndpoint, path: string): DesiredEndpoint {
  const leaves = endpoint.leaves.filter(({ node = '' }) => node === path || node.endsWith(`.${path}`));
  return { ...endpoint, leaves };
}

/** What of an endpoint answers at a path and below it, without what only stands by there, as one or another answer says. */
export function answeringIn(
  endpoint: DesiredEndpoint,
  path = '',
  { nodes = [] }: Pick<DesiredEndpoint, 'nodes'> = endpoint,
): DesiredEndpoint {
  const standbys = nodes.flatMap((node) =>
    (node.branches ?? []).flatMap(({ id, routing }) =>
      'Failover' in routing && routing.Failover === 'SECONDARY'
        ? [node.path === '' ? id : `${id}.${node.path}`]
        : [],
    ),
  );
  const isBelow = (node: string, top: string): boolean =>
    top === '' || node === top || node.endsWith(`.${top}`);
  const within = standbys.filter((each) => each !== path && isBelow(each, path));
  const leaves = endpoint.leaves.filter(
    ({ node = '' }) => isBelow(node, path) && !within.some((each) => isBelow(node, each)),
  );
  const { nodes: _, ...flat } = endpoint;
  return { ...flat, leaves };
}

/** Whether an answer gets under the floor of a branch, or further under it: the one declared, or a higher one before. */
export function breaksBranchFloor(
  { declared, accepted }: Readonly<Record<'declared' | 'accepted', FleetRoute | undefined>>,
  before: DesiredEndpoint | undefined,
  then: DesiredEndpoint,
): boolean {
  const old = floorsOf(accepted, true);
  return [...floorsOf(declared, false)].some(([path, own]) => {
    const floor = Math.max(own, old.get(path) ?? 0);
    const servingIn = (each: DesiredEndpoint): number =>
      new Set(inBranch(each, path).leaves.map(({ target }) => target)).size;
    return path !== '' && servingIn(then) < Math.min(floor, before === undefined ? floor : servingIn(before));
  });
}

/** The paths of all branches of some routes. */
export function branchesOf(routes: readonly (FleetRoute | undefined)[]): ReadonlySet<string> {
  const all = routes.flatMap((route) => (route === undefined ? [] : pathsOf(route)));
  return new Set(all.map((path) => path.join('.')));
}

/**
 * Whether a branch that answered before has nothing left. Its clients then get the next best branch, so that more may go
 * than from one that goes on answering.
 *
 * @param ordered branches that are meant to be empty, and do not count.
 */
export function emptiesBranch(
  before: DesiredEndpoint,
  then: DesiredEndpoint,
  ordered: readonly string[],
): boolean {
  return before.leaves.some(({ node = '' }) => {
    const labels = node.split('.');
    const paths = labels.map((_, index) => labels.slice(index).join('.')).filter((path) => path !== '');
    return paths.some(
      (path) => !isInOrdered({ node: path }, ordered) && inBranch(then, path).leaves.length === 0,
    );
  });
}
