import { describe, expect, it } from 'vitest';
import { CI_SEARCHES } from '../../lib/simulator/searches.ts';
import type { SimulationTask } from '../../lib/simulator/task.ts';
import { ownProcess } from '../support/own-process.ts';
import { HANDOVER_MUTANTS } from './handover-mutants.ts';
import type { MutantResult, MutantWork } from './mutant-worker.ts';
import { rulesFor } from './refinement-table.ts';

/** Longer than any of these searches takes, even one that finds nothing. */
const SECONDS_MAX = 300;

describe('a search of two cells, of workflows with a bug in them', () => {
  it.each([...new Set(HANDOVER_MUTANTS.map(({ scenario }) => scenario))])(
    'looks in a scenario that CI searches without a bug: %s',
    (scenario) => {
      expect(CI_SEARCHES.map((search) => search.scenario)).toContain(scenario);
    },
  );

  it.each(HANDOVER_MUTANTS)('finds: $name', async ({ replacements, scenario, faults = 0, rule }) => {
    const task: SimulationTask = { type: 'search', scenario, faults, seconds: SECONDS_MAX };
    const work: MutantWork = { replacements, task };
    const result = await ownProcess<MutantResult>(new URL('./mutant-worker.ts', import.meta.url), work);
    expect(result, JSON.stringify(result)).toMatchObject({
      type: 'killed',
      message: expect.stringMatching(rule),
    });
  });
});

/**
 * Decisions within which the seeds of two cells in a zone find each of these from this one on. Two of them are rare: of
 * seven first seeds, 100,000 decisions of four find the one, and of two the other.
 */
const WITHIN = 50_000;
const FIRST_SEED = 1_001;

describe('the seeds of two cells, of workflows with a bug in them', () => {
  it.each(HANDOVER_MUTANTS)(`find within ${WITHIN} decisions: $name`, async ({ name, replacements }) => {
    const task: SimulationTask = {
      type: 'campaign',
      strategy: 'mixed',
      cells: 2,
      firstSeed: FIRST_SEED,
      stride: 1,
      seconds: SECONDS_MAX,
      decisionsMax: WITHIN,
    };
    const work: MutantWork = { replacements, task };
    const result = await ownProcess<MutantResult>(new URL('./mutant-worker.ts', import.meta.url), work);
    const message = expect.stringMatching(rulesFor(name));
    expect(result, JSON.stringify(result)).toMatchObject({ type: 'killed', message });
  });
});
