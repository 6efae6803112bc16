import { awaitedOf, ownedBy } from '../cell/gone-names.ts';
import type { PendingChange } from '../cell/insync.ts';
import { fitsBesideFence, replacement } from '../cell/packing.ts';
import { isOvertaken } from '../cell/standing.ts';
import type { CellState, StagingEntry } from '../ledger/decider/state.ts';
import type { Fence } from '../plan/fence.ts';
import type { DnsName } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { labelGeneration, nodeName, rollbackName, treeLabelOf } from '../plan/owned-names.ts';
import type { Plan, PlannedEndpoint } from '../plan/plan.ts';
import { plannedEndpoint, shortDigest } from '../plan/plan.ts';
import { hasUnknownRouting } from '../plan/records.ts';
import type { NameChanges, RootChanges } from '../plan/roots.ts';
import { conflictSentence, planRoots, pointedConflicts } from '../plan/roots.ts';
import type { NodeRecords } from '../plan/tree-nodes.ts';
import { nodeRecords } from '../plan/tree-nodes.ts';
import type { TreeCondition } from '../plan/trees.ts';
import { driftedNodes, missingNodes, treeCondition, treeId, treeRepair } from '../plan/trees.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { recordsAtName } from '../plan/zone-view.ts';
import type { BlockedEndpoint, Refusal } from './enactor.ts';
import type { Obstacle } from './root-work.ts';
import { rootWork, tooMuchAt } from './root-work.ts';

/** Everything one pass knows when it decides what to do. */
export interface Situation {
  readonly scope: CellScope;
  readonly fence: Fence;
  readonly state: CellState;
  readonly goal: Plan;
  readonly goalDigest: string;
  /** The applied plan's body, when the log has one: its trees are known to be everywhere. */
  readonly applied: Plan | undefined;
  /** The zone as it was read, or as the log predicts it at the names that change. */
  readonly zone:
    | { readonly type: 'read'; readonly view: ZoneView }
    | { readonly type: 'predicted'; readonly view: ZoneView; readonly changed: ReadonlySet<DnsName> };
  /** Changes already seen to be everywhere in this run. */
  readonly insync: ReadonlySet<string>;
  /** Changes that Route 53 does not know. */
  readonly unknown: ReadonlySet<string>;
  /** What was refused of this plan, by name: it is not tried again. */
  readonly refused: ReadonlyMap<DnsName, Pick<Refusal, 'step' | 'reason'>>;
  /** Endpoints that another cell has taken: the goal and the applied plan are without them. */
  readonly gone: ReadonlySet<DnsName>;
  /** Whether this run has waited under this fence for whoever has staged trees to record it. */
  readonly hasWaited: boolean;
}

/** One tree of the goal that is not known to be on its way to every name server. */
export interface TreeToStage {
  readonly endpoint: PlannedEndpoint;
  readonly id: string;
  /** Its nodes that are missing, the innermost first; of a tree that stands, the tree itself. */
  readonly nodes: readonly NodeRecords[];
}

/** What a pass does next. Deciding it is pure; doing it is one write or one wait. */
export type Step =
  | { readonly type: 'read-zone' }
  /** These stand in the way of endpoints, which the goal goes without. */
  | { readonly type: 'leave-out'; readonly obstacles: readonly Obstacle[] }
  | { readonly type: 'repair'; readonly endpoints: readonly PlannedEndpoint[] }
  /** Somebody has staged trees and not recorded it, perhaps because they are at it. */
  | { readonly type: 'await-record' }
  | { readonly type: 'stage'; readonly trees: readonly TreeToStage[] }
  /** Whoever staged these trees will not record it any more, or Route 53 does not know what was recorded. */
  | { readonly type: 'assert-again'; readonly trees: readonly TreeToStage[] }
  | { readonly type: 'await'; readonly changes: readonly PendingChange[] }
  | { readonly type: 'flip'; readonly roots: RootsToFlip }
  | { readonly type: 'converged' }
  | { readonly type: 'blocked'; readonly endpoints: readonly BlockedEndpoint[] };

export interface RootsToFlip extends Pick<RootChanges, 'groups' | 'changed' | 'rollbacks'> {
  /** Whether the goal is applied once these roots are flipped: nothing that it changes is left out. */
  readonly complete: boolean;
  /** Endpoints that are left as they are, although they are not as planned. */
  readonly leftOut: readonly DnsName[];
}

/**
 * Decides the next step towards the goal: what stands in the way first, then trees, then the wait, then the roots. An
 * endpoint that was refused is left as it is, and the others go on without it.
 */
