import { expect, test } from 'vitest';
import { typedSource } from '../../../lib/cli/command/typed-source.ts';
import { knownAfter } from '../../../lib/fleet/sources/cell-observations.ts';
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
  expect([after[other], after[plain]]).toEqual([undefined, undefined]);
});

test('what was recorded stands where a source is named, else the file', async () => {
  const blind = await typedSource().observe(observedBy('elbv2'), {});
  expect(blind).toEqual({ type: 'blind', reason: 'the command line asks no load balancer' });
  const declared = await typedSource().observe(observedBy(), {});
  expect(declared).toMatchObject({ type: 'observed' });
});
