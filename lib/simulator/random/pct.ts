import type { Decision } from '../engine/decision.ts';
import type { Strategy } from './strategy.ts';
import { pickDisturbance, seededDraw } from './strategy.ts';

/** The number of steps among which the change points are drawn: about the length of a run. */
const LENGTH = 60;

/**
 * Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi and Nagarakatte, ASPLOS 2010). Every actor has a
 * priority, and the highest actor that can run runs. At d - 1 random points the running actor falls below all others.
 * PCT finds a race of depth d with a probability of at least 1 / (n * k^(d-1)), for n actors and k steps.
 *
 * @param depth d, 2 to 6.
 */
export function pct(seed: number, depth: number): Strategy {
  const draw = seededDraw(seed);
  const priorities = new Map<string, number>();
  const changeAt = new Set<number>();
  for (let index = 1; index < depth; index += 1) changeAt.add(draw(LENGTH));
  let lowest = 0;
  let step = 0;
  const priorityOf = (actor: string): number => {
    const known = priorities.get(actor);
    if (known !== undefined) return known;
    const made = 1 + draw(1_000_000);
    priorities.set(actor, made);
    return made;
  };
  const highest = (decisions: readonly Decision[]): number => {
    let best = 0;
    let bestPriority = Number.NEGATIVE_INFINITY;
    decisions.forEach((decision, index) => {
      if (decision.type !== 'run') return;
      const priority = priorityOf(decision.actor);
      if (priority > bestPriority) {
        best = index;
        bestPriority = priority;
      }
    });
    return best;
  };
  return {
    pick: (decisions) => {
      const disturbance = pickDisturbance(decisions, draw);
      if (disturbance !== undefined) return disturbance;
      step += 1;
      const chosen = highest(decisions);
      const decision = decisions[chosen];
      if (!changeAt.has(step) || decision?.type !== 'run') return chosen;
      lowest -= 1;
      priorities.set(decision.actor, lowest);
      return highest(decisions);
    },
    draw,
  };
}
