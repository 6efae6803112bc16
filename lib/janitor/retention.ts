import { goalOf, plansOf, wantedPlans } from '../cell/choose-goal.ts';
import { lacksRoom } from '../cell/known-room.ts';
import { evolve } from '../ledger/decider/evolve.ts';
import { policyInEffect } from '../ledger/decider/loosening.ts';
import type { CellState } from '../ledger/decider/state.ts';
import type { Head, Ledger } from '../ledger/ledger.ts';
import type { Generation } from '../plan/generation.ts';
import { seq } from '../plan/generation.ts';
import { recordsOfNewTree } from '../plan/lint-plan.ts';
import type { CellScope } from '../plan/owned-names.ts';
import type { Plan } from '../plan/plan.ts';
import { plannedEndpoint } from '../plan/plan.ts';
import { treeSize } from '../plan/tree-nodes.ts';
import { missingNodes } from '../plan/trees.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import type { Retirement } from './select-retirable.ts';
import { selectRetirable } from './select-retirable.ts';

/** The plans whose trees a janitor keeps. */
export interface Retention {
  /** The plan that enactors work towards; absent where there is none. */
  readonly goal: Plan | undefined;
  /** Plans whose trees never yield: the goal, which may be staged and go first, the approved one, and the newest. */
  readonly wanted: readonly Plan[];
  /** Plans whose trees are kept only in case somebody goes back to them, newest first. */
  readonly retained: readonly Plan[];
}

/**
 * The goal, everything after it, what is staged, and the applied generations that the policy retains.
 *
 * @param fenceGeneration the generation at the fence.
 * @param now milliseconds since 1970.
 * @throws LedgerUnavailable, BodyDamaged when one of them cannot be read.
 */
export async function retentionOf(
  ledger: Ledger,
  scope: CellScope,
  state: CellState,
  fenceGeneration: Generation,
  now: number,
): Promise<Retention> {
  const { retainGenerations, retainMinutes } = policyInEffect(state);
  const since = now - retainMinutes * 60_000;
  const applied = state.history.filter(
    // The generation that was live when the window opened stays too: `at` is when it became live, not when it was replaced.
    (_, index) => index <= retainGenerations || (state.history[index - 1]?.at ?? now) >= since,
  );
  const logged = { ledger, scope, state };
  const goal = await goalOf(logged, fenceGeneration);
  const wanted = await wantedPlans(logged, goal);
  // A staged plan that is nobody's goal any more is the first to yield.
  const kept = [...applied, state.staging].filter((ref) => ref !== null && !wanted.has(ref.digest));
  const retained = await plansOf(logged, kept);
  const [first] = wanted.values();
  return { goal: first, wanted: [...wanted.values()], retained: [...retained.values()] };
}

export interface RoomInput {
  readonly scope: CellScope;
  readonly head: Head;
  /** The plan at the fence, whose PlanApplied is recorded. */
  readonly applied: Plan;
  readonly retention: Retention;
  readonly view: ZoneView;
}

/**
 * The names that nothing needs any more. Trees that are only retained yield, the plan that was applied longest ago first,
 * until there is room: in the zone for what the goal lacks and for one new tree of every endpoint, in the log for one new
 * tree of every endpoint. So a change that cannot wait finds room at once. What is live, wanted, or pointed at by a
 * rollback root never yields here. See docs/adr/0060-retention-yields.md. Pure.
 */
export function selectWithRoom(input: RoomInput): readonly Retirement[] {
  const { scope, head, applied, retention, view } = input;
  const { wanted, retained } = retention;
  const keeping = (plans: readonly Plan[]): readonly Retirement[] =>
    selectRetirable({ scope, state: head.state, applied, wanted: [...wanted, ...plans], view });
  let retirable = keeping(retained);
  for (let kept = retained.length - 1; kept >= 0 && !makesRoom(retirable, input); kept -= 1)
    retirable = keeping(retained.slice(0, kept));
  return retirable;
}

function makesRoom(retirable: readonly Retirement[], input: RoomInput): boolean {
  return makesRoomInZone(retirable, input) && makesRoomInLog(retirable, input);
}

/** True where nobody has surveyed the zone: its limit is not known then. */
function makesRoomInZone(
  retirable: readonly Retirement[],
  { scope, head, applied, retention, view }: RoomInput,
): boolean {
  const { facts } = head.state;
  if (facts === null) return true;
  const { endpoints } = retention.goal ?? applied;
  const ofAll = endpoints.reduce((sum, each) => sum + treeSize(each), 0);
  const lacking = endpoints
    .filter((each) => missingNodes(each, view, scope).length > 0)
    .reduce((sum, each) => sum + recordsOfNewTree(each, plannedEndpoint(applied, each.name)), 0);
  const standing = [...view.values()].reduce((sum, records) => sum + records.length, 0);
  const freed = retirable.reduce((sum, { records }) => sum + records.length, 0);
  return standing - freed + Math.max(ofAll, lacking) <= facts.recordLimit;
}

function makesRoomInLog(
  retirable: readonly Retirement[],
  { scope, head, applied, retention }: RoomInput,
): boolean {
  const trees = retirable.flatMap(({ tree }) => (tree === undefined ? [] : [tree]));
  const state = evolve(head.state, { type: 'TreesRetired', trees, fenceSeq: seq(1) }, { at: 0, by: '' });
  const names = (retention.goal ?? applied).endpoints.map(({ name }) => name);
  return lacksRoom({ head: { ...head, state }, scope }, names) === undefined;
}
