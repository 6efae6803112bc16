import { describe, expect, it } from 'vitest';
import type { DesiredInput } from '../../lib/plan/desired.ts';
import { desiredEndpoints } from '../../lib/plan/desired.ts';
import type { Finding } from '../../lib/plan/findings.ts';
import type { CellFleet, FleetRoute } from '../../lib/plan/fleet-model.ts';
import { generation } from '../../lib/plan/generation.ts';
import { lintEndpointChange } from '../../lib/plan/lint-change.ts';
import { lintPlan } from '../../lib/plan/lint-plan.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { SCOPE } from './arbitrary-names.ts';
import { desiredOf, endpoint, fleetOf } from './given-fleet.ts';
import { branches, failover, latency, routed, targets, to } from './given-routes.ts';

const API = dnsName('api.example.test');
const CARELESS = { capacityRemovedPercent: 100, endpointsChangedPercent: 100, blindPercent: 100 };
/** An endpoint of which nothing is known but what changes. */
const UNTOUCHED = {
  ...{ accepted: undefined, acceptedRoute: undefined, earlier: undefined, offeredTo: undefined },
  ...{ removedBefore: 0, floor: 1 },
};

function withFloor(floor: number, ...ids: readonly string[]): FleetRoute {
  return { type: 'targets', targets: ids, answer: 'weighted', floor };
}

function fleet(route: FleetRoute): CellFleet {
  return fleetOf(targets(['t0', 't1', 't2', 't3']), [routed(route)], CARELESS);
}

/** What is found when these orders follow on none. */
function lint(route: FleetRoute, more: Partial<DesiredInput>, isNew = false): readonly Finding[] {
  const declared = fleet(route);
  const [standing] = desiredEndpoints(desiredOf(declared));
  const [candidate] = desiredEndpoints(desiredOf(declared, more));
  return lintEndpointChange({
    ...{ fleet: declared, name: API, standing: isNew ? undefined : standing, candidate },
    ...UNTOUCHED,
  });
}

describe('a branch', () => {
  const route = latency({ 'eu-west-1': withFloor(2, 't0', 't1'), 'us-east-1': to('t2') });

  it('is held under its own floor, although the endpoint has enough elsewhere', () => {
    expect(lint(route, {})).toEqual([]);
    expect(lint(route, { drained: ['t0'] })).toEqual([
      {
        code: 'branch-under-floor',
        severity: 'held',
        subject: API,
        branch: 'eu-west-1',
        serving: 1,
        floor: 2,
      },
    ]);
    expect(lint(route, { drained: ['t0'] }, true)).toMatchObject([{ severity: 'held' }]);
  });

  it('is held when it would be left out, if it has a floor', () => {
    expect(lint(route, { drained: ['t0', 't1'] })).toMatchObject([
      { code: 'branch-under-floor', severity: 'held', serving: 0 },
    ]);
  });

  it('is a note when it is left out, if it has none', () => {
    expect(lint(route, { drained: ['t2'] })).toEqual([
      { code: 'branch-left-out', severity: 'note', subject: API, branch: 'us-east-1' },
    ]);
  });

  it('is nothing to find where it is declared without traffic', () => {
    const shares = branches('weighted', {
      blue: [{ weight: 0 }, withFloor(1, 't0')],
      green: [{ weight: 9 }, to('t2')],
    });
    expect(lint(shares, {})).toEqual([]);
  });

  it('that stays under its floor is a note', () => {
    const declared = fleet(route);
    const [low] = desiredEndpoints(desiredOf(declared, { drained: ['t0'] }));
    const found = lintEndpointChange({
      ...{ fleet: declared, name: API, standing: low, candidate: low },
      ...UNTOUCHED,
    });
    expect(found).toMatchObject([{ code: 'branch-under-floor', severity: 'note' }]);
  });
});

describe('a node', () => {
  it('whose name would be too long for DNS is fatal, although the tree has a name', () => {
    const long = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(8)}.example.test`;
    const route = latency({ 'eu-west-1': failover(to('t0'), to('t1')) });
    const declared = fleetOf(targets(['t0', 't1']), [{ ...routed(route), name: dnsName(long) }]);
    const endpoints = desiredEndpoints(desiredOf(declared));
    const found = lintPlan({
      ...{ scope: SCOPE, fleet: declared, generation: generation(1), endpoints },
      ...{ newTrees: new Set([dnsName(long)]), zone: undefined, claimed: new Map() },
    });
    expect(found).toMatchObject([{ code: 'name-too-long', severity: 'fatal', characters: 254 }]);
  });
});

describe('targets in groups', () => {
  const many = (capacityOf: (index: number) => number): CellFleet => {
    const members = targets(Array.from({ length: 120 }, (_, index) => `t${index}`)).map((each, index) => ({
      ...each,
      capacity: capacityOf(index),
    }));
    return fleetOf(members, [
      endpoint(
        API,
        members.map(({ id }) => id),
      ),
    ]);
  };
  const lintMany = (declared: CellFleet): readonly Finding[] => {
    const [candidate] = desiredEndpoints(desiredOf(declared));
    return lintEndpointChange({
      ...{ fleet: declared, name: API, standing: candidate, candidate },
      ...UNTOUCHED,
    });
  };

  it('of capacities that whole weights can show have nothing to be noted', () => {
    expect(lintMany(many(() => 100))).toEqual([]);
  });

  it('of capacities that whole weights cannot show are noted, with the one that is furthest from its share', () => {
    expect(lintMany(many((index) => (index === 7 ? 1 : 1_000)))).toMatchObject([
      { code: 'rough-share', severity: 'note', target: 't7', targets: 1 },
    ]);
  });
});
