import type { CellState } from '../../ledger/decider/state.ts';
import { canonicalJson } from '../../plan/canonical.ts';
import type { FenceReading } from '../../plan/fence.ts';
import { boundedReading, readFenceRecords } from '../../plan/fence.ts';
import { invariant } from '../../plan/invariant.ts';
import type { DnsName } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import { fenceName, rollbackName } from '../../plan/owned-names.ts';
import type { Leaf, Plan, PlannedEndpoint, TreeNode } from '../../plan/plan.ts';
import { shortDigest } from '../../plan/plan.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { RestrictedZone } from './zone-obstacles.ts';

/** How a cell may stand after an undisturbed round. */
export type Ending = 'at goal' | 'frozen' | 'other ledger' | 'no goal';

/** A cell at rest. */
export interface RestingCell extends RestrictedZone {
  readonly state: CellState;
  /** The goal's body; absent when there is no goal. */
  readonly goal: Plan | undefined;
}

/**
 * Says, by the table of docs/protocol.md, how a cell must stand after an undisturbed round, and so whether anybody may
 * write at all. It uses none of the enactor's code.
 */
export function expectedEnding(cell: RestingCell): Ending {
  const { state } = cell;
  const reading = boundedReading(fenceIn(cell), state.highest);
  if (reading.type === 'fence') {
    // A rescue that could not read a fence does not know which ledger owns the cell. Its freeze holds all the same.
    if (reading.fence.ledger !== state.ledger) {
      return reading.fence.frozen && /^0+$/.test(reading.fence.ledger) ? 'frozen' : 'other ledger';
    }
    if (reading.fence.frozen) return 'frozen';
  }
  if (state.frozen !== null) return 'frozen';
  // A rescue in the log binds until a thaw, which would have written a fence above it.
  const { rescue } = state;
  if (rescue !== null && (reading.type !== 'fence' || reading.fence.seq <= rescue.seq)) return 'frozen';
  return state.goal === null ? 'no goal' : 'at goal';
}

/** I4: every root answers as the goal's plan says, and the log has recorded it. @throws InvariantViolated. */
export function assertAtGoal(cell: RestingCell): void {
  const { goal, state } = cell;
  invariant(goal !== undefined && state.goal !== null, 'I4: there is no goal to be at');
  const reading = fenceIn(cell);
  invariant(reading.type === 'fence', 'I4: no fence can be read after an undisturbed round');
  const { fence } = reading;
  invariant(
    fence.generation === state.goal.generation && fence.plan === shortDigest(state.goal.digest),
    `I4: the fence is at ${fence.generation} (${fence.plan}) and the goal is ${state.goal.generation}`,
  );
  invariant(
    state.applied?.generation === state.goal.generation,
    `I4: the log says that ${state.applied?.generation ?? 'nothing'} is applied, not ${state.goal.generation}`,
  );
  for (const endpoint of goal.endpoints) {
    const difference = differenceAt(endpoint, cell);
    invariant(difference === undefined, `I4: ${difference}`);
  }
}

/** The fence of a cell at rest, as its records say. */
export function fenceIn({ scope, records }: RestingCell): FenceReading {
  return readFenceRecords(records.filter(({ name }) => name === fenceName(scope)));
}

/** What of an endpoint is not as its plan says; undefined when all of it is. */
export function differenceAt(endpoint: PlannedEndpoint, { scope, records }: RestingCell): string | undefined {
  const { name, tree, leaves } = endpoint;
  const [type = ''] = leaves.map((leaf) => leaf.type);
  const roots = records.filter((record) => record.name === name && isRootType(record));
  const [root] = roots;
  if (roots.length !== 1 || root?.type !== type || !pointsAt(root, tree))
    return `the root ${name} does not point at ${tree} alone`;
  for (const node of endpoint.nodes ?? [{ path: '', name: tree }]) {
    if (!isAsPlanned(node, endpoint, records, scope)) return `the tree ${node.name} is not as the plan says`;
  }
  const rollbacks = records.filter((record) => record.name === rollbackName(name, scope));
  const target: DnsName | undefined = rollbacks[0]?.alias?.name;
  const answers = records.some((record) => record.name === target && record.type === type);
  if (rollbacks.length !== 1 || !answers)
    return `the rollback root ${rollbackName(name, scope)} does not answer`;
  return undefined;
}

/** Whether a node has its leaves, or an alias of its branch's policy to each node below it, and nothing else. */
function isAsPlanned(
  { path, name, branches }: TreeNode,
  { leaves, nodes = [], ttl }: PlannedEndpoint,
  records: readonly RecordSet[],
  { zoneId }: CellScope,
): boolean {
  const standing = records.filter((record) => record.name === name);
  if (branches !== undefined) {
    const aliases = branches.map(({ id, routing }) => {
      const child = nodes.find((node) => node.path === (path === '' ? id : `${id}.${path}`));
      return standing.filter(
        (record) =>
          record.setIdentifier === id &&
          record.alias?.zoneId === zoneId &&
          record.alias.name === child?.name &&
          record.alias.evaluateTargetHealth &&
          canonicalJson('weight' in routing ? { weight: record.weight } : record.routing) ===
            canonicalJson(routing),
      ).length;
    });
    return (
      aliases.every((count) => count > 0) && aliases.reduce((sum, each) => sum + each, 0) === standing.length
    );
  }
  const own = leaves.filter(({ node = '' }) => node === path);
  const isThere = (leaf: Leaf): boolean =>
    standing.some(
      (record) =>
        record.setIdentifier === leaf.target &&
        record.type === leaf.type &&
        record.weight === leaf.weight &&
        record.ttl === ttl &&
        record.values?.join() === leaf.values?.join(),
    );
  return own.every(isThere) && standing.length === own.length;
}

function isRootType({ type }: RecordSet): boolean {
  return type === 'A' || type === 'AAAA' || type === 'CNAME';
}

function pointsAt({ alias, setIdentifier }: RecordSet, tree: DnsName): boolean {
  return alias?.name === tree && !alias.evaluateTargetHealth && setIdentifier === undefined;
}
