import type { Generation } from '../../plan/generation.ts';
import { ownValue } from '../../plan/own-value.ts';
import type { TreeLabel } from '../../plan/owned-names.ts';
import { labelGeneration } from '../../plan/owned-names.ts';
import type { FenceAhead, LedgerEvent, PlanAppended, PlanApplied, StagedChange } from './events.ts';
import { isHandover } from './evolve-handover.ts';
import type { AppliedRef, CellState, EndpointState, PlanRef, StagingEntry } from './state.ts';
import {
  APPROVED_MAX,
  HISTORY_MAX,
  REMOVALS_MAX,
  STAGED_ENTRIES_MAX,
  STAGED_TREES_MAX,
  stagedTree,
  stagedTrees,
} from './state.ts';

/** When and by whom an event was appended. */
export interface Stamp {
  readonly at: number;
  readonly by: string;
}

/** The fold of formats 1 and 2. The fold of format 3 builds on it. */
export function evolveBefore3(state: CellState, event: LedgerEvent, occasion: Stamp): CellState {
  const { at, by } = occasion;
  if (isHandover(event)) return state;
  switch (event.type) {
    case 'FleetDeclared': {
      const { digest, zone, zoneId, policy } = event;
      return { ...state, fleet: { digest, zone, zoneId, policy, at } };
    }
    case 'TargetsObserved':
      return { ...state, observations: { digest: event.digest, at, fleet: state.fleet?.digest ?? null } };
    case 'TargetDrained':
      return { ...state, drained: including(state.drained, event.target) };
    case 'TargetRestored':
      return { ...state, drained: state.drained.filter((target) => target !== event.target) };
    case 'AzEvacuated':
      return { ...state, evacuated: including(state.evacuated, event.az) };
    case 'AzRestored':
      return { ...state, evacuated: state.evacuated.filter((az) => az !== event.az) };
    case 'PlanAppended':
      return planAppended(state, event, occasion);
    case 'PlanApproved':
      return planApproved(state, event.generation, at);
    case 'PlanRejected':
      return state.newest?.generation === event.generation
        ? { ...state, newest: { ...state.newest, disposition: 'rejected' } }
        : state;
    case 'PlanStaged':
      return planStaged(state, event, at);
    case 'PlanApplied':
      return planApplied(state, event, occasion);
    case 'TreesRetired':
      return treesRetired(state, event.trees);
    case 'ZoneSurveyed':
      return { ...state, facts: event.facts };
    case 'DriftFound':
      return { ...state, drift: { at, count: event.count, names: event.names } };
    case 'DriftRepaired':
      return { ...state, drift: null, regressed: null, staging: liveStaging(state) };
    case 'ZoneRegressed':
      return { ...state, regressed: { at, found: event.found, expected: event.expected } };
    case 'FenceAhead':
      return fenceAhead(state, event, at);
    case 'PlannerPaused':
      return { ...state, paused: { at, by, reason: event.reason } };
    case 'PlannerResumed':
      return { ...state, paused: null };
    case 'CellFrozen':
      return { ...state, frozen: { at, by, reason: event.reason } };
    case 'CellThawed':
      return { ...state, frozen: null, rescue: null };
    // An adopted name is not an owned one yet: docs/adr/0007-adopted-is-not-owned.md.
    case 'EndpointAdopted':
      return { ...state, adopted: including(state.adopted, event.name) };
    case 'RescueFound': {
      const { generation, seq, plan } = event;
      return {
        ...state,
        highest: Math.max(state.highest, generation),
        rescue: { generation, seq, plan, at },
      };
    }
    case 'FormatRaised':
      return { ...state, format: Math.max(state.format, event.format) };
    case 'EndpointsKeptBack':
    case 'KeptBackRejected':
    case 'EndpointRefused':
    case 'EndpointRetried':
    case 'SourcesBlind':
    case 'LogContradicted':
    case 'BranchEvacuated':
    case 'BranchRestored':
    case 'LooseningApproved':
    case 'LooseningRejected':
      return state;
  }
}

function planAppended(state: CellState, event: PlanAppended, { at, by }: Stamp): CellState {
  const { generation, digest, origin, lane, disposition } = event;
  const { removedPermille } = event.summary;
  const findings = event.findings.length;
  const ref: PlanRef = { generation, digest, origin, lane, disposition, at, findings, removedPermille };
  const approved = disposition === 'approved';
  return {
    ...state,
    newest: ref,
    highest: Math.max(state.highest, generation),
    goal: approved ? ref : state.goal,
    approved: approved ? withApproved(state.approved, ref) : state.approved,
    staging:
      approved && !(origin === 'planner' && lane === 'routine') ? unstick(state.staging) : state.staging,
    endpoints: withTrees(
      approved ? withoutNeverLive(state, event.newTrees) : state.endpoints,
      event.newTrees,
    ),
    removals: approved ? withRemoval(state.removals, at, removedPermille) : state.removals,
    paused: event.pausesPlanner ? { at, by, reason: `${origin} to generation ${generation}` } : state.paused,
  };
}

