import { describe, expect, it } from 'vitest';
import { inThread } from '../support/in-thread.ts';
import type { GUARD_CHECKS } from '../support/observed-loss.ts';
import type { GuardMutantWork } from './guard-mutant-worker.ts';
import type { Replacement } from './mutant.ts';

interface GuardMutant {
  readonly name: string;
  readonly replacements: readonly Replacement[];
  /** The check that must find it. */
  readonly foundBy: keyof typeof GUARD_CHECKS;
}

/** Bugs in what a guard counts. */
const MUTANTS: readonly GuardMutant[] = [
  {
    name: 'ids of targets are counted',
    foundBy: 'what clients get is counted',
    replacements: [
      {
        file: 'plan/plan-difference.ts',
        find: 'function answersIn({ type, values = [], alias }: Leaf): readonly string[] {',
        put: `function answersIn({ type, target, values = [], alias }: Leaf): readonly string[] {
  if (target !== '') return [target];`,
      },
    ],
  },
  {
    name: 'what came back is gone for the whole window',
    foundBy: 'what came back is not gone',
    replacements: [
      {
        file: 'ledger/decider/evolve-returns.ts',
        find: 'Math.min(open, removal.permille)',
        put: 'Math.min(0, open)',
      },
    ],
  },
  {
    name: 'a return pays for the losses of its plan',
    foundBy: 'what comes back pays for no other loss',
    replacements: [
      {
        file: 'plan/lint-change.ts',
        find: 'Math.min(1_000, Math.max(0, removedBefore - returned) + removedPermille)',
        put: 'removedBefore - returned + removedPermille',
      },
    ],
  },
  {
    name: 'the cell forgets what left in earlier plans',
    foundBy: 'what left earlier counts for the cell',
    replacements: [
      {
        file: 'plan/lint-change.ts',
        find: "if (isGone || why === 'unknown') out.add(target.id);",
        put: "if (isGone && why === 'unknown') out.add(target.id);",
      },
    ],
  },
  {
    name: 'an endpoint forgets what left in earlier plans',
    foundBy: 'what left earlier counts for an endpoint',
    replacements: [
      {
        file: 'cell/observed-bound.ts',
        find: 'const whole = answerOf({ observations: asDeclared(own) });',
        put: 'const whole = { ...answerOf({ observations: asDeclared(own) }), leaves: before.leaves };',
      },
    ],
  },
  {
    name: 'a lowered floor judges its own push',
    foundBy: 'a lowered floor waits',
    replacements: [
      {
        file: 'cell/cell-knowledge.ts',
        find: 'floor: floorOf(endpoint, floors),',
        put: 'floor: floorOf(endpoint, {}),',
      },
    ],
  },
  {
    name: 'a lowered floor is in effect without an approval',
    foundBy: 'a lowered floor waits',
    replacements: [
      {
        file: 'plan/lowered-floors.ts',
        find: 'return lower < floor ? [[name, { floor, declared: lower }]] : [];',
        put: 'return lower < 0 ? [[name, { floor, declared: lower }]] : [];',
      },
    ],
  },
  {
    name: 'a proposed plan has what its file says of capacities',
    foundBy: 'a proposed plan has the capacities of the log',
    replacements: [
      {
        file: 'operator/known-capacities.ts',
        find: 'const capacity = capacityOf(leaf.target) ?? Math.max(1, Math.round(leaf.weight * aWeight));',
        put: 'const { capacity } = leaf;',
      },
    ],
  },
];

describe('the checks of what a guard counts', () => {
  it.each(MUTANTS)('find "$name"', async ({ replacements, foundBy }) => {
    const work: GuardMutantWork = { replacements };
    const file = new URL('./guard-mutant-worker.ts', import.meta.url);
    expect(await inThread<readonly string[]>(file, work)).toContain(foundBy);
  });
});
