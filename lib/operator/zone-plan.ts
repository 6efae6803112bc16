import type { FenceReading } from '../plan/fence.ts';
import type { Generation } from '../plan/generation.ts';
import { otherCellsRoot } from '../plan/handover.ts';
import { InvalidValue } from '../plan/invariant.ts';
import type { DnsName } from '../plan/names.ts';
import type { CellScope, TreeLabel } from '../plan/owned-names.ts';
import {
  endpointLabels,
  endpointOfLabels,
  labelGeneration,
  labelRescueSeq,
  parseOwnedName,
  rollbackName,
  treeLabelOf,
  treeName,
} from '../plan/owned-names.ts';
import type { Plan, PlannedEndpoint } from '../plan/plan.ts';
import { planFormat } from '../plan/plan.ts';
import { plannedTree } from '../plan/tree-reading.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { pointedTree, recordsAtName } from '../plan/zone-view.ts';

export interface ZonePlanInput {
  readonly scope: CellScope;
  readonly view: ZoneView;
  readonly reading: FenceReading;
  readonly generation: Generation;
  /** Also endpoints of which only trees are left, neither a root nor a rollback root. */
  readonly orphans: boolean;
  /** Trees to take for some endpoints in the place of those that the roots point at. */
  readonly trees?: ReadonlyMap<DnsName, DnsName>;
}

/** Something about an endpoint that a person should look at. */
export interface Remark {
  readonly name: DnsName;
  readonly reason: string;
}

/** A plan rebuilt from the zone's own records. */
export interface ZonePlan {
  readonly plan: Plan;
  /** Endpoints whose tree is a guess, or not whole. */
  readonly guessed: readonly Remark[];
  /** Endpoints that are not in the plan. */
  readonly leftOut: readonly Remark[];
}

/** What the zone has of one endpoint. */
interface Traces {
  readonly labels: TreeLabel[];
  hasRollback: boolean;
  hasRoot: boolean;
}

/**
 * Rebuilds a plan from the zone's own trees: for every endpoint the tree that its root points at; where the root is gone
 * or dangling, the tree that most likely was live, with a remark. A leaf's capacity is its weight, which is all that the
 * zone knows. The same zone always gives the same plan. Pure.
 */
