import { canonicalJson } from '../plan/canonical.ts';
import type { FleetRoute } from '../plan/fleet-model.ts';
import type { BranchRouting, RoutingPolicy } from '../plan/routing.ts';
import type { AnswerEntry, AnswerNode, AnswerType, ByType, NodeSource } from './answer-nodes.ts';
import { at, eachType, Inexpressible, mapTypes } from './answer-nodes.ts';
import { weightOf } from './answer-sets.ts';
import { branchId } from './branch-ids.ts';
import type { EndpointDraft, TargetDraft } from './described-zone.ts';
import type { Building } from './route-drafts.ts';
import { leafRoute, STANDBY_OF_ONE_FAMILY, settled } from './route-drafts.ts';
import type { BuiltRoute } from './route-shapes.ts';
import { branchesRoute, canAllFail, failoverRoute, levels } from './route-shapes.ts';
import type { TargetIds } from './target-ids.ts';

/** Policies one behind the other that a fleet file takes. */
const LEVELS_MAX = 4;

/** A name's answers as a route. */
export interface ExpressedRoute {
  readonly route: FleetRoute;
  readonly kind: EndpointDraft['kind'];
  readonly families: readonly ('A' | 'AAAA')[];
  readonly targets: readonly TargetDraft[];
  /** The TTLs of all records that hold values, seconds. */
  readonly ttls: ReadonlySet<number>;
  /** The nodes behind the first one that it has taken in. */
  readonly followed: ReadonlySet<string>;
}

export interface RouteQuestion {
  readonly source: NodeSource;
  /** The node that clients ask for. */
  readonly top: string;
  readonly types: readonly AnswerType[];
  /** The first part of the targets' ids. */
  readonly stem: string;
  readonly ids: TargetIds;
  /** What a set identifier is called where the answers come from. */
  readonly keyName?: string | undefined;
}

/** Branches of one policy, before their routes are known. */
interface Branching {
  readonly key: string;
  readonly routing: BranchRouting;
  readonly entries: ByType<AnswerEntry>;
}

/**
 * The route that answers as the nodes of the source do. Takes ids.
 *
 * @throws Inexpressible when none does.
 */
export function expressRoute(question: RouteQuestion): ExpressedRoute {
  const { source, top, types, stem, ids, keyName = 'set identifier' } = question;
  const building: Building = {
    ...{ source, stem, ids, keyName },
    targets: [],
    kinds: new Set(),
    ttls: new Set(),
    followed: new Set(),
    built: new Map(),
  };
  const tops = Object.fromEntries(types.map((type) => [type, top]));
  const { route } = nodesRoute(tops, [], [], building);
  const [kind, ...others] = building.kinds;
  if (kind === undefined || others.length > 0)
    throw new Inexpressible(
      'some of the records that it leads to are aliases and some hold addresses, and an endpoint is one or the other',
    );
  if (levels(route) > LEVELS_MAX)
    throw new Inexpressible(
      `its records are routed ${levels(route)} times, one behind the other, and a fleet file takes ${LEVELS_MAX}`,
    );
  const { targets, ttls, followed } = building;
  const families = (['A', 'AAAA'] as const).filter((family) => types.includes(family));
  return { route, kind, families, targets, ttls, followed };
}

/** @param above the nodes that lead here. */
function nodesRoute(
  ids: ByType<string>,
  labels: readonly string[],
  above: readonly string[],
  building: Building,
): BuiltRoute {
  const here = JSON.stringify(ids);
  if (above.includes(here)) throw new Inexpressible('its aliases lead back to it');
  const nodes = mapTypes(ids, (id, type) => building.source.node(id, type));
  const [policy, ...others] = new Set(eachType(nodes).map((node) => node.policy));
  if (policy === undefined || others.length > 0)
    throw new Inexpressible(
      `its A and AAAA records are routed differently, by ${[policy, ...others].join(' and ')}, and an endpoint answers in both families alike`,
    );
  const entries = mapTypes(nodes, (node, type) =>
    node.entries.map((entry) => settled(entry, type, building)),
  );
  const leadsOn = eachType(entries).some((of) => of.some(({ answer }) => answer.type === 'node'));
  const beneath = { labels, above: [...above, here], building };
  if (policy === 'multivalue' || (policy === 'weighted' && !leadsOn))
    return leafRoute({ entries, answer: policy, labels, hasKeys: true }, building);
  if (policy === 'weighted') return weightedRoute(branchings(policy, entries), beneath);
  if (policy === 'simple') return branchRoute(branchings(policy, entries), [], beneath);
  return routedRoute(policy, branchings(policy, entries), beneath);
}

interface Beneath {
  readonly labels: readonly string[];
  readonly above: readonly string[];
  readonly building: Building;
}

