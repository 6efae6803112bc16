import type { Writer } from '../cell/fenced-write.ts';
import type { InsyncSettings } from '../cell/insync.ts';
import { awaitInsync } from '../cell/insync.ts';
import { fatalAmong } from '../cell/proposal.ts';
import type { Fence } from '../plan/fence.ts';
import { fenceRecord, isRescueFence } from '../plan/fence.ts';
import { findingSentence } from '../plan/finding-text.ts';
import type { Seq } from '../plan/generation.ts';
import { nextSeq } from '../plan/generation.ts';
import { otherCellsRoot } from '../plan/handover.ts';
import { lintPlan } from '../plan/lint-plan.ts';
import { contentOf, underLabel } from '../plan/make-plan.ts';
import type { DnsName } from '../plan/names.ts';
import type { CellScope, TreeLabel } from '../plan/owned-names.ts';
import { endpointLabels, labelRescueSeq, parseOwnedName, rescueTreeLabel } from '../plan/owned-names.ts';
import type { Plan, PlannedEndpoint } from '../plan/plan.ts';
import { planDigest, shortDigest } from '../plan/plan.ts';
import type { Conflict, RootChanges } from '../plan/roots.ts';
import { conflictSentence, planRoots } from '../plan/roots.ts';
import { treeSize } from '../plan/tree-nodes.ts';
import { treeCondition } from '../plan/trees.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { pointedTree, recordsAtName } from '../plan/zone-view.ts';
import type { Clock, Instant } from '../runtime/clock.ts';
import type { NotDone, Outcome } from './operator.ts';
import { refused, unknown } from './operator.ts';
import { rescueAttempts } from './rescue-attempts.ts';
import type { RescueReading } from './rescue-reading.ts';
import { readForRescue } from './rescue-reading.ts';
import { rescueSettling } from './rescue-settling.ts';
import type { Unwritten, Written, WrittenFence } from './rescue-writes.ts';
import { flipForRescue, freezeForRescue, rescuer, stageForRescue } from './rescue-writes.ts';

export interface RescueRequest {
  /** What the cell shall answer. Its tree names are ignored: a rescue makes trees of its own. */
  readonly plan: Plan;
  /** Names of the plan at which records stand that are not Pawl's, to be replaced all the same. */
  readonly takeOver?: readonly DnsName[];
  readonly settings: InsyncSettings;
  /** When to stop waiting: for the staged trees to reach every name server, and for the last change to be INSYNC. */
  readonly deadline: Instant;
}

export interface Rescue {
  /** The plan under the names of the trees that now stand. */
  readonly plan: Plan;
  /** The digest of the file, which the fence carries (its first 12 digits). */
  readonly digest: string;
  /** Of the frozen fence. */
  readonly seq: Seq;
  /** False when everything stood already as it should. */
  readonly changed: boolean;
}

/** What a rescue would do to the zone as it is. */
export interface ForeseenRescue {
  /** Of the fence that would be frozen. */
  readonly seq: Seq;
  /** Record sets of the trees that would be made; 0: everything stands already. */
  readonly records: number;
  /** Endpoints whose roots would move. */
  readonly moved: readonly DnsName[];
}

/** Every attempt begins by freezing, so that only another person can make the next one fail. */
const ATTEMPTS_MAX = 8;

/**
 * Makes a cell answer as a plan file says, with Route 53 alone: no ledger, no role. First the fence is frozen, then
 * trees of its own are staged under names of that fence's seq and awaited, then the roots are moved in one batch that
 * advances the fence and leaves it frozen. After any lost write it reads everything again and begins anew; half-staged
 * trees are left to the janitor.
 *
 * It is done once its last change is INSYNC: what is not may be lost with a return of the zone (ADR 53).
 *
 * The cell must stay frozen: an enactor that still runs would otherwise take the rescue for drift and undo it.
 *
 * @throws ZoneUnavailable when Route 53 cannot be reached: rescue again.
 */