function planApproved(state: CellState, generation: Generation, at: number): CellState {
  if (state.newest?.generation !== generation) return state;
  const approved: PlanRef = { ...state.newest, disposition: 'approved' };
  const removals = withRemoval(state.removals, at, approved.removedPermille);
  return {
    ...state,
    newest: approved,
    goal: approved,
    approved: withApproved(state.approved, approved),
    staging: unstick(state.staging),
    removals,
  };
}

function fenceAhead(state: CellState, event: FenceAhead, at: number): CellState {
  const highest = Math.max(state.highest, event.fenceGeneration, event.reissue?.generation ?? 0);
  if (event.reissue === undefined) return { ...state, highest };
  const { generation, digest } = event.reissue;
  const goal: PlanRef = {
    generation,
    digest,
    origin: 'reissue',
    lane: 'urgent',
    disposition: 'approved',
    at,
    findings: 0,
    removedPermille: 0,
  };
  const approved = withApproved(state.approved, goal);
  return { ...state, highest, newest: goal, goal, approved, staging: unstick(state.staging) };
}

/**
 * Several enactors may stage one plan, and a tree that a hand has deleted is staged again. A flip waits for every
 * change that was recorded for a tree, because the first change may be INSYNC long before the one that made what stands
 * there now.
 */
function planStaged(
  state: CellState,
  event: {
    readonly generation: Generation;
    readonly digest: string;
    readonly changes: readonly StagedChange[];
  },
  at: number,
): CellState {
  const earlier = state.staging?.entries ?? [];
  const known = stagedTrees(earlier);
  const fresh: StagingEntry[] = event.changes
    .map(({ changeId, trees }) => ({
      changeId,
      at,
      trees: trees.filter((tree) => !known.has(stagedTree(changeId, tree))),
    }))
    .filter((entry) => entry.trees.length > 0);
  const goal = state.goal;
  // As in planAppended: only a routine plan of the planner's waits for a staged one to finish.
  const superseded =
    goal !== null &&
    goal.generation > event.generation &&
    !(goal.origin === 'planner' && goal.lane === 'routine');
  const keepsGoal = state.staging?.sticky === true;
  return {
    ...state,
    staging: {
      generation: keepsGoal ? state.staging.generation : event.generation,
      digest: keepsGoal ? state.staging.digest : event.digest,
      sticky: keepsGoal || !superseded,
      entries: newestEntries([...earlier, ...fresh]),
    },
  };
}

/** The next staging batch re-asserts a tree whose entry was dropped, and so the tree gets a new entry. */
function newestEntries(entries: readonly StagingEntry[]): readonly StagingEntry[] {
  let trees = 0;
  const kept = entries.slice(-STAGED_ENTRIES_MAX).reverse();
  return kept
    .filter((entry) => {
      trees += entry.trees.length;
      return trees <= STAGED_TREES_MAX;
    })
    .reverse();
}

function planApplied(state: CellState, event: PlanApplied, { at }: Stamp): CellState {
  const ref: AppliedRef = { generation: event.generation, digest: event.digest, seq: event.seq, at };
  const history = withHistory(state.history, ref);
  if (state.applied !== null && state.applied.seq >= event.seq) return { ...state, history };
  return {
    ...state,
    history,
    applied: {
      ...ref,
      by: event.enactor,
      ...(event.changeId === undefined ? {} : { changeId: event.changeId }),
    },
    staging: state.staging !== null && state.staging.generation <= event.generation ? null : state.staging,
    owned: event.endpoints,
    adopted: state.adopted.filter((name) => !event.endpoints.includes(name)),
    endpoints: withRollbacks(state.endpoints, event.rollbacks),
    drift: event.reason === 'observed' ? state.drift : null,
    regressed: event.reason === 'observed' ? state.regressed : null,
  };
}

