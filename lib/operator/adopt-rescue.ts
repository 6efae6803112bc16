import { planOf } from '../cell/cell-bodies.ts';
import { isUnretired } from '../cell/cell-knowledge.ts';
import { otherLedgerText, standingOf } from '../cell/standing.ts';
import type { Command } from '../ledger/decider/commands.ts';
import { lostEventText } from '../ledger/decider/decide.ts';
import type { CellState } from '../ledger/decider/state.ts';
import { ownMark, unsaidMark } from '../ledger/head-mark.ts';
import type { Head } from '../ledger/ledger.ts';
import type { HeadMark } from '../plan/fence.ts';
import { nextGeneration } from '../plan/generation.ts';
import { contentOf, makePlan, underLabel } from '../plan/make-plan.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import type { CellScope, TreeLabel } from '../plan/owned-names.ts';
import { endpointLabels, labelRescueSeq, treeLabelOf } from '../plan/owned-names.ts';
import type { Plan, PlannedEndpoint } from '../plan/plan.ts';
import { planDigest, plannedEndpoint, shortDigest } from '../plan/plan.ts';
import { planDifference } from '../plan/plan-difference.ts';
import { summaryOf } from '../plan/plan-summary.ts';
import { treeCondition } from '../plan/trees.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { pointedTree, recordsAtName } from '../plan/zone-view.ts';
import type { PersonsPlan } from './append-plan.ts';
import { appendPlan } from './append-plan.ts';
import { withKnownCapacities } from './known-capacities.ts';
import type { NotDone, OperatorZoneDeps, Outcome } from './operator.ts';
import { refused, unknown } from './operator.ts';
import { recordEvent } from './record-event.ts';
import type { RescueReading } from './rescue-reading.ts';
import { readForRescue } from './rescue-reading.ts';

export interface AdoptRescueRequest {
  readonly cell: CellName;
  /** The file that the cell was rescued with, or an export of what it left. */
  readonly plan: Plan;
  /** False: say what would be appended, and write nothing. */
  readonly apply: boolean;
}

export interface AdoptedRescue extends PersonsPlan {
  readonly appended: boolean;
  /** Endpoints whose tree the plan takes over as it stands in the zone. */
  readonly kept: readonly DnsName[];
  /** Endpoints of the goal that the file does not name: they stay as the goal has them. */
  readonly carried: readonly DnsName[];
}

/** Readings at most. One is repeated when the fence moves in between; a frozen fence is moved by people only. */
const READS_MAX = 8;

/**
 * Brings what a rescue did into the log: the file becomes an approved plan above everything seen, with the trees that
 * the roots point at, so that nothing a client sees changes when the cell is thawed. It pauses the planner. The fence
 * stays frozen; thaw comes next. The plan has the weights that stand in the zone, and the capacities that the log knows.
 *
 * @throws LedgerUnavailable, ZoneUnavailable when a service is down: at most RescueFound was appended.
 */
export async function adoptRescue(
  deps: OperatorZoneDeps,
  { cell, plan: file, apply }: AdoptRescueRequest,
): Promise<Outcome<AdoptedRescue>> {
  const { scope } = deps.writer;
  if (file.cell !== cell || file.zone !== scope.zone || file.zoneId !== scope.zoneId) {
    return refused(`This is a plan of cell ${file.cell} in ${file.zone} (${file.zoneId}), not of ${cell}.`);
  }
  const read = await readStill(deps);
  if (read === undefined)
    return unknown(`The fence of cell ${cell} moved at every one of ${READS_MAX} reads: try again.`);
  const head = await deps.ledger.head(cell);
  const obstacle = obstacleIn(read, file, head.state, deps);
  if (obstacle !== undefined) return refused(obstacle);
  const anchor = ownMark(read.reading, head.state);
  const lost = unsaidMark(head, anchor);
  if (lost !== undefined) return refused(lostEventText(cell, lost));
  if (apply) {
    const trouble = await recordRescue(deps, cell, read, anchor);
    if (trouble !== undefined) return trouble;
  }
  const kept = keptTrees(file, read.view, deps);
  let carried: readonly DnsName[] = [];
  const outcome = await appendPlan(deps, { cell, apply, anchor }, async (now) => {
    const base = await planOf(deps.ledger, cell, now.state.goal);
    const absent = base?.endpoints.filter(({ name }) => plannedEndpoint(file, name) === undefined) ?? [];
    carried = absent.map(({ name }) => name);
    const rescued = await withKnownCapacities(deps.ledger, now, file);
    const content = { ...rescued, endpoints: [...rescued.endpoints, ...absent] };
    return draft(deps, now, base, content, kept, read);
  });
  return outcome.type === 'done' ? { ...outcome, kept: [...kept.keys()], carried } : outcome;
}

async function readStill({ writer, ledger }: OperatorZoneDeps): Promise<RescueReading | undefined> {
  const { highest } = (await ledger.head(writer.scope.cell)).state;
  for (let reads = 1; reads <= READS_MAX; reads += 1) {
    const read = await readForRescue(writer, highest);
    if (read !== 'moved') return read;
  }
  return undefined;
}