export function nextStep(situation: Situation): Step {
  const planned = rootsOf(situation);
  const atTrees = treeObstacles(situation);
  const without = new Set(atTrees.map(({ name }) => name));
  const isWithout = (name: DnsName) => isLeftOut(situation, name) || without.has(name);
  const roots = rootWork(planned, isWithout, situation.zone.view);
  const obstacles = [...atTrees, ...roots.obstacles];
  for (const { name } of obstacles) without.add(name);
  const unknown = obstacles.filter(({ name }) => !situation.refused.has(name));
  if (unknown.length > 0) return { type: 'leave-out', obstacles: unknown };
  const trees = classifyTrees(situation, isWithout);
  if (trees === undefined) return { type: 'read-zone' };
  if (trees.drifted.length > 0) return { type: 'repair', endpoints: trees.drifted };
  if (trees.unrecorded.length > 0 && !situation.hasWaited) return { type: 'await-record' };
  if (trees.missing.length > 0) return { type: 'stage', trees: trees.missing };
  if (trees.unrecorded.length > 0) return { type: 'assert-again', trees: trees.unrecorded };
  const pending = trees.pending.filter(({ changeId }) => !situation.insync.has(changeId));
  if (pending.length > 0) return { type: 'await', changes: pending };
  const leftOut = [...new Set([...trees.leftOut, ...roots.leftOut])];
  return lastStep(situation, planned, roots.groups, leftOut);
}

function lastStep(
  situation: Situation,
  { changed, rollbacks }: RootChanges,
  groups: readonly NameChanges[],
  leftOut: readonly DnsName[],
): Step {
  const complete = !leftOut.some((name) => isChanged(situation, name));
  const isFenceRight = complete ? isAtGoal(situation) : !isOvertaken(situation.fence, situation.state);
  if (groups.length > 0 || !isFenceRight) {
    const names = new Set(groups.map(({ name }) => name));
    const roots = {
      groups,
      changed: changed.filter((name) => names.has(name)),
      rollbacks,
      complete,
      leftOut,
    };
    return { type: 'flip', roots };
  }
  if (leftOut.length === 0) return { type: 'converged' };
  const reasonOf = (name: DnsName) => situation.refused.get(name)?.reason ?? '';
  return { type: 'blocked', endpoints: leftOut.map((name) => ({ name, reason: reasonOf(name) })) };
}

/**
 * Whether the goal asks something else of the endpoint than the applied plan does. One that only cannot be repaired does
 * not keep the goal from being applied: it was not as planned before. Nor does a stray rollback root, of which neither
 * plan says anything.
 */
function isChanged({ goal, applied }: Situation, name: DnsName): boolean {
  const before = applied === undefined ? undefined : plannedEndpoint(applied, name);
  return plannedEndpoint(goal, name)?.tree !== before?.tree;
}

/**
 * Whether the goal goes without this endpoint. What stands in the way may have gone since it was recorded, and the zone
 * shows it.
 */
function isLeftOut({ refused, zone }: Situation, name: DnsName): boolean {
  const refusal = refused.get(name);
  return refusal !== undefined && !(refusal.step === 'conflict' && zone.type === 'read');
}

/**
 * True when the fence says that exactly this plan is applied. A fence that the log will never record was put back by
 * hand. It is written anew, because otherwise it would count for ever as a regression, or as another plan's.
 */
function isAtGoal({ fence, goal, goalDigest, state }: Situation): boolean {
  return (
    fence.generation === goal.generation &&
    fence.plan === shortDigest(goalDigest) &&
    !isOvertaken(fence, state)
  );
}

interface ClassifiedTrees {
  readonly drifted: readonly PlannedEndpoint[];
  readonly missing: readonly TreeToStage[];
  /** Trees that stand there without a recorded change, or by one that Route 53 does not know. */
  readonly unrecorded: readonly TreeToStage[];
  readonly pending: readonly PendingChange[];
  /** Endpoints whose trees are not as planned and stay so. */
  readonly leftOut: readonly DnsName[];
}

function classifyTrees(
  situation: Situation,
  isWithout: (name: DnsName) => boolean,
): ClassifiedTrees | undefined {
  const { scope, state, goal, zone } = situation;
  // What the applied plan has of an endpoint that comes back may have been repaired since, and nobody has waited for that.
  const awaited = awaitedOf(state);
  const live = situation.applied?.endpoints.filter(({ name }) => !awaited.has(name));
  const appliedTrees = new Set(live?.map(({ tree }) => tree));
  // Every change that staged a tree is waited for: a tree that was deleted by hand is staged more than once.
  const stagedIn = (id: string) => (state.staging?.entries ?? []).filter(({ trees }) => trees.includes(id));
  const drifted: PlannedEndpoint[] = [];
  const missing: TreeToStage[] = [];
  const unrecorded: TreeToStage[] = [];
  const pending = new Map<string, PendingChange>();
  const leftOut: DnsName[] = [];
  for (const endpoint of goal.endpoints) {
    if (zone.type === 'predicted' && appliedTrees.has(endpoint.tree)) continue;
    const id = treeId(endpoint, scope);
    const entries = stagedIn(id);
    const condition =
      zone.type === 'read'
        ? treeCondition(endpoint, zone.view, scope)
        : foretold(situation, endpoint, entries.length > 0);
    if (condition === undefined) return undefined;
    if (isWithout(endpoint.name)) {
      if (condition !== 'intact') leftOut.push(endpoint.name);
    } else if (condition === 'drifted') drifted.push(endpoint);
    else if (condition === 'missing')
      missing.push({ endpoint, id, nodes: lackingNodes(situation, endpoint) });
    else if (appliedTrees.has(endpoint.tree) && entries.length === 0) continue;
    else if (isUnknown(entries.at(-1), situation))
      unrecorded.push({ endpoint, id, nodes: nodeRecords(endpoint, scope).slice(-1) });
    else
      for (const { changeId, at } of entries.filter((entry) => !isUnknown(entry, situation)))
        pending.set(changeId, { changeId, at });
  }
  return { drifted, missing, unrecorded, pending: [...pending.values()], leftOut };
}