function treesRetired(state: CellState, trees: readonly string[]): CellState {
  const gone = new Set(trees);
  const endpoints: Record<string, EndpointState> = {};
  for (const [endpoint, known] of Object.entries(state.endpoints)) {
    const kept = known.trees.filter((label) => !gone.has(`${label}.${endpoint}`));
    const rollback =
      known.rollback !== undefined && gone.has(`${known.rollback}.${endpoint}`) ? undefined : known.rollback;
    if (kept.length > 0 || rollback !== undefined) {
      endpoints[endpoint] = { trees: kept, ...(rollback === undefined ? {} : { rollback }) };
    }
  }
  return { ...state, endpoints };
}

/**
 * Drops trees that were superseded before anybody staged them, so that the state does not grow with plans that nobody
 * applied. A dropped tree counts as retired: its name is never used again, and if it stands in the zone it is an
 * orphan. See docs/adr/0006-superseded-trees-are-forgotten.md.
 */
function withoutNeverLive(
  state: CellState,
  newTrees: Readonly<Record<string, TreeLabel>>,
): CellState['endpoints'] {
  const live = state.applied?.generation ?? 0;
  const staged = new Set(state.staging?.entries.flatMap((entry) => entry.trees));
  const unapproved = state.newest?.disposition === 'approved' ? undefined : state.newest?.generation;
  const endpoints: Record<string, EndpointState> = {};
  for (const [endpoint, known] of Object.entries(state.endpoints)) {
    const isSuperseded = (label: TreeLabel) => {
      const made = labelGeneration(label);
      if (made === undefined || made <= live || staged.has(`${label}.${endpoint}`)) return false;
      return ownValue(newTrees, endpoint) !== undefined || made === unapproved;
    };
    const trees = known.trees.filter((label) => !isSuperseded(label));
    if (trees.length > 0 || known.rollback !== undefined) endpoints[endpoint] = { ...known, trees };
  }
  return endpoints;
}

function withTrees(
  endpoints: CellState['endpoints'],
  trees: Readonly<Record<string, TreeLabel>>,
): CellState['endpoints'] {
  const result: Record<string, EndpointState> = { ...endpoints };
  for (const [endpoint, label] of Object.entries(trees)) {
    const known = ownValue(result, endpoint);
    result[endpoint] = { ...known, trees: including(known?.trees ?? [], label) };
  }
  return result;
}

/** `rollbacks` is complete: an endpoint that it does not name has no rollback root. */
function withRollbacks(
  endpoints: CellState['endpoints'],
  rollbacks: Readonly<Record<string, TreeLabel>>,
): CellState['endpoints'] {
  const result: Record<string, EndpointState> = {};
  for (const endpoint of new Set([...Object.keys(endpoints), ...Object.keys(rollbacks)])) {
    const rollback = ownValue(rollbacks, endpoint);
    const trees = ownValue(endpoints, endpoint)?.trees ?? [];
    if (trees.length > 0 || rollback !== undefined) {
      result[endpoint] = { trees, ...(rollback === undefined ? {} : { rollback }) };
    }
  }
  return result;
}

function withHistory(history: readonly AppliedRef[], ref: AppliedRef): readonly AppliedRef[] {
  const known = history.find((entry) => entry.generation === ref.generation);
  const later = known === undefined || ref.seq >= known.seq ? ref : known;
  const merged: AppliedRef = { ...later, at: Math.max(ref.at, known?.at ?? 0) };
  return [merged, ...history.filter((entry) => entry.generation !== ref.generation)]
    .sort((a, b) => b.seq - a.seq)
    .slice(0, HISTORY_MAX);
}

/**
 * Over the bound the two oldest are merged under the later date: a removal may count for longer, never for less long.
 */
function withRemoval(removals: CellState['removals'], at: number, permille: number): CellState['removals'] {
  if (permille === 0) return removals;
  const all = [...removals, { at, permille }];
  const [first, second, ...rest] = all;
  if (all.length <= REMOVALS_MAX || first === undefined || second === undefined) return all;
  return [{ at: second.at, permille: first.permille + second.permille }, ...rest];
}

function withApproved(
  approved: CellState['approved'],
  { generation, digest }: PlanRef,
): CellState['approved'] {
  return [{ generation, digest }, ...approved].slice(0, APPROVED_MAX);
}

/** What was staged to repair the applied plan is in place once the repair is recorded. */
function liveStaging(state: CellState): CellState['staging'] {
  const { staging, applied } = state;
  return staging !== null && applied !== null && staging.generation <= applied.generation ? null : staging;
}

/** The staged plan is the goal of a flip no longer than until the next plan. */
export function unstick(staging: CellState['staging']): CellState['staging'] {
  return staging === null ? null : { ...staging, sticky: false };
}

export function including<T>(list: readonly T[], item: T): readonly T[] {
  return list.includes(item) ? list : [...list, item];
}