/** The entries of each family that answer the same clients, together. */
function branchings(
  policy: AnswerNode['policy'],
  entries: ByType<readonly AnswerEntry[]>,
): readonly [Branching, ...Branching[]] {
  const found = new Map<string, { key: string; routing: BranchRouting; entries: ByType<AnswerEntry> }>();
  const identity = ({ key, routing }: AnswerEntry) =>
    policy === 'weighted' ? JSON.stringify([key, weightOf({ routing })]) : canonicalJson(routing ?? {});
  mapTypes(entries, (of, type) => {
    for (const entry of of) {
      const { key, routing = { weight: 1 } } = entry;
      const there = found.get(identity(entry)) ?? { key, routing, entries: {} };
      found.set(identity(entry), { ...there, entries: { ...there.entries, [type]: entry } });
    }
  });
  const families = eachType(entries).length;
  const [first, ...others] = found.values();
  const odd = [...found.values()].find((each) => eachType(each.entries).length < families);
  if (first === undefined || odd !== undefined)
    throw new Inexpressible(
      `its record ${JSON.stringify(odd?.key ?? '')} has no like among both A and AAAA, and an endpoint routes both families alike`,
    );
  return [first, ...others];
}

/** Branches of latency, geolocation, geoproximity, failover or CIDR blocks. */
function routedRoute(
  policy: Exclude<RoutingPolicy, 'weighted'>,
  branching: readonly Branching[],
  beneath: Beneath,
): BuiltRoute {
  const taken = new Set<string>();
  const built = branching.map((each) => {
    const id = branchId(each.routing, each.key, taken);
    return { id, routing: each.routing, ...branchRoute([each], [id], beneath) };
  });
  const [only, ...others] = built;
  // One of the two answers whatever its health is, when there is no other.
  if (policy === 'failover' && only !== undefined && others.length === 0) return routeAlone(only);
  return {
    route: branchesRoute(
      policy,
      built.map(({ id, routing, route }) => ({ id, routing, route })),
    ),
    canFail: canAllFail(built),
  };
}

/** Weighted records of which at least one leads to more: groups with shares, and a secondary of those with weight 0. */
function weightedRoute(branching: readonly Branching[], beneath: Beneath): BuiltRoute {
  const isEqual = branching.every((each) => weightOf(each) === 0);
  const taken = new Set<string>();
  const built = branching.map((each) => {
    const id = branchId(each.routing, each.key, taken);
    const weight = isEqual ? 1 : weightOf(each);
    return { id, routing: { weight }, ...branchRoute([each], [id], beneath) };
  });
  const serving = built.filter(({ routing }) => routing.weight > 0);
  const idle = built.filter(({ routing }) => routing.weight === 0);
  const families = eachType(branching[0]?.entries ?? {}).length;
  const failing = canAllFail(serving);
  if (idle.length === 0 || failing.size === 0) return shares(built);
  if (failing.size < families) throw new Inexpressible(STANDBY_OF_ONE_FAMILY);
  return failoverRoute(shares(serving), shares(idle.map((each) => ({ ...each, routing: { weight: 1 } }))));
}

function shares(
  groups: readonly (BuiltRoute & { readonly id: string; readonly routing: { readonly weight: number } })[],
): BuiltRoute {
  const [only, ...others] = groups;
  if (only !== undefined && others.length === 0) return routeAlone(only);
  return {
    route: branchesRoute(
      'weighted',
      groups.map(({ id, routing, route }) => ({ id, routing, route })),
    ),
    canFail: canAllFail(groups.filter(({ routing }) => routing.weight > 0)),
  };
}

/** The route of a branch that has no others beside it, without what chooses it. */
function routeAlone({ route, canFail }: BuiltRoute): BuiltRoute {
  return { route, canFail };
}

/** What one branch answers: targets, or the nodes that it leads to. */
function branchRoute(
  [{ key, entries }]: readonly [Branching, ...Branching[]],
  own: readonly string[],
  { labels, above, building }: Beneath,
): BuiltRoute {
  const path = [...labels, ...own];
  const nodes = mapTypes(entries, ({ answer }) => (answer.type === 'node' ? answer : undefined));
  const leading = eachType(nodes).filter((node) => node !== undefined);
  if (leading.length === 0) {
    // The branch has the share; within it one target has all.
    const alone = mapTypes(entries, (entry) => [{ ...entry, routing: undefined }]);
    return leafRoute({ entries: alone, answer: 'weighted', labels: path, hasKeys: false }, building);
  }
  const record = `its record ${JSON.stringify(key)}`;
  if (leading.length < eachType(entries).length)
    throw new Inexpressible(`${record} leads to other records in one of the families A and AAAA alone`);
  if (eachType(entries).some(({ healthCheckId }) => healthCheckId !== undefined))
    throw new Inexpressible(
      `${record} has a health check of its own before those behind it, which no branch has`,
    );
  const behind = mapTypes(nodes, (node) => node?.node ?? '');
  const built = sharedRoute(behind, path, above, building);
  const unseen = eachType(
    mapTypes(nodes, (node, type) => built.canFail.has(type) && node?.evaluateTargetHealth === false),
  );
  if (unseen.includes(true))
    throw new Inexpressible(
      `${record} is an alias that does not evaluate the health of its target, and Pawl's branches do`,
    );
  return built;
}

/** The route of nodes behind the first one, built once. */
function sharedRoute(
  ids: ByType<string>,
  labels: readonly string[],
  above: readonly string[],
  building: Building,
): BuiltRoute {
  const key = JSON.stringify(ids);
  const known = building.built.get(key);
  if (known !== undefined) return known;
  const [place = ''] = eachType(ids);
  const built = at(place, () => nodesRoute(ids, labels, above, building));
  for (const id of eachType(ids)) building.followed.add(id);
  building.built.set(key, built);
  return built;
}
