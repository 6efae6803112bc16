import type { Randomness } from '../../lib/runtime/ids.ts';

/**
 * Randomness that is the same in every run: nonces are counted, and fractions come from a small generator (mulberry32).
 */
export function seededRandomness(seed = 1): Randomness {
  let state = seed;
  let nonces = 0;
  return {
    nonce: () => {
      nonces += 1;
      return nonces.toString(36).padStart(8, '0');
    },
    fraction: () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    },
  };
}
