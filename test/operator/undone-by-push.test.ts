import { describe, expect, it } from 'vitest';
import { staticSource } from '../../lib/fleet/sources/static-source.ts';
import { evacuateBranch } from '../../lib/operator/branch-interventions.ts';
import { foreseePush } from '../../lib/operator/foresee-push.ts';
import { drainTarget, evacuateAz } from '../../lib/operator/interventions.ts';
import { lookAtKeptBack, rejectKeptBack } from '../../lib/operator/kept-back.ts';
import { observeTarget } from '../../lib/operator/observe-target.ts';
import type { OperatorDeps } from '../../lib/operator/operator.ts';
import { pausePlanner, resumePlanner } from '../../lib/operator/pause.ts';
import { proposePlan } from '../../lib/operator/propose.ts';
import type { FleetRoute, FleetTarget } from '../../lib/plan/fleet-model.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { latency, to } from '../plan/given-routes.ts';
import type { SmallFleet } from '../support/small-fleet.ts';
import { smallFleet, target } from '../support/small-fleet.ts';
import { convergedWorld, livePlan, order, planRoutinely } from './operator-world.ts';

const CELL = smallFleet().cell;
const API = dnsName('api.example.test');
const reason = 'a bad disk';

let people = 0;
const ask = <T>(world: SimulatedWorld, body: (deps: OperatorDeps) => Promise<T>): Promise<T> => {
  people += 1;
  return order(world, `person-${people}`, body);
};

async function foreseen(world: SimulatedWorld, fleet: SmallFleet) {
  const cells = [{ ...fleet, zoneId: world.scope.zoneId }];
  const [plan] = await ask(world, (deps) => foreseePush(deps, { cells, source: staticSource() }));
  return plan;
}

/** The small fleet with other targets, each in all endpoints that its predecessor was in. */
function withTargets(change: (each: FleetTarget) => readonly FleetTarget[]): SmallFleet {
  const fleet = smallFleet();
  const instead = new Map(fleet.targets.map((each) => [each.id, change(each)]));
  return {
    ...fleet,
    targets: [...instead.values()].flat(),
    endpoints: fleet.endpoints.map((endpoint) => ({
      ...endpoint,
      targets: endpoint.targets.flatMap((id) => instead.get(id)?.map((each) => each.id) ?? []),
    })),
  };
}

const changed = (id: string, more: Partial<FleetTarget>) =>
  withTargets((each) => (each.id === id ? [{ ...each, ...more }] : [each]));