/**
 * Whether nobody knows that this change has made what stands there. A change that was recorded later has been made later
 * by somebody who knew of it, so it speaks for both.
 */
function isUnknown(entry: StagingEntry | undefined, { unknown }: Situation): boolean {
  return entry === undefined || unknown.has(entry.changeId);
}

/** What forbids to repair drifted trees of the goal. */
function treeObstacles({ goal, zone, scope }: Situation): readonly Obstacle[] {
  if (zone.type === 'predicted') return [];
  return goal.endpoints.flatMap((endpoint) => {
    if (treeCondition(endpoint, zone.view, scope) !== 'drifted') return [];
    return obstacleAt(endpoint, zone.view, scope) ?? [];
  });
}

function obstacleAt(endpoint: PlannedEndpoint, view: ZoneView, scope: CellScope): Obstacle | undefined {
  const { name, tree } = endpoint;
  const nodes = driftedNodes(endpoint, view, scope);
  const fixed = nodes.flatMap((node) => recordsAtName(view, node.name).filter(hasUnknownRouting));
  const [unreadable] = fixed;
  if (unreadable !== undefined) {
    const reason = `${unreadable.name} has records with a routing policy that this release of Pawl cannot read, so it cannot delete them: remove them by hand.`;
    return { name, records: fixed.map((record) => `${record.name} ${record.type}`), reason };
  }
  const repair = treeRepair(endpoint, view, scope);
  if (!fitsBesideFence(replacement(tree, repair).changes)) return tooMuchAt(name, nodes[0]?.name ?? tree);
  // Its own roots are made right once the tree is, and its own nodes with it.
  const own = new Set([
    name,
    rollbackName(name, scope),
    ...nodeRecords(endpoint, scope).map((each) => each.name),
  ]);
  const pointed = pointedConflicts([{ name: tree, ...repair }], view).find(
    ({ by }) => by !== undefined && !own.has(by),
  );
  if (pointed === undefined) return undefined;
  const records = pointed.types.map((type) => `${pointed.name} ${type}`);
  return { name, records, reason: conflictSentence([pointed]) };
}

/**
 * A tree of a generation above the fence was never live, so without a recorded change it is not there. If an enactor
 * died after it staged the tree and before it recorded that, the batch is refused and the zone is read. An older tree
 * (a rollback's) may have been retired or altered: the records do not say. Nor do they say of a node that another plan
 * made, and that the applied one does not have.
 */
function foretold(
  situation: Situation,
  endpoint: PlannedEndpoint,
  isStaged: boolean,
): TreeCondition | undefined {
  const { fence, scope } = situation;
  if (isStaged) return 'intact';
  const label = treeLabelOf(endpoint.tree, scope) ?? '';
  const made = labelGeneration(label);
  if (made === undefined || made <= fence.generation) return undefined;
  const isOwn = ({ path, name }: NodeRecords): boolean =>
    name === nodeName(path, label, endpoint.name, scope);
  return lackingNodes(situation, endpoint).every(isOwn) ? 'missing' : undefined;
}

/** In a zone that was not read, the nodes that the applied plan does not have. */
function lackingNodes(
  { scope, zone, applied }: Situation,
  endpoint: PlannedEndpoint,
): readonly NodeRecords[] {
  if (zone.type === 'read') return missingNodes(endpoint, zone.view, scope);
  const before = applied === undefined ? undefined : plannedEndpoint(applied, endpoint.name);
  const there = new Set(before === undefined ? [] : nodeRecords(before, scope).map(({ name }) => name));
  return nodeRecords(endpoint, scope).filter(({ name }) => !there.has(name));
}

function rootsOf({ scope, state, goal, zone, gone }: Situation): RootChanges {
  return planRoots({
    scope,
    goal,
    view: zone.view,
    owned: ownedBy(state, goal, gone),
    adopted: new Set(state.adopted),
    taker: { ledger: state.ledger, awaited: awaitedOf(state) },
    complete: zone.type === 'read',
    only: zone.type === 'predicted' ? zone.changed : undefined,
  });
}
