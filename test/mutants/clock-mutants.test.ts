import { describe, expect, it } from 'vitest';
import { ownProcess } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import type { PlanningMutantWork } from './planning-mutant-worker.ts';

const CELLS = 200;
const STAMPS = 'ledger/decider/stamps.ts';

/** Bugs in what becomes of a time that lies ahead. The cells in which one clock is wrong must find each of them. */
const MUTANTS: readonly (Replacement & { readonly name: string })[] = [
  {
    name: 'a planner that waits for a time that lies ahead',
    file: 'planner/plan-cell.ts',
    find: 'return newest.at > now ? 0 : newest.at +',
    put: 'return newest.at +',
  },
  {
    name: 'a fold that keeps a time that lies ahead',
    file: STAMPS,
    find: 'const bound = Math.max(at, ahead.at);',
    put: 'const bound = Math.max(at, ahead.at) + 10 * 86_400_000;',
  },
  {
    name: 'a fold that believes one clock that is behind',
    file: STAMPS,
    find: 'if (ahead.by === by) return { ...state, ahead: { ...ahead, at } };',
    put: '',
  },
];

describe('cells in which one clock is wrong, by a library with a bug in it,', () => {
  it.each(MUTANTS)('find "$name"', async ({ file, find, put }) => {
    const work: PlanningMutantWork = { replacements: [{ file, find, put }], cells: CELLS, judge: 'clocks' };
    const result = await ownProcess<string>(new URL('./planning-mutant-worker.ts', import.meta.url), work);
    expect(result).toMatch(/^killed: /);
  });
});
