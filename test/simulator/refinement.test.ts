// @module-tag slow
import { describe, expect, it } from 'vitest';
import { BATCH_STEPS } from '../../lib/simulator/checkers/refined-steps.ts';
import { STEPS_BEYOND } from '../../lib/simulator/checkers/steps-beyond.ts';
import type { SimulationTask } from '../../lib/simulator/task.ts';
import { performTask } from '../../lib/simulator/task.ts';

/** As many as it takes to meet every step but those of {@link NEVER_MET}. */
const DECISIONS = 12_000;

async function stepsOf(cells?: 2): Promise<readonly string[]> {
  const task: SimulationTask = {
    type: 'campaign',
    strategy: 'mixed',
    ...(cells === undefined ? {} : { cells }),
    ...{ firstSeed: 1, stride: 1, seconds: 600, decisionsMax: DECISIONS },
  };
  const { failure, sightings } = await performTask(
    task,
    () => 0,
    () => undefined,
  );
  expect(failure).toBeUndefined();
  return Object.keys(sightings).flatMap((name) =>
    name.startsWith('step ') ? [name.slice('step '.length)] : [],
  );
}

describe('batches of a campaign, held against the proof', () => {
  it('are steps of it, and every step is met', async () => {
    const met = new Set([...(await stepsOf()), ...(await stepsOf(2))]);
    const never = BATCH_STEPS.map(({ name }) => name).filter((name) => !met.has(name));
    expect(never).toEqual(NEVER_MET);
  }, 120_000);

  it('are held to the guards of the theory alone, but for those that say why not', () => {
    expect(STEPS_BEYOND.every(({ reason }) => reason.length > 0)).toBe(true);
  });
});

/**
 * What a batch of these has done is what a step before them in the table does: a renewed fence is a staging of nothing,
 * and whoever freezes again freezes. No scenario of the campaign has a rescue that makes trees, which goes to what
 * rollback roots point at, nor a person who gives a cell back: the fault matrix has both (fault-matrix.test.ts).
 */
const NEVER_MET = [
  ...['renew', 'freeze-again', 'rescue-stages'],
  ...['roots-become-plain', 'names-are-cleared', 'fence-ends'],
];
