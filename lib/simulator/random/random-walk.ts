import type { Strategy } from './strategy.ts';
import { pickDisturbance, seededDraw } from './strategy.ts';

/** On average one step in so many goes to another actor. */
const SWITCH_EVERY = 3;

/** Goes on with the same actor in most steps, and with any other now and then. */
export function randomWalk(seed: number): Strategy {
  const draw = seededDraw(seed);
  return {
    pick: (decisions) => {
      const disturbance = pickDisturbance(decisions, draw);
      if (disturbance !== undefined) return disturbance;
      const runs = decisions.filter(({ type }) => type === 'run').length;
      return runs > 1 && draw(SWITCH_EVERY) === 0 ? draw(runs) : 0;
    },
    draw,
  };
}
