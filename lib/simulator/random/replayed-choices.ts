import type { Strategy } from './strategy.ts';

/**
 * Takes the choices of a list. A choice that is missing or impossible counts as 0 (go on with the actor that moved
 * last).
 */
export function replayed(choices: readonly number[]): Strategy {
  let at = 0;
  const next = (below: number): number => {
    const choice = choices[at] ?? 0;
    at += 1;
    return choice < below ? choice : 0;
  };
  return { pick: (decisions) => next(decisions.length), draw: next };
}