function obstacleIn(
  { reading, view, generation }: RescueReading,
  file: Plan,
  state: CellState,
  deps: OperatorZoneDeps,
): string | undefined {
  const { cell } = deps.writer.scope;
  // The zone's own trees count too: a ledger that was restored from a backup may be far behind them.
  const highest = Math.max(state.highest, generation);
  const standing = standingOf(reading, { ...state, highest }, 'fence-first');
  if (standing.type === 'unreadable' || !standing.fence.frozen) {
    return `The fence of cell ${cell} is not frozen, so no rescue is in force: propose the file with "pawl plan --from" instead.`;
  }
  const { fence } = standing;
  if (standing.type === 'other-ledger') {
    return `${otherLedgerText(cell, fence)}: adopt the rescue with that one, or take the cell over first with "pawl adopt --cell ${cell}".`;
  }
  const isTheFile = fence.plan === shortDigest(planDigest(file));
  if (isTheFile || keptTrees(file, view, deps).size === file.endpoints.length) return undefined;
  return `Cell ${cell} was rescued with plan ${fence.plan}, and this file is ${shortDigest(planDigest(file))} and not what stands there: adopt the file it was rescued with, or what "pawl rescue --export" gives.`;
}

/** Records the rescue in the log, which raises its newest generation to at least the fence's. */
async function recordRescue(
  deps: OperatorZoneDeps,
  cell: CellName,
  { reading, generation }: RescueReading,
  anchor: HeadMark | undefined,
): Promise<NotDone | undefined> {
  if (reading.type !== 'fence') return undefined;
  const { seq, plan, by } = reading.fence;
  const propose = ({ state }: Head): Command | undefined =>
    state.rescue === null || state.highest < generation
      ? { type: 'RecordRescue', generation, seq, plan, by }
      : undefined;
  const outcome = await recordEvent(deps, cell, propose, anchor);
  return outcome.type === 'refused' || outcome.type === 'unknown' ? outcome : undefined;
}

/** Trees that the file's endpoints have in the zone right now, exactly as the file says, by endpoint. */
function keptTrees(
  file: Plan,
  view: ZoneView,
  { writer: { scope } }: OperatorZoneDeps,
): ReadonlyMap<DnsName, DnsName> {
  const kept = new Map<DnsName, DnsName>();
  for (const endpoint of file.endpoints) {
    const pointed = recordsAtName(view, endpoint.name).flatMap(
      (record) => pointedTree(record, scope)?.name ?? [],
    );
    const tree = pointed.find((name) => {
      const standing = standingAt(endpoint, name, scope);
      return standing !== undefined && treeCondition(standing, view, scope) === 'intact';
    });
    if (tree !== undefined) kept.set(endpoint.name, tree);
  }
  return kept;
}

/** The endpoint as it stands at a tree: an export says the names of its nodes, a rescue made them under one label. */
function standingAt(endpoint: PlannedEndpoint, tree: DnsName, scope: CellScope): PlannedEndpoint | undefined {
  if (endpoint.tree === tree) return endpoint;
  const label = treeLabelOf(tree, scope);
  return label === undefined ? undefined : underLabel(endpoint, label, scope);
}

async function draft(
  deps: OperatorZoneDeps,
  head: Head,
  base: Plan | undefined,
  content: Plan,
  kept: ReadonlyMap<DnsName, DnsName>,
  read: RescueReading,
): Promise<PersonsPlan> {
  const { scope } = deps.writer;
  const { state } = head;
  const standing: Plan = {
    ...content,
    endpoints: content.endpoints.flatMap((endpoint): readonly PlannedEndpoint[] => {
      const tree = kept.get(endpoint.name);
      const there = tree === undefined ? undefined : standingAt(endpoint, tree, scope);
      return there === undefined ? [] : [there];
    }),
  };
  // A dry run has not recorded the rescue in the log, so it counts the zone's generations itself.
  const generation = nextGeneration(state.highest, read.generation);
  const made = makePlan({
    scope,
    generation,
    endpoints: contentOf(content),
    base: standing,
    others: base === undefined ? [] : [base],
    // A rescue's tree that the log does not know was made without it, and becomes known by this event.
    isUnretired: (endpoint, label) =>
      labelRescueSeq(label) !== undefined || isUnretired(state, endpoint, label),
  });
  const plan: Plan = { ...made.plan, parent: base?.generation ?? 0 };
  const newTrees: Record<string, TreeLabel> = { ...made.newTrees };
  for (const { name, tree } of plan.endpoints) {
    const label = treeLabelOf(tree, scope);
    const relative = endpointLabels(name, scope);
    if (label !== undefined && !isUnretired(state, relative, label)) newTrees[relative] = label;
  }
  const summary = summaryOf(plan, planDifference(base, contentOf(plan)));
  return {
    plan,
    digest: planDigest(plan),
    base,
    origin: 'rescue',
    lane: 'urgent',
    disposition: 'approved',
    findings: [],
    summary,
    newTrees,
    keptBack: [],
    capacityRemoved: {},
    capacityReturned: {},
  };
}
