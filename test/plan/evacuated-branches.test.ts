import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DesiredInput } from '../../lib/plan/desired.ts';
import { absence, desiredEndpoints } from '../../lib/plan/desired.ts';
import { branchPaths, isInBranches, isNamed, withoutPlace } from '../../lib/plan/evacuated-branches.ts';
import type { FleetRoute } from '../../lib/plan/fleet-model.ts';
import { planDifference } from '../../lib/plan/plan-difference.ts';
import { laneOf } from '../../lib/plan/plan-summary.ts';
import { desiredOf, fleetOf, planOf } from './given-fleet.ts';
import { anyRoute, branches, failover, latency, routed, targets, to } from './given-routes.ts';

const IDS = Array.from({ length: 8 }, (_, index) => `t${index}`);

function leavesOf(route: FleetRoute, more: Partial<DesiredInput> = {}): readonly string[] {
  const [found] = desiredEndpoints(desiredOf(fleetOf(targets(IDS), [routed(route)]), more));
  return found?.leaves.map(({ target, node = '' }) => `${target} ${node}`.trim()) ?? [];
}

const REGIONS = latency({
  'eu-west-1': failover(to('t0', 't1'), to('t2')),
  'us-east-1': failover(to('t3'), to('t2')),
});

describe('the name of a branch', () => {
  it.each([
    ['eu-west-1', 'eu-west-1', true],
    ['eu-west-1.blue', 'eu-west-1', true],
    ['primary.eu-west-1', 'primary.eu-west-1', true],
    ['primary.eu-west-1', 'eu-west-1', false],
    ['primary.eu-west-1.blue', 'primary.eu-west-1', false],
    ['eu-west-10', 'eu-west-1', false],
  ])('of the branch at %s is %s: %s', (path, name, is) => {
    expect(isNamed(path, name)).toBe(is);
  });

  it('means what lies in it too', () => {
    expect(isInBranches('primary.eu-west-1.blue', ['eu-west-1'])).toBe(true);
    expect(isInBranches('primary.eu-west-1', ['primary.eu-west-1'])).toBe(true);
    expect(isInBranches('primary.us-east-1', ['eu-west-1'])).toBe(false);
    expect(isInBranches('', ['eu-west-1'])).toBe(false);
  });
});

describe('an evacuated branch', () => {
  it('is left out with all below it, and its targets go on answering where they are in another', () => {
    expect(leavesOf(REGIONS, { evacuatedBranches: ['eu-west-1'] })).toEqual([
      't3 primary.us-east-1',
      't2 secondary.us-east-1',
    ]);
  });

  it('is every branch of that id, at any depth', () => {
    expect(leavesOf(REGIONS, { evacuatedBranches: ['secondary'] })).toEqual([
      't0 primary.eu-west-1',
      't1 primary.eu-west-1',
      't3 primary.us-east-1',
    ]);
  });

  it('is one branch alone where its path is named', () => {
    expect(leavesOf(REGIONS, { evacuatedBranches: ['secondary.us-east-1'] })).toEqual([
      't0 primary.eu-west-1',
      't1 primary.eu-west-1',
      't3 primary.us-east-1',
      't2 secondary.eu-west-1',
    ]);
  });

  it('leaves the second of a failover as the first', () => {
    const input = desiredOf(fleetOf(targets(IDS), [routed(failover(to('t0'), to('t1')))]), {
      evacuatedBranches: ['primary'],
    });
    expect(desiredEndpoints(input)[0]?.nodes?.[0]?.branches).toEqual([
      { id: 'secondary', routing: { Failover: 'PRIMARY' } },
    ]);
  });

  it('leaves an endpoint without a route, and one without that branch, as they are', () => {
    expect(leavesOf(to('t0'), { evacuatedBranches: ['eu-west-1'] })).toEqual(['t0']);
    expect(leavesOf(REGIONS, { evacuatedBranches: ['ap-south-1'] })).toEqual(leavesOf(REGIONS));
  });

  it('never answers, whatever route and branch', () => {
    fc.assert(
      fc.property(anyRoute, fc.nat(), fc.boolean(), (route, pick, byPath) => {
        const paths = branchPaths(route);
        fc.pre(paths.length > 0);
        const path = paths[pick % paths.length] ?? '';
        const name = byPath ? path : (path.split('.')[0] ?? path);
        const before = leavesOf(route);
        const isOut = (leaf: string) => isInBranches(leaf.split(' ')[1] ?? '', [name]);
        expect(leavesOf(route, { evacuatedBranches: [name] })).toEqual(before.filter((leaf) => !isOut(leaf)));
      }),
    );
  });

  it('is why a target does not answer that is in no other', () => {
    const fleet = fleetOf(targets(IDS), [routed(REGIONS)]);
    const [api] = fleet.endpoints;
    const why = (index: number) => {
      const target = fleet.targets[index];
      if (api === undefined || target === undefined) throw new Error('the fleet is empty');
      return absence(target, api, desiredOf(fleet, { evacuatedBranches: ['eu-west-1'] }));
    };
    expect([0, 1, 2, 3].map(why)).toEqual(['branch-evacuated', 'branch-evacuated', undefined, undefined]);
  });

  it('holds no place for a target whose other branches have no traffic', () => {
    const route = branches('weighted', {
      blue: [{ weight: 0 }, to('t0', 't1')],
      green: [{ weight: 9 }, to('t0')],
      red: [{ weight: 9 }, to('t2')],
    });
    expect([...withoutPlace(route, ['green'])]).toEqual(['t0']);
    expect([...withoutPlace(route, ['red', 'green'])]).toEqual(['t0', 't2']);
  });
});

describe('the lane of a plan that takes a branch out', () => {
  const lane = (route: FleetRoute, more: Partial<DesiredInput>, before: Partial<DesiredInput> = {}) => {
    const fleet = fleetOf(targets(IDS), [routed(route)]);
    const base = planOf(desiredOf(fleet, before));
    const desired = desiredOf(fleet, { base, ...more });
    const endpoints = desiredEndpoints(desired);
    return laneOf(desired, planDifference(base, endpoints), endpoints);
  };

  it('is urgent, also where every target of the branch answers in another', () => {
    expect(lane(REGIONS, { evacuatedBranches: ['eu-west-1'] })).toBe('urgent');
    const shared = latency({ 'eu-west-1': to('t0'), 'us-east-1': to('t0', 't1') });
    expect(lane(shared, { evacuatedBranches: ['eu-west-1'] })).toBe('urgent');
  });

  it('is routine where the branch is out already, or comes back', () => {
    const evacuatedBranches = ['eu-west-1'];
    const observations = { t2: { health: 'unhealthy', capacity: 100 } } as const;
    expect(lane(REGIONS, { evacuatedBranches, observations }, { evacuatedBranches })).toBe('routine');
    expect(lane(REGIONS, {}, { evacuatedBranches })).toBe('routine');
  });
});
