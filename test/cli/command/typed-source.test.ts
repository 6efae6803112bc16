import { expect, test } from 'vitest';
import { typedSource } from '../../../lib/cli/command/typed-source.ts';
import { blindIn, knownAfter } from '../../../lib/fleet/sources/cell-observations.ts';
import type { CellFleet } from '../../../lib/plan/fleet-model.ts';
import { bigFleet } from '../../support/observed-loss.ts';

const WELL = { health: 'healthy', capacity: 7 } as const;

/** The fleet with its first targets observed by these sources. */
function observedBy(...sources: readonly string[]): CellFleet {
  const fleet = bigFleet();
  const targets = fleet.targets.slice(0, 4).map((target, index) => {
    const source = sources[index];
    return source === undefined ? target : { ...target, observedBy: { source, reference: { group: 'a' } } };
  });
  return { ...fleet, targets };
}

test('a person who plans brings in no target of a lease that nobody has heard', async () => {
  const fleet = observedBy('lease', 'lease', 'elbv2');
  const [new1 = '', known = '', other = '', plain = ''] = fleet.targets.map(({ id }) => id);
  const before = { [known]: WELL };
  const after = knownAfter(await typedSource().observe(fleet, before), before, false);
  expect(after[new1]).toMatchObject({ health: 'unhealthy' });
  expect(after[known]).toEqual(WELL);
  // These are as the file says: a load balancer's target serves until it was observed.
  expect(after[other]).toBeUndefined();
  expect(after[plain]).toMatchObject({ health: 'healthy' });
});

test('what was recorded of a target that a source observes stands, the others are as the file says', async () => {
  const fleet = observedBy('elbv2');
  const [seen = '', plain = ''] = fleet.targets.map(({ id }) => id);
  const before = { [seen]: WELL, [plain]: WELL };
  const reading = await typedSource().observe(fleet, before);
  expect(blindIn(reading)).toMatchObject([{ source: 'elbv2', reason: 'the command line does not ask it' }]);
  const pushed = knownAfter(reading, before, false);
  expect(pushed[seen]).toEqual(WELL);
  expect(pushed[plain]).not.toEqual(WELL);
  expect(knownAfter(reading, before, true)[plain]).toEqual(WELL);
});
