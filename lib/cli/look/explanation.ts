import type { RecordedEvent } from '../../ledger/decider/events.ts';
import type { AppliedState } from '../../ledger/decider/state.ts';
import type { Absence, DesiredInput } from '../../plan/desired.ts';
import { absence } from '../../plan/desired.ts';
import type { FleetEndpoint, FleetTarget } from '../../plan/fleet-model.ts';
import { ownValue } from '../../plan/own-value.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import { rollbackName, treeLabelOf } from '../../plan/owned-names.ts';
import type { Leaf, PlannedEndpoint } from '../../plan/plan.ts';
import { rootRecords } from '../../plan/plan.ts';
import { sameRecords } from '../../plan/records.ts';
import { branchPath, isMultivalue } from '../../plan/tree-nodes.ts';
import type { TreeCondition } from '../../plan/trees.ts';
import { driftedNodes, missingNodes, treeCondition } from '../../plan/trees.ts';
import type { ZoneView } from '../../plan/zone-view.ts';
import { recordsAtName } from '../../plan/zone-view.ts';
import { dampedText } from '../printing/damped-targets.ts';
import { answerText } from '../printing/plan-comparison.ts';
import { recordAnswer } from '../printing/records-view.ts';
import { routingText } from '../printing/routing-text.ts';
import type { RefusedSeen } from '../printing/seen-obstacles.ts';
import { obstaclesOf } from '../printing/seen-obstacles.ts';
import type { AppliedEndpoint } from './endpoint-lookup.ts';

/** An event of the chain, with the fields that are shown. */
export interface ChainEvent {
  readonly number: number;
  readonly at: number;
  readonly by: string;
  readonly event: RecordedEvent['event'];
}

/** One target of the endpoint: its records and the reason for their weights, or the reason why it has none. */
export interface ExplainedTarget {
  readonly target: string;
  readonly az: string;
  readonly records: readonly {
    readonly type: string;
    readonly answer: string;
    readonly weight: number;
    /** Its node answers with up to eight healthy records at once, whatever their weights; absent: with one, by weight. */
    readonly answers?: 'multivalue';
    /** The path of the branch that it answers in; absent: the endpoint has no branches. */
    readonly branch?: string;
  }[];
  readonly why: string;
}

/** One branch of an endpoint's tree. */
export interface ExplainedBranch {
  /** `primary.eu-west-1` */
  readonly path: string;
  readonly name: string;
  /** How Route 53 comes to choose it. */
  readonly chosen: string;
  readonly condition: TreeCondition;
}

/** Everything that decides an endpoint's answers. */
export interface Explanation {
  readonly name: string;
  readonly cell: string;
  readonly zone: string;
  readonly kind: string;
  readonly ttl: number;
  /** Records at the endpoint's own name, as they stand. */
  readonly root: readonly { readonly type: string; readonly answer: string }[];
  readonly rootIsAsPlanned: boolean;
  readonly rollback: readonly { readonly type: string; readonly answer: string }[];
  readonly tree: { readonly name: string; readonly label: string; readonly condition: TreeCondition };
  /** In order of path, the outer ones first; absent: the endpoint has no branches. */
  readonly branches?: readonly ExplainedBranch[];
  /** The event of the plan that made the tree or took it over from a rescue. */
  readonly made: ChainEvent | null;
  readonly applied: Pick<AppliedState, 'generation' | 'seq' | 'at' | 'by'> | null;
  readonly targets: readonly ExplainedTarget[];
  /** What Route 53 refuses of it; null when nothing. */
  readonly refused: RefusedSeen | null;
}

