import { invariant } from '../../lib/plan/invariant.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';

/** The number of calls after which an actor counts as one that does not end. */
const CALLS_MAX = 500;

/** Runs one actor alone to its end, and returns its outcome. */
export async function finish(world: SimulatedWorld, actor: string): Promise<unknown> {
  for (let calls = 0; calls < CALLS_MAX; calls += 1) {
    if (world.scheduler.pending(actor) === undefined) return outcomeOf(world, actor);
    await world.scheduler.run(actor);
  }
  throw new Error(`${actor} did not end:\n${timeline(world)}`);
}

/** The outcome of an actor. Throws when the actor failed or is still suspended. */
export function outcomeOf(world: SimulatedWorld, actor: string): unknown {
  const state = world.scheduler.state(actor);
  if (state.type === 'failed') throw state.error;
  invariant(state.type === 'done', `${actor} is ${state.type}`);
  return state.outcome;
}

/** The run so far, one line for each step. */
export function timeline(world: SimulatedWorld): string {
  return world.scheduler
    .steps()
    .map(
      ({ decision, actor, site, detail }, index) =>
        `${String(index).padStart(4)} ${actor.padEnd(12)} ${decision.type} ${site} ${detail}`,
    )
    .join('\n');
}
