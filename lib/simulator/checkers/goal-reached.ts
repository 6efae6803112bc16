import type { CellState } from '../../ledger/decider/state.ts';
import { canonicalJson } from '../../plan/canonical.ts';
import type { FenceReading } from '../../plan/fence.ts';
import { boundedReading, readFenceRecords } from '../../plan/fence.ts';
import { invariant } from '../../plan/invariant.ts';
import type { DnsName } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import { fenceName, rollbackName, treeLabelOf } from '../../plan/owned-names.ts';
import type { Plan, PlannedEndpoint } from '../../plan/plan.ts';
import { shortDigest } from '../../plan/plan.ts';
import type { RecordSet } from '../../plan/records.ts';

/** How a cell may stand after an undisturbed round. */
export type Ending = 'at goal' | 'frozen' | 'other ledger' | 'no goal' | 'not owned';

/** A cell at rest. */
export interface RestingCell {
  readonly scope: CellScope;
  readonly records: readonly RecordSet[];
  readonly state: CellState;
  /** The goal's body; absent when there is no goal. */
  readonly goal: Plan | undefined;
}

/**
 * Says, by the table of docs/protocol.md, how a cell must stand after an undisturbed round, and so whether anybody may
 * write at all. It uses none of the enactor's code.
 */
export function expectedEnding(cell: RestingCell): Ending {
  const { scope, records, state } = cell;
  const there = records.filter(({ name }) => name === fenceName(scope));
  const reading = boundedReading(readFenceRecords(there), state.highest);
  if (reading.type === 'fence') {
    // A rescue that could not read a fence does not know which ledger owns the cell. Its freeze holds all the same.
    if (reading.fence.ledger !== state.ledger) {
      return reading.fence.frozen && /^0+$/.test(reading.fence.ledger) ? 'frozen' : 'other ledger';
    }
    if (reading.fence.frozen) return 'frozen';
  }
  if (state.frozen !== null) return 'frozen';
  if (state.goal === null) return 'no goal';
  return isOwed(reading, state) || takenNames(cell).length === 0 ? 'at goal' : 'not owned';
}

/** Whether the fence shows a flip that the log does not know yet: the log learns of it before anything else happens. */
function isOwed(reading: FenceReading, { approved, applied }: CellState): boolean {
  if (reading.type !== 'fence') return false;
  const { generation, plan, seq } = reading.fence;
  return (
    seq > (applied?.seq ?? 0) &&
    approved.some((ref) => ref.generation === generation && shortDigest(ref.digest) === plan)
  );
}

/**
 * Names of the goal at which a record stands that is not Pawl's by the log (docs/protocol.md: ownership is ledger state).
 * The records there may be what a hand made of a root that Pawl had flipped, when nobody recorded the flip and the hand
 * also took away the fence that shows it. A person has to adopt such a name.
 */
function takenNames({ scope, records, state, goal }: RestingCell): readonly DnsName[] {
  const names = (goal?.endpoints ?? []).map(({ name }) => name);
  return names.filter(
    (name) =>
      !state.owned.includes(name) &&
      !state.adopted.includes(name) &&
      records.some(
        (record) =>
          record.name === name &&
          isRootType(record) &&
          (record.alias === undefined || treeLabelOf(record.alias.name, scope) === undefined),
      ),
  );
}

/** Nobody touched what stands at names that are not Pawl's. @throws InvariantViolated. */
export function assertTakenStand(before: RestingCell, after: RestingCell): void {
  for (const name of takenNames(before)) {
    const standing = (records: readonly RecordSet[]): string =>
      canonicalJson(records.filter((record) => record.name === name));
    invariant(
      standing(before.records) === standing(after.records),
      `I4: ${name} is not Pawl's by the log, and somebody changed what stands there`,
    );
  }
}

/** I4: every root answers as the goal's plan says, and the log has recorded it. @throws InvariantViolated. */
export function assertAtGoal({ scope, records, state, goal }: RestingCell): void {
  invariant(goal !== undefined && state.goal !== null, 'I4: there is no goal to be at');
  const there = records.filter(({ name }) => name === fenceName(scope));
  const reading = readFenceRecords(there);
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
    assertRoot(endpoint, records);
    assertTree(endpoint, records);
    assertRollback(endpoint, records, scope);
  }
}

function assertRoot({ name, tree }: PlannedEndpoint, records: readonly RecordSet[]): void {
  const roots = records.filter((record) => record.name === name && isRootType(record));
  const [root] = roots;
  invariant(
    roots.length === 1 && root?.type === 'A' && pointsAt(root, tree),
    `I4: the root ${name} does not point at ${tree} alone`,
  );
}

function assertTree({ tree, leaves, ttl }: PlannedEndpoint, records: readonly RecordSet[]): void {
  const standing = records.filter(({ name }) => name === tree);
  const asPlanned = leaves.every((leaf) =>
    standing.some(
      (record) =>
        record.setIdentifier === leaf.target &&
        record.type === leaf.type &&
        record.weight === leaf.weight &&
        record.ttl === ttl &&
        record.values?.join() === leaf.values?.join(),
    ),
  );
  invariant(asPlanned && standing.length === leaves.length, `I4: the tree ${tree} is not as the plan says`);
}

function assertRollback(endpoint: PlannedEndpoint, records: readonly RecordSet[], scope: CellScope): void {
  const name = rollbackName(endpoint.name, scope);
  const standing = records.filter((record) => record.name === name);
  const target: DnsName | undefined = standing[0]?.alias?.name;
  const answers = records.some((record) => record.name === target && record.type === 'A');
  invariant(standing.length === 1 && answers, `I4: the rollback root ${name} does not answer`);
}

function isRootType({ type }: RecordSet): boolean {
  return type === 'A' || type === 'AAAA' || type === 'CNAME';
}

function pointsAt({ alias, setIdentifier }: RecordSet, tree: DnsName): boolean {
  return alias?.name === tree && !alias.evaluateTargetHealth && setIdentifier === undefined;
}
