import type { Decision } from '../engine/decision.ts';

/** Decides a run. A run is a function of what a strategy picks and draws, in order. */
export interface Strategy {
  /** The number of the decision to take, from 0 to `decisions.length` - 1. */
  pick(decisions: readonly Decision[]): number;
  /** A whole number from 0 to `below` - 1, for what a decision leaves open. */
  draw(below: number): number;
}

/** Whole numbers from 0 to `below` - 1. */
export type SeededDraw = (below: number) => number;

/** Numbers that a seed determines (mulberry32, public domain). */
export function seededDraw(seed: number): SeededDraw {
  let state = Math.imul(seed, 0x9e3779b1) | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** The weight of each kind of decision among those that are possible. */
const WEIGHTS: Readonly<Record<Decision['type'], number>> = {
  run: 100,
  rest: 100,
  land: 15,
  timeout: 2,
  'lose-answer': 2,
  throttle: 1,
  crash: 2,
  duplicate: 1,
  tamper: 4,
  advance: 2,
  outage: 1,
  return: 4,
};

/** The index of a decision that is not a plain run; undefined for a plain run. */
export function pickDisturbance(decisions: readonly Decision[], draw: SeededDraw): number | undefined {
  let total = 0;
  let plain = 0;
  for (const { type } of decisions) {
    if (type === 'run') plain = WEIGHTS.run;
    else total += WEIGHTS[type];
  }
  if (total === 0) return undefined;
  let at = draw(total + plain);
  for (let index = 0; index < decisions.length; index += 1) {
    const type = decisions[index]?.type;
    if (type === undefined || type === 'run') continue;
    at -= WEIGHTS[type];
    if (at < 0) return index;
  }
  return undefined;
}