export interface ExplainInput {
  readonly found: AppliedEndpoint;
  readonly view: ZoneView;
  readonly desired: DesiredInput | undefined;
  /** The event whose plan made this tree, or took it over from a rescue. */
  readonly made: RecordedEvent | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The whole chain for one endpoint: root, tree, leaves, and the events that made them. Pure. */
export function explain({ found, view, desired, made, now }: ExplainInput): Explanation {
  const { head, plan, endpoint } = found;
  const scope: CellScope = { cell: plan.cell, zone: plan.zone, zoneId: plan.zoneId };
  const { applied } = head.state;
  const answersAt = (name: typeof endpoint.name) =>
    recordsAtName(view, name).map((record) => ({ type: record.type, answer: recordAnswer(record) }));
  const standing = recordsAtName(view, endpoint.name).filter(({ type }) => ROOT_TYPES.has(type));
  return {
    name: endpoint.name,
    cell: plan.cell,
    zone: plan.zone,
    kind: endpoint.kind,
    ttl: endpoint.ttl,
    root: answersAt(endpoint.name),
    rootIsAsPlanned: sameRecords(standing, rootRecords(endpoint, scope)),
    rollback: answersAt(rollbackName(endpoint.name, scope)),
    tree: {
      name: endpoint.tree,
      label: treeLabelOf(endpoint.tree, scope) ?? '',
      condition: treeCondition(endpoint, view, scope),
    },
    ...(endpoint.nodes === undefined ? {} : { branches: explainedBranches(endpoint, view, scope) }),
    made: made === undefined ? null : { number: made.number, at: made.at, by: made.by, event: made.event },
    applied:
      applied === null
        ? null
        : { generation: applied.generation, seq: applied.seq, at: applied.at, by: applied.by },
    targets: explainedTargets(endpoint, desired),
    refused: obstaclesOf(head.state, now).refused.find(({ name }) => name === endpoint.name) ?? null,
  };
}

const ROOT_TYPES: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME']);

function explainedBranches(
  endpoint: PlannedEndpoint,
  view: ZoneView,
  scope: CellScope,
): readonly ExplainedBranch[] {
  const missing = new Set(missingNodes(endpoint, view, scope).map(({ path }) => path));
  const drifted = new Set(driftedNodes(endpoint, view, scope).map(({ path }) => path));
  const names = new Map(endpoint.nodes?.map(({ path, name }) => [path, name]));
  return (endpoint.nodes ?? []).flatMap((node) =>
    (node.branches ?? []).map((branch): ExplainedBranch => {
      const path = branchPath(node, branch);
      const condition = missing.has(path) ? 'missing' : drifted.has(path) ? 'drifted' : 'intact';
      return { path, name: names.get(path) ?? '', chosen: routingText(branch.routing), condition };
    }),
  );
}

/** The targets of an endpoint, each with its records and why they are as they are, or why it has none. Pure. */
export function explainedTargets(
  endpoint: PlannedEndpoint,
  desired: DesiredInput | undefined,
): readonly ExplainedTarget[] {
  const declared = desired?.fleet.endpoints.find(({ name }) => name === endpoint.name);
  const ids = new Set([...(declared?.targets ?? []), ...endpoint.leaves.map(({ target }) => target)]);
  return [...ids].map((id) => {
    const leaves = endpoint.leaves.filter(({ target }) => target === id);
    const target = desired?.fleet.targets.find((each) => each.id === id);
    return {
      target: id,
      az: target?.az ?? '',
      records: leaves.map(({ node, ...leaf }) => ({
        ...{ type: leaf.type, answer: answerText(leaf), weight: leaf.weight },
        ...(isMultivalue(endpoint, node) ? { answers: 'multivalue' as const } : {}),
        ...(node === undefined ? {} : { branch: node }),
      })),
      why: whyText(endpoint, leaves, declared, target, desired),
    };
  });
}

function whyText(
  endpoint: PlannedEndpoint,
  leaves: readonly Leaf[],
  declared: FleetEndpoint | undefined,
  target: FleetTarget | undefined,
  desired: DesiredInput | undefined,
): string {
  const missing =
    declared === undefined || target === undefined || desired === undefined
      ? 'no longer in the fleet'
      : absenceText(absence(target, declared, desired), target.id, desired);
  const [leaf] = leaves;
  if (leaf === undefined) return missing === '' ? 'not in the applied plan yet' : missing;
  const since = missing === '' ? '' : `; ${missing} since this plan`;
  if (isMultivalue(endpoint, leaf.node)) return `multivalue, whatever its capacity${since}`;
  const alike = endpoint.leaves.filter(({ node }) => node === leaf.node);
  const largest = Math.max(
    ...alike.map(({ capacity }) => capacity),
    endpoint.nodes === undefined ? largestDeclared(declared, desired) : 0,
  );
  return `capacity ${leaf.capacity}, the largest is ${largest}${since}`;
}

function largestDeclared(declared: FleetEndpoint | undefined, desired: DesiredInput | undefined): number {
  if (declared === undefined || desired === undefined) return 0;
  return Math.max(
    0,
    ...desired.fleet.targets
      .filter(({ id }) => declared.targets.includes(id))
      .map(({ id, capacity }) => ownValue(desired.observations, id)?.capacity ?? capacity),
  );
}

function absenceText(why: Absence | undefined, target: string, desired: DesiredInput): string {
  switch (why) {
    case undefined:
      return '';
    case 'drained':
      return 'drained by an operator';
    case 'evacuated':
      return 'its availability zone is evacuated';
    case 'branch-evacuated':
      return 'every branch that has it is evacuated';
    case 'unhealthy':
      return 'observed to be unhealthy';
    case 'unknown':
      return 'its health is not known, and it did not serve before';
    case 'no-capacity':
      return 'has no capacity';
    case 'damped':
      return dampedText(target, ownValue(desired.observations, target), desired.now ?? 0);
  }
}
