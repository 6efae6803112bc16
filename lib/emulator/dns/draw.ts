/**
 * Draws one of several weighted choices: the index drawn. Weights are non-negative and not all zero; an
 * index of weight 0 is never drawn.
 */
export type Draw = (weights: readonly number[]) => number;

const BELOW_ONE = 1 - Number.EPSILON;

/**
 * Draws from a single fraction in [0, 1). Each draw uses the part of the fraction that decided it; the rest, uniform
 * again, is left for the next draw. So a chain of weighted sets needs one random number, and evenly spread fractions
 * give counts exactly in proportion to the weights.
 *
 * @throws RangeError when the fraction is not in [0, 1).
 */
export function drawFrom(fraction: number): Draw {
  if (!(fraction >= 0 && fraction < 1)) throw new RangeError(`${fraction} is not a fraction in [0, 1).`);
  let rest = fraction;
  return (weights) => {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let point = rest * total;
    let last = 0;
    for (const [index, weight] of weights.entries()) {
      if (weight === 0) continue;
      if (point < weight) {
        rest = Math.min(point / weight, BELOW_ONE);
        return index;
      }
      point -= weight;
      last = index;
    }
    // Only rounding can move the point past the last weight.
    rest = BELOW_ONE;
    return last;
  };
}
