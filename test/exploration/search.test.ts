import { describe, expect, it } from 'vitest';
import { simulate } from '../../lib/cli/simulate/simulation.ts';
import { formatReplay } from '../../lib/simulator/random/replay-line.ts';
import { CI_SEARCHES } from '../../lib/simulator/searches.ts';
import { worldsByStep, worldsExplored } from '../support/searched-worlds.ts';

const WORKERS = 2;
const SECONDS_MAX = 3_000;

describe('every state', () => {
  it('of the scenarios that CI can see to the end breaks no rule, and is left by steps of the proof alone', async () => {
    const tasks = CI_SEARCHES.map((search) => ({ ...search, seconds: SECONDS_MAX }));
    const reports = await simulate(tasks, WORKERS);
    const failures = reports.flatMap(({ failure }) =>
      failure === undefined ? [] : [`${failure.message}: ${formatReplay(failure.line)}`],
    );
    expect(failures).toEqual([]);
    expect(reports.map(({ complete }) => complete)).toEqual(tasks.map(() => true));
  }, 3_600_000);

  for (const [name, faults] of [
    ['two-enactors', 1],
    ['enactor-janitor', 1],
    ['enactor-planner', 1],
    ['frozen-in-flight', 1],
    ['upgraded-enactor', 0],
    ['raise-against-janitor', 0],
    ['handed-over-sweep', 0],
  ] as const) {
    it(`of ${name} with ${faults} faults lies in no other world than a search step by step finds`, async () => {
      expect(await worldsExplored(name, faults)).toEqual(await worldsByStep(name, faults));
    }, 900_000);
  }

  it('of enactor-janitor-rollback lies in no other world than a search step by step finds that takes nobody for forgetful', async () => {
    expect(await worldsExplored('enactor-janitor-rollback', 0)).toEqual(
      await worldsByStep('enactor-janitor-rollback', 0, false),
    );
  }, 900_000);
});
