import { describe, expect, it } from 'vitest';
import { ownProcess } from '../support/own-process.ts';
import { HANDOVER_MUTANTS } from './handover-mutants.ts';
import type { Replacement } from './mutant.ts';
import { MUTANTS, UNGUARDED } from './mutants.ts';
import type { RefinementResult, RefinementWork } from './refinement-mutant-worker.ts';
import type { SeenBug } from './refinement-table.ts';
import { BEYOND, SEEN } from './refinement-table.ts';

const ALL = [...MUTANTS, ...HANDOVER_MUTANTS];

describe('the tables of the refinement', () => {
  it('have every bug of the workflows that the simulator plays, once', () => {
    const told = [...SEEN.map(({ bug }) => bug), ...BEYOND.flatMap(({ bugs }) => bugs)];
    expect(told.filter((bug, index) => told.indexOf(bug) !== index)).toEqual([]);
    expect([...told].sort()).toEqual(ALL.map(({ name }) => name).sort());
  });

  it('have a sentence for each reason', () => {
    for (const { says } of BEYOND) expect(says).toMatch(/^[A-Z].*\.$/);
  });
});

describe('the refinement, of workflows with a bug in them', () => {
  it.each(SEEN)('fails at "$bug" no later than any rule', async (row) => {
    const { stale, refinement, invariant } = await play(row);
    expect(stale).toBeUndefined();
    expect(refinement?.message).toContain(row.guard);
    const earlier = invariant && invariant.commit - (refinement?.commit ?? Number.POSITIVE_INFINITY);
    expect(earlier, invariant?.message).toBe(row.earlier);
  });
});

function play({ bug, run: [scenario, seed] }: SeenBug): Promise<RefinementResult> {
  const replacements = ALL.find(({ name }) => name === bug)?.replacements ?? [];
  const work: RefinementWork = { replacements: unguarded(replacements), scenario, seed };
  return ownProcess(new URL('./refinement-mutant-worker.ts', import.meta.url), work);
}

/** Without the second check of every batch, so that nothing but the refinement and the rules ends a run. */
function unguarded(replacements: readonly Replacement[]): readonly Replacement[] {
  const isOff = replacements.some(({ file }) => file === UNGUARDED.file);
  return isOff ? replacements : [...replacements, UNGUARDED];
}
