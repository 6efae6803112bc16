import type { CellFleet, FleetRoute } from './fleet-model.ts';
import { branchPath, pathsDownTo } from './tree-nodes.ts';

/** Whether a person who names a branch means the one at a path: by its id at any depth, or by the path itself. */
export function isNamed(path: string, name: string): boolean {
  return path === name || (!name.includes('.') && path.startsWith(`${name}.`));
}

/** Whether the node at a path is one of the named branches, or lies in one of them. */
export function isInBranches(path: string, names: readonly string[]): boolean {
  return names.length > 0 && pathsDownTo(path).some((each) => names.some((name) => isNamed(each, name)));
}

/** The paths of all branches of a route, those below them included; none of no route. */
export function branchPaths(route: FleetRoute | undefined, path = ''): readonly string[] {
  if (route === undefined || route.type === 'targets') return [];
  return route.branches.flatMap((branch) => {
    const own = branchPath({ path }, branch);
    return [own, ...branchPaths(branch.route, own)];
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

function pathsOf({ endpoints }: Pick<CellFleet, 'endpoints'>): readonly string[] {
  return endpoints.flatMap(({ route }) => branchPaths(route));
}

/** The result for the last names that were asked of a route: a planner asks once for every target. */
const WITHOUT_PLACE = new WeakMap<
  FleetRoute,
  { readonly names: string; readonly ids: ReadonlySet<string> }
>();

/**
 * The targets of a route that have no place any more once the named branches are left out: each branch with traffic that
 * has them is one of these, or lies in one.
 */
export function withoutPlace(route: FleetRoute, names: readonly string[]): ReadonlySet<string> {
  const key = names.join(' ');
  const known = WITHOUT_PLACE.get(route);
  if (known?.names === key) return known.ids;
  const [out, staying] = [new Set<string>(), new Set<string>()];
  place(route, '', { names, out, staying });
  const ids = new Set([...out].filter((id) => !staying.has(id)));
  WITHOUT_PLACE.set(route, { names: key, ids });
  return ids;
}

interface Places {
  readonly names: readonly string[];
  readonly out: Set<string>;
  readonly staying: Set<string>;
}

function place(route: FleetRoute, path: string, places: Places): void {
  if (route.type === 'targets') {
    const ids = isInBranches(path, places.names) ? places.out : places.staying;
    for (const id of route.targets) ids.add(id);
    return;
  }
  for (const branch of route.branches) {
    if ('weight' in branch.routing && branch.routing.weight === 0) continue;
    place(branch.route, branchPath({ path }, branch), places);
  }
}
