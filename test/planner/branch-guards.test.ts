import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { branchPaths } from '../../lib/plan/evacuated-branches.ts';
import type { Observation, Observations } from '../../lib/plan/fleet-model.ts';
import { fleetOf } from '../plan/given-fleet.ts';
import { anyRoute, routed, targets } from '../plan/given-routes.ts';
import {
  BRANCH_GUARD_CHECKS,
  lost,
  playedCell,
  pushed,
  seeLater,
  wideFleet,
} from '../support/branch-guards.ts';
import { NOW } from '../support/known-cell.ts';
import { DEAD, MINUTE_MS, see } from '../support/observed-loss.ts';

describe('the guards of branches', () => {
  it.each(Object.entries(BRANCH_GUARD_CHECKS))('hold without a person: %s', (_, check) => check());

  it('say how much of which branch would go', () => {
    const played = playedCell();
    see(played, lost(3), NOW);
    expect(played.choice?.keptBack).toMatchObject([
      {
        findings: [
          {
            ...{ code: 'branch-capacity-removed', severity: 'held', branch: 'eu-west-1' },
            ...{ removedPermille: 500, withinWindowPermille: 500, windowS: 600, limitPercent: 34 },
          },
        ],
      },
    ]);
  });

  it('say how much of which branch would be out by observation', () => {
    const played = playedCell(wideFleet(undefined, { capacityRemovedPercent: 100 }));
    see(played, lost(4), NOW);
    expect(played.choice?.keptBack).toMatchObject([
      {
        findings: [{ code: 'branch-observed-out', branch: 'eu-west-1', outPermille: 667, limitPercent: 50 }],
      },
    ]);
  });

  it('say how much of which branch is missing before it comes back', () => {
    const played = playedCell();
    see(played, lost(6), NOW);
    seeLater(played, lost(5), NOW + 11 * MINUTE_MS);
    expect(played.choice?.keptBack).toMatchObject([
      { findings: [{ code: 'branch-stays-out', branch: 'eu-west-1', outPermille: 834, limitPercent: 50 }] },
    ]);
  });

  it('count what a push replaces', () => {
    const before = wideFleet();
    const targetsAfter = before.targets.map((each) =>
      ['e0', 'e1', 'e2'].includes(each.id) ? { ...each, ipv4: [`203.0.113.${each.id.slice(1)}`] } : each,
    );
    expect(pushed(before, { ...before, targets: targetsAfter }).keptBack).toMatchObject([
      { findings: [{ code: 'branch-capacity-removed', removedPermille: 500 }] },
    ]);
  });
});

const IDS = Array.from({ length: 8 }, (_, index) => `t${index}`);
const observation: fc.Arbitrary<Observation> = fc.record({
  health: fc.constantFrom('healthy', 'healthy', 'unhealthy', 'unhealthy', 'unknown'),
  capacity: fc.constantFrom(100, 100, 60, 0),
});
const steps = fc.array(fc.dictionary(fc.constantFrom(...IDS), observation, { maxKeys: 3 }), {
  maxLength: 15,
});

/** Capacity by target of the plan's leaves in a branch. */
function servingIn(played: ReturnType<typeof playedCell>, path: string): ReadonlyMap<string, number> {
  const leaves = played.known.desired.base?.endpoints[0]?.leaves ?? [];
  const below = leaves
    .filter(({ node = '' }) => node === path || node.endsWith(`.${path}`))
    // What stands by is no capacity.
    .filter(({ node = '' }) => !node.slice(0, -path.length).split('.').includes('secondary'));
  return new Map(below.map(({ target, capacity }) => [target, capacity]));
}

function capacityIn(played: ReturnType<typeof playedCell>, path: string): number {
  return [...servingIn(played, path).values()].reduce((sum, each) => sum + each, 0);
}

describe('no pattern of observations, however slow,', () => {
  it('leaves a branch with less than half of what it is declared with, but one target, or nothing, or more than before', () => {
    fc.assert(
      fc.property(anyRoute, steps, (route, all) => {
        const fleet = fleetOf(targets(IDS), [routed(route)], { capacityRemovedPercent: 100 });
        const played = playedCell(fleet);
        const declared = new Map(branchPaths(route).map((path) => [path, servingIn(played, path)]));
        let observations: Observations = {};
        for (const [index, changes] of all.entries()) {
          observations = { ...observations, ...changes };
          const before = new Map([...declared.keys()].map((path) => [path, capacityIn(played, path)]));
          seeLater(played, observations, NOW + index * 11 * MINUTE_MS);
          for (const [path, whole] of declared) {
            const serving = servingIn(played, path);
            const lacking = [...whole].filter(([id, capacity]) => (serving.get(id) ?? 0) < capacity);
            const left = capacityIn(played, path);
            const isLess = 2 * left < 100 * whole.size && left < (before.get(path) ?? 0);
            expect(isLess && left > 0 && lacking.length > 1, `${path}: ${left}`).toBe(false);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('keeps a dead branch that the endpoint can spare', () => {
    const played = playedCell();
    see(played, { ...lost(6), u0: DEAD }, NOW);
    const left = new Set(played.known.desired.base?.endpoints[0]?.leaves.map(({ node }) => node));
    expect([...left]).toEqual(['us-east-1']);
  });
});
