import { describe, expect, it } from 'vitest';
import type { Paper } from '../../lib/cli/views/paper.ts';
import { simulationView } from '../../lib/cli/views/simulation-view.ts';
import type { SimulationReport } from '../../lib/simulator/task.ts';
import { rehearsal } from './rehearsal.ts';

const PIPE: Paper = { width: 80, color: false, boxes: false };

const SEARCHED: SimulationReport = {
  task: { type: 'search', scenario: 'two-enactors', faults: 1, seconds: 60 },
  runs: 3,
  states: 40,
  decisions: 80,
  complete: true,
  quietCalls: 0,
  sightings: {},
  milliseconds: 2_000,
};

describe('simulate', () => {
  for (const strategy of ['exhaustive', 'modular']) {
    it(`--strategy ${strategy} sees every state of a small scenario`, async () => {
      const { pawl } = await rehearsal();
      const { exit, out } = await pawl(
        `simulate --strategy ${strategy} --scenario enactor-janitor --faults 0`,
      );
      expect(out).toContain('enactor-janitor, 0 faults: every state seen');
      expect(out).toContain('No rule was broken.');
      expect(exit).toBe(0);
    }, 120_000);
  }

  it('ends with 1 when the time was too short for every state', async () => {
    const { pawl } = await rehearsal();
    const { exit, out } = await pawl(
      'simulate --strategy modular --scenario live-planner --faults 2 --seconds 1',
    );
    expect(out).toContain('not every state seen');
    expect(exit).toBe(1);
  }, 120_000);

  it('does not say that no rule was broken while one may be', () => {
    const told = simulationView([{ ...SEARCHED, complete: false, doubt: 'I2: a root is gone' }], PIPE);
    expect(told).toContain('Nothing is proven');
    expect(told).toContain('I2: a root is gone');
    expect(told).not.toContain('No rule was broken');
    expect(simulationView([SEARCHED], PIPE)).toContain('No rule was broken');
  });
});