describe('a push undoes', () => {
  it('the drain of a target that leaves the file, or that is there under another id', async () => {
    const world = await convergedWorld();
    await ask(world, (deps) => drainTarget(deps, { cell: CELL, target: 'api-2', reason, apply: true }));
    expect(await foreseen(world, changed('api-2', { id: 'api-two' }))).toMatchObject({
      undone: [{ type: 'drain', target: 'api-2', servesAs: 'api-two' }],
    });
    const without = withTargets((each) => (each.id === 'api-2' ? [] : [each]));
    expect(await foreseen(world, without)).toMatchObject({
      undone: [{ type: 'drain', target: 'api-2', servesAs: null }],
    });
    expect(await foreseen(world, smallFleet(7))).toMatchObject({ undone: [] });
    // A target that nobody drained leaves without a word.
    const other = withTargets((each) => (each.id === 'web-2' ? [] : [each]));
    expect(await foreseen(world, other)).toMatchObject({ undone: [] });
  });

  it('the evacuation of a zone that is renamed, that a target leaves, or that has none any more', async () => {
    const fleet = changed('api-2', { az: 'az2' });
    const world = await convergedWorld(fleet);
    await ask(world, (deps) => evacuateAz(deps, { cell: CELL, az: 'az2', reason, apply: true }));
    expect(await foreseen(world, changed('api-2', { az: 'az-2' }))).toMatchObject({
      undone: [{ type: 'evacuation', az: 'az2', serving: ['api-2'] }],
    });
    expect(await foreseen(world, changed('api-2', { id: 'api-3', az: 'az3' }))).toMatchObject({
      undone: [{ type: 'evacuation', az: 'az2', serving: ['api-3'] }],
    });
    const without = withTargets((each) => (each.id === 'api-2' ? [] : [each]));
    expect(await foreseen(world, without)).toMatchObject({
      undone: [{ type: 'evacuation', az: 'az2', serving: [] }],
    });
    const more = withTargets((each) =>
      each.id === 'api-2' ? [{ ...each, az: 'az2' }, target('api-3', 103, { az: 'az2' })] : [each],
    );
    expect(await foreseen(world, more)).toMatchObject({ undone: [] });
  });

  it('the evacuation of a branch that is renamed, that a target leaves, or that no route has any more', async () => {
    const routed = (regions: Readonly<Record<string, FleetRoute>>): SmallFleet => {
      const fleet = smallFleet();
      const [api, ...others] = fleet.endpoints;
      if (api === undefined) throw new Error('the fleet has no endpoints');
      return { ...fleet, endpoints: [{ ...api, route: latency(regions) }, ...others] };
    };
    const both = { 'eu-west-1': to('api-1'), 'us-east-1': to('api-2') };
    const world = await convergedWorld(routed(both));
    await ask(world, (deps) =>
      evacuateBranch(deps, { cell: CELL, branch: 'eu-west-1', reason, apply: true }),
    );
    expect(await foreseen(world, routed(both))).toMatchObject({ undone: [] });
    const undone = (serving: readonly string[]) => ({
      undone: [{ type: 'branch-evacuation', branch: 'eu-west-1', serving }],
    });
    const renamed = { 'eu-west-2': to('api-1'), 'us-east-1': to('api-2') };
    expect(await foreseen(world, routed(renamed))).toMatchObject(undone(['api-1']));
    const left = { 'eu-west-1': to('api-2'), 'us-east-1': to('api-1') };
    expect(await foreseen(world, routed(left))).toMatchObject(undone(['api-1']));
    expect(await foreseen(world, smallFleet())).toMatchObject(undone(['api-1']));
    const other = { 'us-east-1': to('api-2') };
    const fleet = routed(other);
    const endpoints = fleet.endpoints.map((each) =>
      each.route === undefined ? each : { ...each, targets: ['api-2'] },
    );
    expect(await foreseen(world, { ...fleet, endpoints })).toMatchObject(undone([]));
  });

  it('an observation of a person that the file contradicts, and not one that it confirms', async () => {
    const world = await convergedWorld();
    const unhealthy = { health: 'unhealthy', capacity: 100 } as const;
    await ask(world, (deps) =>
      observeTarget(deps, { cell: CELL, target: 'api-2', health: unhealthy.health }),
    );
    expect(await foreseen(world, smallFleet(7))).toMatchObject({
      undone: [
        {
          type: 'observation',
          target: 'api-2',
          observed: unhealthy,
          declared: { health: 'healthy', capacity: 100 },
        },
      ],
    });
    expect(await foreseen(world, changed('api-2', unhealthy))).toMatchObject({ undone: [] });
    const observedBy = { source: 'elbv2', reference: { kind: 'target-group', arn: 'arn' } };
    expect(await foreseen(world, changed('api-2', { observedBy }))).toMatchObject({
      undone: [{ type: 'observation', target: 'api-2', declared: null }],
    });
  });

  it('a rejection, where something else waits than what was declined', async () => {
    const careful = { capacityRemovedPercent: 10 };
    const world = await convergedWorld(smallFleet(1, careful));
    const fewer = (ttl: number): SmallFleet => {
      const fleet = withTargets((each) => (each.id === 'api-2' ? [] : [each]));
      return {
        ...fleet,
        policy: { ...fleet.policy, ...careful },
        endpoints: fleet.endpoints.map((each) => (each.name === API ? { ...each, ttl } : each)),
      };
    };
    await world.declare(fewer(60));
    await planRoutinely(world);
    await ask(world, async (deps) => {
      const look = await lookAtKeptBack(deps, { cell: CELL, endpoints: [API], decision: 'reject' });
      if (look.type !== 'done') throw new Error(look.reason);
      return rejectKeptBack(deps, { cell: CELL, endpoints: [API], digest: look.digest, reason });
    });
    expect(await foreseen(world, fewer(61))).toMatchObject({
      undone: [{ type: 'rejection', name: API }],
    });
    const same = fewer(60);
    const targets = [...same.targets, target('spare', 109)];
    expect(await foreseen(world, { ...same, targets })).toMatchObject({ undone: [] });
  });

  it('a plan that waits as a whole, once the planner follows it with another', async () => {
    const world = await convergedWorld();
    const plan = await livePlan(world);
    const fewer = { ...plan, endpoints: plan.endpoints.filter(({ name }) => name === API) };
    await ask(world, (deps) => proposePlan(deps, { cell: CELL, plan: fewer, apply: true }));
    expect(await foreseen(world, smallFleet(7))).toMatchObject({
      undone: [],
      paused: { by: expect.any(String) },
    });
    await ask(world, (deps) => resumePlanner(deps, { cell: CELL }));
    expect(await foreseen(world, smallFleet(7))).toMatchObject({
      undone: [{ type: 'held-plan', generation: 2 }],
      paused: null,
    });
    expect(await foreseen(world, smallFleet(1, { coalesceS: 9 }))).toMatchObject({ undone: [] });
  });

  it('no pause, which is named because nothing is planned before it ends', async () => {
    const world = await convergedWorld();
    await ask(world, (deps) => pausePlanner(deps, { cell: CELL, reason }));
    expect(await foreseen(world, smallFleet(7))).toMatchObject({ undone: [], paused: { reason } });
  });
});
