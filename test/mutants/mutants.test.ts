import { describe, expect, it } from 'vitest';
import { ownProcess } from '../support/own-process.ts';
import type { Mutant } from './mutant.ts';
import type { MutantResult, MutantWork } from './mutant-worker.ts';
import { MUTANTS } from './mutants.ts';
import { rulesFor } from './refinement-table.ts';

/** Longer than any of the runs takes. A run ends by its number of decisions. */
const SECONDS_MAX = 600;

describe('the simulator on workflows with a bug in them', () => {
  it('knows at least 25 bugs', () => {
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
    expect(MUTANTS.length).toBeGreaterThanOrEqual(25);
  });

  for (const mutant of MUTANTS) {
    it(`finds "${mutant.name}" within ${mutant.within} decisions`, async () => {
      const result = await run(mutant);
      const message = expect.stringMatching(rulesFor(mutant.name));
      expect(result, JSON.stringify(result)).toMatchObject({ type: 'killed', message });
    });
  }
});

function run({ replacements, within, scenario }: Mutant): Promise<MutantResult> {
  const work: MutantWork = {
    replacements,
    task: {
      type: 'campaign',
      strategy: 'mixed',
      ...(scenario === undefined ? {} : { scenario }),
      firstSeed: 1,
      stride: 1,
      seconds: SECONDS_MAX,
      decisionsMax: within,
    },
  };
  return ownProcess(new URL('./mutant-worker.ts', import.meta.url), work);
}
