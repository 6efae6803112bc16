// @module-tag slow
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { STEPS } from '../../lib/proof/cells/steps.ts';
import { BATCH_STEPS } from '../../lib/simulator/checkers/refined-steps.ts';
import { STEPS_BEYOND } from '../../lib/simulator/checkers/steps-beyond.ts';
import { parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { replay } from '../../lib/simulator/random/replayed-run.ts';
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

  it.each(STEPS_BEYOND)(
    'may be "$name", which the page of verification names, and the theory does not have',
    async ({ name }) => {
      const page = await readFile(new URL('../../docs/verification.md', import.meta.url), 'utf8');
      const [, section = ''] = page.split('### The code is held to the proof');
      const rows = (section.split('## The rules')[0] ?? '')
        .split('\n')
        .filter((line) => line.startsWith('| '));
      expect(rows.filter((row) => row.includes(`\`${name}\``))).toHaveLength(1);
      expect(STEPS.map((step) => step.name)).not.toContain(name);
    },
  );
});

describe('a batch after a hand is read rightly', () => {
  it.each([
    [
      'a root that a hand has moved does not keep a repair from naming the plan',
      'flip~:4z,14,17,1,14,3,1z,1',
    ],
    ['a tree is made above a node whose own node a hand has taken', 'routed-and-broken:4,11,1,2z,3,1'],
    ['a fence that a hand has forged far above the log is frozen without one', 'freeze:3,15,4,4,4z,1,5,17'],
    [
      'a fence that was written anew has moved no root, though none was seen to move yet',
      'routed-and-broken:4,6,2,1z,3,12,1z,3,13,1z,3,9,4',
    ],
    [
      'a fence that a hand has forged above the last move has moved no root',
      'rescue:9,2,11,7,9,4,1,2,1z,1,6z,5',
    ],
    [
      'a root that a rescue has moved and nobody can move keeps no plan from its fence',
      'rescue:7z,8,11,5,2z,12,12,3',
    ],
    ['a fence that a hand has broken may have the text that it had', 'thaw~:2,2,1z,17,2z,8,5,2'],
    [
      'a root that a slice has moved and nobody can move keeps no plan from its fence',
      'obstacles-and-orders~:9,5z,7,3,3,3z,7,13,1,15z,1,5z,4,1z,2,2,2z,2,4z,2,3z,2,4z,1,1z,3,13',
    ],
    [
      'a node of which one record was mended and the other one could not be is mended later',
      'routed-and-broken:2,3z,4,21,3,7,1z,4,3,9,44z,2,5,40z,1,2,5,1,1,12,5',
    ],
    ['a tree whose staging is forgotten is flipped to again', 'return-and-rescue:1,16z,1,3,1'],
    [
      'a cell takes from one whose fence a hand has forged, far above what its log knows',
      'handover-by-hands:6,5,10,1z,4,4,2z,6',
    ],
  ])('%s', async (_, line) => {
    const { result } = await replay(parseReplay(line));
    expect(result.violation).toBeUndefined();
  });
});

/**
 * What a batch of these has done is what a step before them in the table does: a renewed fence is a staging of nothing,
 * and whoever freezes again freezes. No scenario of the campaign has a rescue that makes trees, which goes to what rollback
 * roots point at, nor a person who gives a cell back.
 */
const NEVER_MET = [
  'renew',
  'freeze-again',
  'rescue-stages',
  'stage-after-hands',
  'roots-become-plain',
  'names-are-cleared',
  'fence-ends',
];
