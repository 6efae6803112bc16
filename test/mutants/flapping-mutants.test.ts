import { describe, expect, it } from 'vitest';
import { ownProcess } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import type { PlanningMutantWork } from './planning-mutant-worker.ts';

const CELLS = 20;
const DESIRED = 'plan/desired.ts';
const FLAPPING = 'plan/flapping.ts';

/** Bugs in how a target that comes and goes is damped. The cells in which two targets do so must find each of them. */
const MUTANTS: readonly (Replacement & { readonly name: string })[] = [
  {
    name: 'leaving is damped',
    file: DESIRED,
    find: `  if (health === 'unhealthy') return 'unhealthy';`,
    put: `  if (health === 'unhealthy') return (observed?.returns?.length ?? 0) > 2 ? undefined : 'unhealthy';`,
  },
  {
    name: 'a target that never comes back',
    file: FLAPPING,
    find: 'return until > now ? until : undefined;',
    put: 'return until;',
  },
  {
    name: 'a wait without a bound',
    file: FLAPPING,
    find: 'Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (more - 1))',
    put: 'FIRST_WAIT_MS * 2 ** (more - 1)',
  },
  {
    name: 'a return that is counted while a target is healthy',
    file: FLAPPING,
    find: 'isGone(before) && isServing(after)',
    put: 'isServing(after)',
  },
];

describe('targets that come and go, by a library with a bug in it,', () => {
  it.each(MUTANTS)('find "$name"', async ({ file, find, put }) => {
    const replacements = [{ file, find, put }];
    const work: PlanningMutantWork = { replacements, cells: CELLS, judge: 'flapping' };
    const result = await ownProcess<string>(new URL('./planning-mutant-worker.ts', import.meta.url), work);
    expect(result).toMatch(/^killed: /);
  });
});
