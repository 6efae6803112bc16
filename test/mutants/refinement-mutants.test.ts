import { describe, expect, it } from 'vitest';
import { ownProcess } from '../support/own-process.ts';
import { MUTANTS } from './mutants.ts';
import type { RefinementResult, RefinementWork } from './refinement-mutant-worker.ts';

const DECISIONS_MAX = 20_000;

/**
 * Bugs that a batch or an event shows, each with the guard that it lacks, and how many commits earlier the refinement
 * fails than the first invariant; undefined where no invariant breaks in that run. A commit is a batch that Route 53 has
 * accepted or an event that was appended.
 */
const SEEN: readonly (readonly [mutant: string, guard: string, earlier: number | undefined])[] = [
  ['no fence in staging', 'fence-is-new', undefined],
  ['no nonce', 'fence-is-new', 2],
  ['no fence in the flip', 'fence-is-new', 1],
  ['flip before INSYNC', 'points-at-what-is-everywhere', 6],
  ['a lost write sent again under a fresh fence', 'drops-nothing', undefined],
  ['no fence in the retirement', 'fence-is-new', 1],
  ['flip of a tree that is there, but nobody knows since when', 'points-at-what-is-everywhere', 0],
  ['a fence that is ahead lowered to the goal', 'goes-forward', 0],
  ['delete before TreesRetired', 'drops-nothing', undefined],
  ['a retirement that goes on although the log has moved on', 'drops-nothing', undefined],
  ['a janitor that tells the log nothing', 'drops-nothing', undefined],
  ['janitor that forgets the goal', 'retires-what-is-spare', 0],
  ['janitor before the flip is everywhere', 'drops-nothing', 0],
  ['an old change that is not known counts as everywhere', 'points-at-what-is-everywhere', 0],
  ['a shared node retired with its first owner', 'drops-nothing', 0],
  ['a node flipped to before it is INSYNC', 'points-at-what-is-everywhere', 0],
];

describe('the refinement, of workflows with a bug in them', () => {
  for (const [name, guard, earlier] of SEEN) {
    it(`fails at "${name}" no later than any invariant`, async () => {
      const { stale, refinement, invariant } = await lookFor(name);
      expect(stale).toBeUndefined();
      expect(refinement?.message).toContain(guard);
      const difference = invariant && invariant.commit - (refinement?.commit ?? Number.POSITIVE_INFINITY);
      expect(difference).toBe(earlier);
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
