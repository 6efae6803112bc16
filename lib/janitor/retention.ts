import { lacksRoom } from '../cell/known-room.ts';
import { evolve } from '../ledger/decider/evolve.ts';
import { policyInEffect } from '../ledger/decider/loosening.ts';
import type { CellState } from '../ledger/decider/state.ts';
import type { Head, Ledger } from '../ledger/ledger.ts';
import { getPlan } from '../ledger/plan-bodies.ts';
import { seq } from '../plan/generation.ts';
import { recordsOfNewTree } from '../plan/lint-plan.ts';
import type { CellScope } from '../plan/owned-names.ts';
import type { Plan } from '../plan/plan.ts';
import { plannedEndpoint } from '../plan/plan.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import type { Retirement } from './select-retirable.ts';
import { selectRetirable } from './select-retirable.ts';

/** The plans whose trees a janitor keeps. */
export interface Retention {
  /** The plan that enactors work towards; absent where there is none. */
  readonly goal: Plan | undefined;
  /** Plans whose trees never yield: the goal, the newest, and one that is staged and goes first. */
  readonly wanted: readonly Plan[];
  /** Plans whose trees are kept only in case somebody goes back to them, newest first. */
  readonly retained: readonly Plan[];
}

/**
 * The goal, everything after it, what is staged, and the applied generations that the policy retains.
 *
 * @param now milliseconds since 1970.
 * @throws LedgerUnavailable, BodyDamaged when one of them cannot be read.
 */
export async function retentionOf(
  ledger: Ledger,
  scope: CellScope,
  state: CellState,
  now: number,
): Promise<Retention> {
  const { retainGenerations, retainMinutes } = policyInEffect(state);
  const since = now - retainMinutes * 60_000;
  const applied = state.history.filter(
    // The generation that was live when the window opened stays too: `at` is when it became live, not when it was replaced.
    (_, index) => index <= retainGenerations || (state.history[index - 1]?.at ?? now) >= since,
  );
  // A staged plan whose place another has taken is nobody's goal any more: its trees are the first to yield.
  const [first, last] = state.staging?.sticky === true ? [state.staging, null] : [null, state.staging];
  const read = new Map<string, Plan>();
  const plansOf = async (refs: readonly ({ readonly digest: string } | null)[]): Promise<readonly Plan[]> => {
    const plans: Plan[] = [];
    for (const ref of refs) {
      if (ref === null || read.has(ref.digest)) continue;
      const plan = await getPlan(ledger, scope.cell, ref.digest);
      read.set(ref.digest, plan);
      plans.push(plan);
    }
    return plans;
  };
  const wanted = await plansOf([state.goal, state.newest, first]);
  const { digest } = first ?? state.goal ?? { digest: '' };
  const goal = read.get(digest);
  return { goal, wanted, retained: await plansOf([...applied, last]) };
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
  { head, applied, retention, view }: RoomInput,
): boolean {
  const { facts } = head.state;
  if (facts === null) return true;
  const { endpoints } = retention.goal ?? applied;
  const ofAll = endpoints.reduce((sum, { leaves }) => sum + leaves.length, 0);
  const lacking = endpoints
    .filter(({ tree }) => !view.has(tree))
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
