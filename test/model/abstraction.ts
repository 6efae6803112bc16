import type { CellState } from '../../lib/ledger/decider/state.ts';
import { getPlan } from '../../lib/ledger/plan-bodies.ts';
import { canonicalJson } from '../../lib/plan/canonical.ts';
import { NO_PLAN, readFenceRecords } from '../../lib/plan/fence.ts';
import type { CellScope } from '../../lib/plan/owned-names.ts';
import {
  fenceName,
  labelGeneration,
  parseOwnedName,
  rollbackName,
  treeLabelOf,
} from '../../lib/plan/owned-names.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import type { Environment } from '../../lib/simulator/engine/environment.ts';

/** What of a state goes into the abstract state, in the order in which pawl.pml's `note` writes it. */
export const VARIABLES = [
  'fence_gen',
  'fence_seq',
  'fence_plan',
  'fence_frozen',
  'root',
  'rollback_root',
  'trees',
  'newest',
  'tree_of[newest]',
  'unretired',
  'staging_gen',
  'sticky',
  'staged',
  'insync & staged',
  'applied_gen',
  'applied_seq',
  'history',
  'frozen_at',
] as const;

/** What an abstract state needs to know of the run that came to it. */
export interface Past {
  /**
   * The seqs of the fences that a janitor wrote anew and nothing else with them. The model has no such step: nothing
   * follows from it but the seq, which is counted without them.
   */
  readonly renewals: readonly number[];
  /** The newest plan when the log was frozen; 0 if it is not. */
  readonly frozenAt: number;
}

export const NOTHING_PAST: Past = { renewals: [], frozenAt: 0 };

/** What is past once the zone had `before` and the world is as it is. */
export function pastAfter(past: Past, before: readonly RecordSet[], environment: Environment): Past {
  const { scope, memory } = environment;
  const { state } = memory.peek(scope.cell);
  const renewed = renewedSeq(before, environment.records(), scope);
  const frozenAt = past.frozenAt === 0 ? (state.newest?.generation ?? 0) : past.frozenAt;
  return {
    renewals: renewed === undefined ? past.renewals : [...past.renewals, renewed],
    frozenAt: state.frozen === null ? 0 : frozenAt,
  };
}

/**
 * The abstract state of a world of one endpoint, as the model would print it. A tree is the number of the generation
 * that made it, a set of them has the bit of that number.
 */
export async function abstractState(environment: Environment, { renewals, frozenAt }: Past): Promise<string> {
  const counted = (seq: number): number => seq - renewals.filter((renewed) => renewed <= seq).length;
  const { scope, memory } = environment;
  const { state } = memory.peek(scope.cell);
  const goal = state.goal === null ? undefined : await getPlan(memory.port, scope.cell, state.goal.digest);
  const numbers = [
    ...ofZone(environment.records(), scope, counted),
    state.newest?.generation ?? 0,
    goal === undefined ? 0 : treeOf(goal, scope),
    unretiredTrees(state),
    state.staging?.generation ?? 0,
    Number(state.staging?.sticky ?? false),
    ...(await stagedTrees(state, environment)),
    state.applied?.generation ?? 0,
    counted(state.applied?.seq ?? 0),
    setOf(state.history.map(({ generation }) => generation)),
    frozenAt,
  ];
  return numbers.join(' ');
}

/** The seq of a fence that a janitor wrote anew between two looks at a zone, if it wrote nothing else. */
function renewedSeq(
  before: readonly RecordSet[],
  after: readonly RecordSet[],
  scope: CellScope,
): number | undefined {
  if (before === after) return undefined;
  const isFence = ({ name }: RecordSet) => name === fenceName(scope);
  const fences = [before, after].map((records) => readFenceRecords(records.filter(isFence)));
  const [old, renewed] = fences;
  if (old?.type !== 'fence' || renewed?.type !== 'fence') return undefined;
  const others = [before, after].map((records) => records.filter((record) => !isFence(record)));
  const isAlone = canonicalJson(others[0]) === canonicalJson(others[1]);
  const { generation, plan, frozen, seq, by } = renewed.fence;
  const isSame =
    generation === old.fence.generation && plan === old.fence.plan && frozen === old.fence.frozen;
  return isAlone && isSame && seq > old.fence.seq && by.startsWith('janitor') ? seq : undefined;
}

/** The fence (generation, seq, whether under a plan, frozen), the root, the rollback root, the trees. */
function ofZone(
  records: readonly RecordSet[],
  scope: CellScope,
  counted: (seq: number) => number,
): readonly number[] {
  const reading = readFenceRecords(records.filter(({ name }) => name === fenceName(scope)));
  const fence =
    reading.type === 'fence'
      ? [
          reading.fence.generation,
          counted(reading.fence.seq),
          Number(reading.fence.plan !== NO_PLAN),
          Number(reading.fence.frozen),
        ]
      : [0, 0, 0, 0];
  const trees = records.flatMap(({ name }) => {
    const owned = parseOwnedName(name, scope);
    return owned?.kind === 'tree' ? [labelGeneration(owned.label) ?? 0] : [];
  });
  const roots = records.filter(({ name }) => parseOwnedName(name, scope) === undefined);
  const rollbacks = roots.map(({ name }) => rollbackName(name, scope));
  const at = (names: readonly string[]) => {
    const alias = records.find(({ name, alias: to }) => to !== undefined && names.includes(name))?.alias;
    return alias === undefined ? 0 : (labelGeneration(treeLabelOf(alias.name, scope) ?? '') ?? 0);
  };
  return [...fence, at(roots.map(({ name }) => name)), at(rollbacks), setOf(trees)];
}

function treeOf(plan: Plan, scope: CellScope): number {
  const [endpoint] = plan.endpoints;
  return endpoint === undefined ? 0 : (labelGeneration(treeLabelOf(endpoint.tree, scope) ?? '') ?? 0);
}

function unretiredTrees({ endpoints }: CellState): number {
  return setOf(
    Object.values(endpoints).flatMap(({ trees }) => trees.map((tree) => labelGeneration(tree) ?? 0)),
  );
}

/** The staged trees, and those of them whose recorded change has reached every name server. */
async function stagedTrees({ staging }: CellState, { zone }: Environment): Promise<readonly number[]> {
  const staged: number[] = [];
  const insync: number[] = [];
  for (const { changeId, trees } of staging?.entries ?? []) {
    const generations = trees.map((tree) => labelGeneration(tree.split('.')[0] ?? '') ?? 0);
    staged.push(...generations);
    if ((await zone.changeStatus(changeId)) === 'insync') insync.push(...generations);
  }
  return [setOf(staged), setOf(insync)];
}

function setOf(generations: readonly number[]): number {
  return [...new Set(generations)].reduce((sum, generation) => sum + 2 ** generation, 0);
}