export async function rescuePlan(
  unsigned: Writer,
  clock: Clock,
  request: RescueRequest,
): Promise<Outcome<Rescue>> {
  const writer = rescuer(unsigned);
  const { scope } = writer;
  const obstacle = obstacleIn(request.plan, scope);
  if (obstacle !== undefined) return refused(obstacle);
  const attempts = rescueAttempts(scope.cell);
  const settle = rescueSettling(writer, clock, request);
  let changed = false;
  let made: WrittenFence | undefined;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const read = await readForRescue(writer, request.plan.generation);
    if (read === 'moved') continue;
    const standing = standingRescue(read, request.plan, scope);
    if (standing !== undefined) {
      const settled = await settle(read, standing.digest, made);
      if (settled.type === 'insync') return { type: 'done', ...standing, changed };
      if (settled.type === 'not copied') return unknown(settled.reason);
      made = settled.made;
      continue;
    }
    const end = attempts.end(read);
    if (end !== undefined) return end;
    const outcome = await rescueOnce(writer, clock, request, read);
    changed = true;
    if (outcome.type === 'refused') return outcome;
    if (outcome.type === 'written') made = outcome.value;
    else attempts.failed(outcome);
  }
  return unknown(
    `${ATTEMPTS_MAX} attempts to rescue cell ${scope.cell} were overtaken: somebody else rescues, freezes or thaws it. Agree with them, then rescue again.`,
  );
}

/**
 * Says what {@link rescuePlan} would do, and writes nothing.
 *
 * @returns refused for what it would refuse; unknown where the zone moves whenever it is read.
 * @throws ZoneUnavailable when Route 53 cannot be reached.
 */
export async function foreseeRescue(
  unsigned: Writer,
  { plan, takeOver }: Pick<RescueRequest, 'plan' | 'takeOver'>,
): Promise<Outcome<ForeseenRescue>> {
  const writer = rescuer(unsigned);
  const { scope } = writer;
  const obstacle = obstacleIn(plan, scope);
  if (obstacle !== undefined) return refused(obstacle);
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const read = await readForRescue(writer, plan.generation);
    if (read === 'moved') continue;
    const standing = standingRescue(read, plan, scope);
    if (standing !== undefined) return { type: 'done', seq: standing.seq, records: 0, moved: [] };
    const seq = nextSeq(read.seq);
    const goal = withRescueTrees(plan, seq, scope);
    const { changed, conflicts } = rootsOf(goal, read.view, scope, takeOver);
    const [conflict] = conflicts;
    if (conflict !== undefined) return refused(rescueConflict(conflict));
    const records = goal.endpoints.reduce((sum, endpoint) => sum + treeSize(endpoint), 0);
    return { type: 'done', seq, records, moved: changed };
  }
  return unknown(`The zone of cell ${scope.cell} moves whenever it is read: look again.`);
}

/** One pass on one reading. A pass that went through asks for another, which finds everything in its place. */
async function rescueOnce(
  writer: Writer,
  clock: Clock,
  request: RescueRequest,
  read: RescueReading,
): Promise<Written<WrittenFence> | Extract<NotDone, { readonly type: 'refused' }>> {
  const { scope } = writer;
  const goal = withRescueTrees(request.plan, nextSeq(read.seq), scope);
  const roots = rootsOf(goal, read.view, scope, request.takeOver);
  const [conflict] = roots.conflicts;
  if (conflict !== undefined) return refused(rescueConflict(conflict));
  const frozen = await freezeForRescue(writer, read, planDigest(request.plan));
  if (frozen.type !== 'written') return frozen;
  const staged = await stageForRescue(writer, clock, frozen.value.fence, goal);
  if (staged.type !== 'written') return staged;
  const { settings, deadline } = request;
  const { pending, fence } = staged.value;
  const waited = await awaitInsync({ zone: writer.zone, clock }, pending, settings, deadline);
  if (waited.type === 'unknown') return treesLost(fence, scope);
  if (waited.type === 'deadline') {
    return refused(
      `The trees of the rescue of cell ${scope.cell} are made and its fence is frozen, but they have not reached every name server, so no root was moved: rescue again.`,
    );
  }
  const { changeId } = pending.at(-1) ?? frozen.value;
  return flipForRescue(writer, { fence, changeId }, roots.groups);
}

