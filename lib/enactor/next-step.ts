import type { PendingChange } from '../cell/insync.ts';
import { isOvertaken } from '../cell/standing.ts';
import type { CellState } from '../ledger/decider/state.ts';
import type { Fence } from '../plan/fence.ts';
import type { DnsName } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { labelGeneration, treeLabelOf } from '../plan/owned-names.ts';
import type { Plan, PlannedEndpoint } from '../plan/plan.ts';
import { shortDigest } from '../plan/plan.ts';
import type { Conflict, RootChanges } from '../plan/roots.ts';
import { planRoots } from '../plan/roots.ts';
import type { TreeCondition } from '../plan/trees.ts';
import { treeCondition, treeId } from '../plan/trees.ts';
import type { ZoneView } from '../plan/zone-view.ts';

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
}

/** One tree to stage: created, or asserted again where it stands without a recorded change. */
export interface TreeToStage {
  readonly endpoint: PlannedEndpoint;
  readonly id: string;
  readonly condition: 'missing' | 'intact';
}

/** What a pass does next. Deciding it is pure; doing it is one write or one wait. */
export type Step =
  | { readonly type: 'read-zone' }
  | { readonly type: 'refuse'; readonly conflicts: readonly Conflict[] }
  | { readonly type: 'repair'; readonly endpoints: readonly PlannedEndpoint[] }
  | { readonly type: 'stage'; readonly trees: readonly TreeToStage[] }
  | { readonly type: 'await'; readonly changes: readonly PendingChange[] }
  | { readonly type: 'flip'; readonly roots: RootChanges }
  | { readonly type: 'converged' };

/** Decides the next step towards the goal: conflicts first, then trees, then the wait, then the roots. */
export function nextStep(situation: Situation): Step {
  const trees = classifyTrees(situation);
  if (trees === undefined) return { type: 'read-zone' };
  const roots = rootsOf(situation);
  if (roots.conflicts.length > 0) return { type: 'refuse', conflicts: roots.conflicts };
  if (trees.drifted.length > 0) return { type: 'repair', endpoints: trees.drifted };
  if (trees.stage.length > 0) return { type: 'stage', trees: trees.stage };
  const pending = trees.pending.filter(({ changeId }) => !situation.insync.has(changeId));
  if (pending.length > 0) return { type: 'await', changes: pending };
  return roots.groups.length > 0 || !isAtGoal(situation) ? { type: 'flip', roots } : { type: 'converged' };
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
  readonly stage: readonly TreeToStage[];
  readonly pending: readonly PendingChange[];
}

function classifyTrees(situation: Situation): ClassifiedTrees | undefined {
  const { scope, state, goal, zone } = situation;
  const appliedTrees = new Set(situation.applied?.endpoints.map(({ tree }) => tree));
  // Every change that staged a tree is waited for: a tree that was deleted by hand is staged more than once.
  const stagedIn = (id: string) => (state.staging?.entries ?? []).filter(({ trees }) => trees.includes(id));
  const drifted: PlannedEndpoint[] = [];
  const stage: TreeToStage[] = [];
  const pending = new Map<string, PendingChange>();
  for (const endpoint of goal.endpoints) {
    if (zone.type === 'predicted' && appliedTrees.has(endpoint.tree)) continue;
    const id = treeId(endpoint, scope);
    const entries = stagedIn(id);
    const condition =
      zone.type === 'read'
        ? treeCondition(endpoint, zone.view)
        : foretold(situation, endpoint, entries.length > 0);
    if (condition === undefined) return undefined;
    if (condition === 'drifted') drifted.push(endpoint);
    else if (condition === 'missing') stage.push({ endpoint, id, condition });
    else if (entries.length > 0)
      for (const { changeId, at } of entries) pending.set(changeId, { changeId, at });
    else if (!appliedTrees.has(endpoint.tree)) stage.push({ endpoint, id, condition });
  }
  return { drifted, stage, pending: [...pending.values()] };
}

/**
 * A tree of a generation above the fence was never live, so without a recorded change it is not there. If an enactor
 * died after it staged the tree and before it recorded that, the batch is refused and the zone is read. An older tree
 * (a rollback's) may have been retired or altered: the records do not say.
 */
function foretold(
  { fence, scope }: Situation,
  endpoint: PlannedEndpoint,
  isStaged: boolean,
): TreeCondition | undefined {
  if (isStaged) return 'intact';
  const made = labelGeneration(treeLabelOf(endpoint.tree, scope) ?? '');
  return made !== undefined && made > fence.generation ? 'missing' : undefined;
}

function rootsOf({ scope, state, goal, zone }: Situation): RootChanges {
  return planRoots({
    scope,
    goal,
    view: zone.view,
    owned: new Set(state.owned),
    adopted: new Set(state.adopted),
    complete: zone.type === 'read',
    only: zone.type === 'predicted' ? zone.changed : undefined,
  });
}
