import type { CellState } from '../ledger/decider/state.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { getPlan } from '../ledger/plan-bodies.ts';
import type { Generation } from '../plan/generation.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { endpointLabels, treeLabelOf } from '../plan/owned-names.ts';
import type { Plan } from '../plan/plan.ts';
import { isUnretired } from './cell-knowledge.ts';

/** The plan a pass works towards. */
export interface Goal {
  readonly generation: Generation;
  readonly digest: string;
}

/**
 * The approved plan of the highest generation. A routine plan does not displace one that is staged already, because a
 * planner that never stops would then starve every flip (I5). A staged plan that the fence has passed is no longer the
 * goal, and neither is one of which something was refused: the newer plan may go without it.
 *
 * @param isRefused whether something of that generation was refused.
 */
export function chooseGoal(
  state: CellState,
  fenceGeneration: Generation,
  isRefused: (generation: Generation) => boolean,
): Goal | undefined {
  const { staging, goal } = state;
  const isStaged = staging?.sticky === true && staging.generation > fenceGeneration;
  if (isStaged && !isRefused(staging.generation)) return staging;
  return goal ?? undefined;
}

/** What the log says of a cell, and where. */
interface Logged {
  readonly ledger: Ledger;
  readonly scope: CellScope;
  readonly state: CellState;
}

/** An endpoint of a plan was refused; of each name only the last refusal is known. */
type Refused = Iterable<{ readonly generation: Generation }>;

/**
 * The plan that enactors work towards. A plan that was staged in part may have lost trees since: a newer plan has others in
 * the place of those that nobody had recorded as staged, and a retired name is never used again. Then the newer plan is
 * the goal.
 *
 * @param refused what the log and the caller know of refusals.
 * @throws LedgerUnavailable, BodyDamaged when a plan cannot be read.
 */
export async function goalOf(
  { ledger, scope, state }: Logged,
  fenceGeneration: Generation,
  refused: Refused = state.refused,
): Promise<Goal | undefined> {
  const known = [...refused];
  // A refusal of a newer plan may have been one of this plan too.
  const isRefused = (staged: Generation) => known.some(({ generation }) => generation >= staged);
  const goal = chooseGoal(state, fenceGeneration, isRefused);
  if (goal === undefined || state.goal === null || goal.digest === state.goal.digest) return goal;
  const { endpoints } = await getPlan(ledger, scope.cell, goal.digest);
  const hasAll = endpoints.every(({ name, tree }) => {
    const label = treeLabelOf(tree, scope);
    return label !== undefined && isUnretired(state, endpointLabels(name, scope), label);
  });
  return hasAll ? goal : state.goal;
}

/**
 * The plans whose trees never yield to others: what enactors work towards, the approved plan after it, and the newest,
 * which may be held. Whoever waits for a janitor must count by these, or waits for what no janitor deletes.
 *
 * @param goal what enactors work towards, where it may be another than the approved plan.
 * @returns by digest, in that order.
 * @throws LedgerUnavailable, BodyDamaged when one of them cannot be read.
 */
export async function wantedPlans(
  { ledger, scope, state }: Logged,
  goal?: Goal,
): Promise<ReadonlyMap<string, Plan>> {
  return plansOf({ ledger, scope }, [goal, state.goal, state.newest]);
}

/** These plans, each once, by digest. @throws LedgerUnavailable, BodyDamaged when one of them cannot be read. */
export async function plansOf(
  { ledger, scope }: Pick<Logged, 'ledger' | 'scope'>,
  refs: readonly (Pick<Goal, 'digest'> | null | undefined)[],
): Promise<ReadonlyMap<string, Plan>> {
  const plans = new Map<string, Plan>();
  for (const ref of refs) {
    if (!ref || plans.has(ref.digest)) continue;
    plans.set(ref.digest, await getPlan(ledger, scope.cell, ref.digest));
  }
  return plans;
}