/** Trees that may be lost are staged again, by the next attempt. */
function treesLost(fence: Fence, scope: CellScope): Unwritten {
  const reason = 'Route 53 does not know the changes any more that made the trees';
  return { type: 'unknown', reason, replaced: [fenceRecord(fence, scope)] };
}

/** Words a conflict as an enactor does; without a ledger no name can be adopted. */
function rescueConflict(conflict: Conflict): string {
  if (conflict.kind !== 'adoptable') return conflictSentence([conflict]);
  const types = [...new Set(conflict.types)].join(' and ');
  return `${conflict.name} has ${types} records, and nothing in the zone shows that they are Pawl's: name it to be taken over, or take it out of the file.`;
}

function obstacleIn(plan: Plan, scope: CellScope): string | undefined {
  if (plan.cell !== scope.cell || plan.zone !== scope.zone || plan.zoneId !== scope.zoneId) {
    return `This is a plan of cell ${plan.cell} in ${plan.zone} (${plan.zoneId}), not of ${scope.cell} in ${scope.zone} (${scope.zoneId}).`;
  }
  const endpoints = contentOf(plan);
  if (endpoints.length === 0) return 'The plan has no endpoints, so there is nothing to rescue with it.';
  const findings = lintPlan({
    scope,
    fleet: { cell: plan.cell, endpoints: [], targets: [] },
    generation: plan.generation,
    endpoints,
    newTrees: new Set(endpoints.map(({ name }) => name)),
    zone: undefined,
    claimed: new Map(),
  });
  const fatal = fatalAmong(findings);
  return fatal === undefined ? undefined : findingSentence(fatal);
}

function withRescueTrees(plan: Plan, seq: Seq, scope: CellScope): Plan {
  const label = rescueTreeLabel(seq);
  return { ...plan, endpoints: plan.endpoints.map((endpoint) => underLabel(endpoint, label, scope)) };
}

/**
 * What the flip must change. Without a ledger an endpoint counts as Pawl's when anything of it stands in the cell's
 * subtree; endpoints that the plan does not name are left as they are.
 */
function rootsOf(
  goal: Plan,
  view: ZoneView,
  scope: CellScope,
  takeOver: readonly DnsName[] = [],
): RootChanges {
  const traced = new Set<string>();
  for (const name of view.keys()) {
    const owned = parseOwnedName(name, scope);
    if (owned?.kind === 'tree' || owned?.kind === 'rollback') traced.add(owned.endpoint);
  }
  const names = goal.endpoints.map(({ name }) => name);
  // What another cell answers with is that cell's, although trees of it are left here.
  const owned = new Set(
    names.filter(
      (name) => traced.has(endpointLabels(name, scope)) && otherCellsRoot(name, view, scope) === undefined,
    ),
  );
  return planRoots({ scope, goal, view, owned, adopted: new Set(takeOver), complete: false });
}

/** The rescue that was made with this plan, if all of it stands: fence, trees, roots and rollback roots. */
function standingRescue(
  { reading, view }: RescueReading,
  file: Plan,
  scope: CellScope,
): Omit<Rescue, 'changed'> | undefined {
  const digest = planDigest(file);
  if (reading.type !== 'fence') return undefined;
  const { fence } = reading;
  if (!isRescueFence(fence) || fence.plan !== shortDigest(digest)) return undefined;
  const endpoints = file.endpoints.map((endpoint) => {
    const label = rescueLabelAt(endpoint, view, scope);
    return label === undefined ? endpoint : underLabel(endpoint, label, scope);
  });
  const plan: Plan = { ...file, endpoints };
  const isWhole = endpoints.every(
    (endpoint) =>
      rescueLabelAt(endpoint, view, scope) !== undefined && treeCondition(endpoint, view, scope) === 'intact',
  );
  if (!isWhole) return undefined;
  const { groups, conflicts } = rootsOf(plan, view, scope);
  return groups.length + conflicts.length === 0 ? { plan, digest, seq: fence.seq } : undefined;
}

function rescueLabelAt({ name }: PlannedEndpoint, view: ZoneView, scope: CellScope): TreeLabel | undefined {
  return recordsAtName(view, name)
    .map((record) => pointedTree(record, scope))
    .find((tree) => tree !== undefined && labelRescueSeq(tree.label) !== undefined)?.label;
}
