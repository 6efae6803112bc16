import type { Strategy } from './strategy.ts';
import { pickDisturbance, seededDraw } from './strategy.ts';

/** Of so many steps one, on average, goes to another actor. */
const SWITCH_EVERY = 3;

/** Goes on with the same actor mostly, and now and then with any other. */
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