export function planFromZone(input: ZonePlanInput): ZonePlan {
  const { scope, generation } = input;
  const guessed: Remark[] = [];
  const leftOut: Remark[] = [];
  const endpoints: PlannedEndpoint[] = [];
  for (const [relative, traces] of [...tracesOf(input)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = endpointNamed(relative, scope);
    if (name === undefined) continue;
    const other = otherCellsRoot(name, input.view, scope);
    if (other !== undefined) {
      leftOut.push({ name, reason: `cell ${other.cell} answers there: it was handed over` });
      continue;
    }
    if (!traces.hasRoot && !traces.hasRollback && !input.orphans) {
      leftOut.push({ name, reason: 'only trees are left of it: its roots were removed, or never made' });
      continue;
    }
    const found = endpointFromZone(name, traces, input);
    if (found === undefined) {
      leftOut.push({ name, reason: 'none of its trees can be read' });
      continue;
    }
    endpoints.push(found.endpoint);
    if (found.remark !== undefined) guessed.push({ name, reason: found.remark });
  }
  endpoints.sort((a, b) => (a.name < b.name ? -1 : 1));
  const { cell, zone, zoneId } = scope;
  const format = planFormat(endpoints);
  const plan: Plan = { format, cell, zone, zoneId, generation, parent: generation - 1, endpoints };
  return { plan, guessed, leftOut };
}

/** Everything the zone has of each endpoint, by relative form. */
function tracesOf({ view, scope }: ZonePlanInput): ReadonlyMap<string, Traces> {
  const all = new Map<string, Traces>();
  const tracesFor = (relative: string): Traces => {
    const known = all.get(relative) ?? { labels: [], hasRollback: false, hasRoot: false };
    all.set(relative, known);
    return known;
  };
  for (const [name, records] of view) {
    const owned = parseOwnedName(name, scope);
    if (owned?.kind === 'tree') tracesFor(owned.endpoint).labels.push(owned.label);
    else if (owned?.kind === 'rollback') tracesFor(owned.endpoint).hasRollback = true;
    else if (owned === undefined && records.some((record) => pointsAtOwnTree(record, name, scope)))
      tracesFor(endpointLabels(name, scope)).hasRoot = true;
  }
  return all;
}

/** A root points at a tree of its own endpoint; any other alias into the trees is somebody else's. */
function pointsAtOwnTree(
  record: Parameters<typeof pointedTree>[0],
  name: DnsName,
  scope: CellScope,
): boolean {
  const tree = pointedTree(record, scope);
  if (tree === undefined) return false;
  const owned = parseOwnedName(tree.name, scope);
  return owned?.kind === 'tree' && owned.endpoint === endpointLabels(name, scope);
}

/** Undefined for a tree's name that stands for no endpoint. */
function endpointNamed(relative: string, scope: CellScope): DnsName | undefined {
  try {
    return endpointOfLabels(relative, scope);
  } catch (error) {
    if (error instanceof InvalidValue) return undefined;
    throw error;
  }
}

function endpointFromZone(
  name: DnsName,
  traces: Traces,
  input: ZonePlanInput,
): { readonly endpoint: PlannedEndpoint; readonly remark?: string } | undefined {
  const { view, scope, trees } = input;
  const ordered = trees?.get(name);
  const live = ordered === undefined ? liveTrees(name, input) : [ordered];
  for (const tree of [...live, ...likelyTrees(name, traces, input)]) {
    const read = plannedTree(name, tree, view, scope);
    if (read === undefined) continue;
    const label = treeLabelOf(tree, scope) ?? tree;
    const isGuess = live[0] !== tree || live.length > 1;
    const remarks = [
      ...(isGuess ? [`its root does not say which tree was live; ${label} is the likeliest`] : []),
      ...(read.strange > 0 ? [`${read.strange} records of ${label} are not as Pawl makes them`] : []),
    ];
    const { endpoint } = read;
    return remarks.length === 0 ? { endpoint } : { endpoint, remark: remarks.join('; ') };
  }
  return undefined;
}

/** The trees that the endpoint's roots point at, and that are there: one, unless somebody altered a root. */
function liveTrees(name: DnsName, { view, scope }: ZonePlanInput): readonly DnsName[] {
  const pointed = recordsAtName(view, name)
    .filter((record) => pointsAtOwnTree(record, name, scope))
    .flatMap((record) => pointedTree(record, scope)?.name ?? []);
  return [...new Set(pointed)].filter((tree) => recordsAtName(view, tree).length > 0);
}

/**
 * The endpoint's trees in the order in which they are likely to have been live. A tree above the fence was staged only;
 * the rollback root's tree is the one that was live before, so it comes after the others; a rescue's trees come first
 * while the fence is a rescue's.
 */
function likelyTrees(
  name: DnsName,
  { labels }: Traces,
  { view, scope, reading }: ZonePlanInput,
): readonly DnsName[] {
  const fence = reading.type === 'fence' ? reading.fence : undefined;
  const newest = fence?.generation ?? Number.MAX_SAFE_INTEGER;
  const before = new Set(
    recordsAtName(view, rollbackName(name, scope)).flatMap(
      (record) => pointedTree(record, scope)?.label ?? [],
    ),
  );
  const planned = labels
    .filter((label) => (labelGeneration(label) ?? Number.MAX_SAFE_INTEGER) <= newest)
    .sort((a, b) => (labelGeneration(b) ?? 0) - (labelGeneration(a) ?? 0));
  const rescued = labels
    .filter((label) => labelRescueSeq(label) !== undefined)
    .sort((a, b) => (labelRescueSeq(b) ?? 0) - (labelRescueSeq(a) ?? 0));
  const isRescued = fence?.by.startsWith('rescue') === true;
  const order = isRescued ? [...rescued, ...planned] : [...planned, ...rescued];
  const likely = [
    ...order.filter((label) => !before.has(label)),
    ...order.filter((label) => before.has(label)),
  ];
  return likely.map((label) => treeName(label, name, scope));
}
