import { InvariantViolated } from '../../lib/plan/invariant.ts';
import { decisionsOf } from '../../lib/simulator/engine/possible-decisions.ts';
import type { Part, Preparation, Scenario, Stage } from '../../lib/simulator/engine/scenario.ts';
import { pct } from '../../lib/simulator/random/pct.ts';
import { randomWalk } from '../../lib/simulator/random/random-walk.ts';
import { abstractState, NOTHING_PAST, pastAfter } from './abstraction.ts';

/** Everything that services do, and nothing by hand: the model knows no hand. */
const BY_SERVICES = { faults: 3, tamperings: 0, duplicates: 2, outages: 1, advances: 2, returns: 0 };
const DECISIONS_MAX = 3_000;
/** Calls after which the abstract state may be another. */
const TELLING: ReadonlySet<string> = new Set(['zone.change', 'ledger.append', 'clock.sleep']);

const hint: Part = { type: 'enactor', mode: 'hint' };
const sweep: Part = { type: 'enactor', mode: 'sweep' };
const janitor: Part = { type: 'janitor' };
/** Enough of them that every plan can be applied, and every tree be retired, by somebody who is not dead. */
const EVERYBODY: readonly Part[] = [hint, hint, sweep, hint, janitor, hint, hint, janitor, hint];

const plan = (version: number): Preparation => ({ type: 'plan', version });
const apply: Preparation = { type: 'apply' };
const THREE_APPLIED = [plan(1), apply, plan(2), apply, plan(3), apply];

/** A world of one endpoint in which these act, and everybody else. */
function world(name: string, before: readonly Preparation[], parts: readonly Part[]): Scenario {
  return { name, endpoints: 1, before, parts: [...parts, ...EVERYBODY], budget: BY_SERVICES };
}

export const FIRST_PLANS = world('first plans', [], [{ type: 'planner', versions: [1, 2, 3] }]);
export const TWO_PLANS = world('two plans', THREE_APPLIED, [{ type: 'planner', versions: [4, 5] }]);
export const PLAN_AND_ROLLBACK = world('plan and rollback', THREE_APPLIED, [
  { type: 'planner', versions: [4] },
  { type: 'rollback' },
]);
export const FREEZE_AND_THAW = world('freeze and thaw', THREE_APPLIED, [
  { type: 'planner', versions: [4] },
  { type: 'freeze' },
  { type: 'thaw' },
]);
/** Plan 3 is never applied. A rollback goes to plan 1, whose tree may go, because the rollback root points at plan 2's. */
export const ROLLBACK_TO_RETIRED = world(
  'rollback to what is being retired',
  [plan(1), apply, plan(2), apply, plan(9), plan(5), apply],
  [{ type: 'rollback', to: 1 }],
);

/** An abstract state, and the first run that came to it. */
export interface Reached {
  readonly state: string;
  readonly seed: number;
  readonly steps: readonly string[];
}

/**
 * Plays the production workflows in `runs` orders, and says which abstract states they came to.
 *
 * @throws InvariantViolated as the simulator's own rules do.
 */
export async function abstractStatesOf(stage: Stage, runs: number): Promise<ReadonlyMap<string, Reached>> {
  const reached = new Map<string, Reached>();
  for (let seed = 1; seed <= runs; seed += 1) await walk(stage, seed, reached);
  return reached;
}

/** The same of code that is broken: a run ends where one of the simulator's own rules finds it out. */
export async function abstractStatesOfBroken(
  stage: Stage,
  runs: number,
): Promise<ReadonlyMap<string, Reached>> {
  const reached = new Map<string, Reached>();
  for (let seed = 1; seed <= runs; seed += 1) {
    try {
      await walk(stage, seed, reached);
    } catch (error) {
      if (!(error instanceof InvariantViolated)) throw error;
    }
  }
  return reached;
}

async function walk(stage: Stage, seed: number, reached: Map<string, Reached>): Promise<void> {
  const strategy = seed % 2 === 0 ? pct(seed, 2 + (seed % 5)) : randomWalk(seed);
  const play = await stage.begin();
  const steps: string[] = [];
  let past = NOTHING_PAST;
  const look = async () => {
    const state = await abstractState(play.environment, past);
    if (!reached.has(state)) reached.set(state, { state, seed, steps: [...steps] });
  };
  await look();
  for (let count = 0; count < DECISIONS_MAX; count += 1) {
    const possible = decisionsOf(play);
    const decision = possible[strategy.pick(possible)];
    if (decision === undefined || decision.type === 'rest') return;
    const site = 'actor' in decision ? (play.callOf(decision.actor)?.site ?? '') : '';
    const before = play.environment.records();
    try {
      const { actor, detail, answer } = await play.apply(decision, (below) => strategy.draw(below));
      steps.push(`${decision.type} ${actor} ${site} ${detail} ${answer}`);
    } finally {
      past = pastAfter(past, before, play.environment);
      // A rule that is broken is found after the write.
      if (decision.type !== 'run' || TELLING.has(site)) await look();
    }
  }
  throw new Error(`seed ${seed} of ${stage.scenario.name} does not end`);
}
