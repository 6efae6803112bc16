import { describe, expect, it } from 'vitest';
import { ownProcess } from '../support/own-process.ts';
import { MUTANTS } from './mutants.ts';
import type { RefinementResult, RefinementWork } from './refinement-mutant-worker.ts';

const DECISIONS_MAX = 20_000;

/** Bugs that a batch shows, each with the guard that it lacks. */
const SEEN: readonly (readonly [mutant: string, guard: string])[] = [
  ['no fence in staging', 'fence-is-new'],
  ['no fence in the retirement', 'fence-is-new'],
  ['flip of a tree that is there, but nobody knows since when', 'points-at-what-is-everywhere'],
  ['a fence that is ahead lowered to the goal', 'goes-forward'],
  ['delete before TreesRetired', 'drops-nothing'],
  ['a retirement that goes on although the log has moved on', 'drops-nothing'],
  ['janitor before the flip is everywhere', 'drops-nothing'],
  ['an old change that is not known counts as everywhere', 'points-at-what-is-everywhere'],
  ['a shared node retired with its first owner', 'drops-nothing'],
  ['a node flipped to before it is INSYNC', 'points-at-what-is-everywhere'],
];

describe('the refinement, of workflows with a bug in them', () => {
  for (const [name, guard] of SEEN) {
    it(`fails at "${name}" no later than any invariant`, async () => {
      const { stale, refinement, invariant } = await lookFor(name);
      expect(stale).toBeUndefined();
      expect(refinement?.message).toContain(guard);
      expect(refinement?.commit).toBeLessThanOrEqual(invariant?.commit ?? Number.POSITIVE_INFINITY);
    });
  }
});

function lookFor(name: string): Promise<RefinementResult> {
  const mutant = MUTANTS.find((each) => each.name === name);
  const { replacements = [], scenario } = mutant ?? {};
  const work: RefinementWork = {
    ...{ replacements, within: DECISIONS_MAX },
    ...(scenario === undefined ? {} : { scenario }),
  };
  return ownProcess(new URL('./refinement-mutant-worker.ts', import.meta.url), work);
}
