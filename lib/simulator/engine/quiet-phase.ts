import type { CellState } from '../../ledger/decider/state.ts';
import { invariant } from '../../plan/invariant.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Ending, RestingCell } from '../checkers/goal-reached.ts';
import { assertAtGoal, assertTakenStand, expectedEnding } from '../checkers/goal-reached.ts';
import type { ActorRelease } from '../ports/releases.ts';
import { newestReadBy } from '../ports/releases.ts';
import { NO_FAULTS } from './decision.ts';
import type { Play } from './playing.ts';
import { act } from './scenario.ts';

/** The largest number of calls in one undisturbed round (I4, I5). Most of them ask for INSYNC or read small zones. */
const ROUND_CALLS_MAX = 120;
/** Longer than INSYNC takes. */
const SETTLING_MS = 3_600_000;

export interface QuietPhase {
  readonly ending: Ending;
  /** The number of port calls in the rounds. */
  readonly calls: number;
}

/**
 * In the quiet phase nothing goes wrong any more, and the earlier actors do nothing. One round of planner, enactor and
 * janitor must bring every root to the goal, whatever the fault phase left behind. The number of its calls must not
 * depend on what was left. Where the release before was at work and can still read the cell, two rounds are played from
 * the same state: one by this release, as after an upgrade, and one by the release before, as after its undoing.
 *
 * @param mode `hint` is enough where no hand was at work: a batch that rests on a wrong forecast is refused, and then
 * the zone is read.
 * @throws InvariantViolated when the round misses the goal, or when any rule is broken on the way.
 */
export async function quietPhase(
  stopped: Play,
  mode: 'hint' | 'sweep' = stopped.spent.tamperings === 0 ? 'hint' : 'sweep',
): Promise<QuietPhase> {
  stopped.watch.rested();
  const quiet = await quietRound(stopped, mode, undefined);
  if (
    !stopped.seats.some(({ role }) => role.release === 'before') ||
    stateOf(stopped).format > newestReadBy('before')
  )
    return quiet;
  const undone = await quietRound(stopped, mode, 'before');
  return { ending: undone.ending, calls: quiet.calls + undone.calls };
}

async function quietRound(stopped: Play, mode: 'hint' | 'sweep', release: ActorRelease): Promise<QuietPhase> {
  const play = stopped.clone({ ...stopped.settings, budget: NO_FAULTS });
  const named = (name: string): string => (release === undefined ? name : `${name}-${release}`);
  for (const port of play.down) await play.apply({ type: 'outage', port }, () => 0);
  let calls = await act(play, named('quiet-planner'), { type: 'planner', fleets: [], release });
  const resting = await restingCell(play);
  const ending = expectedEnding(resting);
  const before = play.environment.records();
  const stagedBefore = stateOf(play).staging?.generation;
  calls += await act(play, named(`quiet-enactor-${mode}`), { type: 'enactor', mode, release });
  // A staged plan is applied first, because a busy planner would otherwise starve every flip. The next run then applies
  // the goal.
  if (stagedBefore !== undefined && appliedGeneration(play) === stagedBefore && !isGoalApplied(play))
    calls += await act(play, named('quiet-enactor-2'), { type: 'enactor', mode: 'sweep', release });
  if (ending === 'at goal') assertAtGoal(await restingCell(play));
  else if (ending === 'not owned') assertTakenStand(resting, await restingCell(play));
  else invariant(play.environment.records() === before, `the zone was changed although it is ${ending}`);
  play.environment.time.advanceTo(play.environment.time.now() + SETTLING_MS);
  calls += await act(play, named('quiet-janitor'), { type: 'janitor', release });
  if (ending === 'at goal') assertAtGoal(await restingCell(play));
  invariant(calls <= ROUND_CALLS_MAX, `I5: an undisturbed round took ${calls} calls`);
  return { ending, calls };
}

function stateOf({ environment }: Play): CellState {
  return environment.memory.peek(environment.scope.cell).state;
}

function appliedGeneration(play: Play): number | undefined {
  return stateOf(play).applied?.generation;
}

function isGoalApplied(play: Play): boolean {
  const { applied, goal } = stateOf(play);
  return goal === null || (applied !== null && applied.generation >= goal.generation);
}

const plans = new Map<string, Plan>();
const PLANS_MAX = 10_000;

async function restingCell({ environment }: Play): Promise<RestingCell> {
  const { scope, memory } = environment;
  const { state } = memory.peek(scope.cell);
  const { goal } = state;
  if (goal === null) return { scope, records: environment.records(), state, goal: undefined };
  let plan = plans.get(goal.digest);
  if (plan === undefined) {
    if (plans.size >= PLANS_MAX) plans.clear();
    plan = JSON.parse(await memory.getBody(scope.cell, goal.digest)) as Plan;
    plans.set(goal.digest, plan);
  }
  return { scope, records: environment.records(), state, goal: plan };
}
