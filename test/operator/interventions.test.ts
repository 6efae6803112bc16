import { describe, expect, it } from 'vitest';
import type { DrainRequest, EvacuateRequest } from '../../lib/operator/interventions.ts';
import { drainTarget, evacuateAz, restoreAz, restoreTarget } from '../../lib/operator/interventions.ts';
import { observeTarget } from '../../lib/operator/observe-target.ts';
import type { OperatorDeps } from '../../lib/operator/operator.ts';
import type { FleetTarget, Observations } from '../../lib/plan/fleet-model.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { declareFleet } from '../../lib/simulator/engine/actor-roles.ts';
import { finish } from '../support/drive.ts';
import { applyNewest, runUntil } from '../support/scenario.ts';
import type { SmallFleet } from '../support/small-fleet.ts';
import { smallFleet, target } from '../support/small-fleet.ts';
import {
  answers,
  begin,
  convergedWorld,
  enactNow,
  eventsSince,
  order,
  planRoutinely,
} from './operator-world.ts';

const CELL = smallFleet().cell;
const API = dnsName('api.example.test');
const WEB = dnsName('web.example.test');

/** The small fleet with the second target of each endpoint in `az2`. */
function twoZones(policy: Partial<SmallFleet['policy']> = {}, floor = 1): SmallFleet {
  const fleet = smallFleet(1, policy);
  const az = (each: FleetTarget): FleetTarget => ({ ...each, az: each.id.endsWith('2') ? 'az2' : 'az1' });
  return {
    ...fleet,
    targets: fleet.targets.map(az),
    endpoints: fleet.endpoints.map((endpoint) => ({ ...endpoint, floor })),
  };
}

const draining =
  (id: string, more: Partial<DrainRequest> = {}) =>
  (deps: OperatorDeps) =>
    drainTarget(deps, { cell: CELL, target: id, reason: 'a bad disk', apply: true, ...more });
const evacuating =
  (az: string, more: Partial<EvacuateRequest> = {}) =>
  (deps: OperatorDeps) =>
    evacuateAz(deps, { cell: CELL, az, reason: 'a power cut', apply: true, ...more });

describe('drainTarget and restoreTarget', () => {
  it('takes a target out at once, in the urgent lane, and back', async () => {
    const world = await convergedWorld(twoZones());
    const { number } = world.ledger.peek(CELL);
    expect(await order(world, 'ana', draining('api-1'))).toMatchObject({
      type: 'done',
      change: 'appended',
      lane: 'urgent',
      summary: { changed: [API], removedPermille: 500 },
      base: { generation: 1 },
    });
    expect(await eventsSince(world, number)).toEqual([
      { type: 'TargetDrained', target: 'api-1', reason: 'a bad disk' },
    ]);
    await world.plan();
    await applyNewest(world, 'enactor');
    expect(answers(world, API)).toEqual(['192.0.2.102']);
    expect(await order(world, 'bo', draining('api-1'))).toMatchObject({ change: 'already' });
    const restoring = (deps: OperatorDeps) =>
      restoreTarget(deps, { cell: CELL, target: 'api-1', apply: true });
    expect(await order(world, 'cy', restoring)).toMatchObject({ change: 'appended' });
    await world.plan();
    await enactNow(world, 'enactor-2');
    expect(answers(world, API)).toEqual(['192.0.2.1', '192.0.2.102']);
    expect(await order(world, 'di', restoring)).toEqual({
      type: 'refused',
      reason: 'The target "api-1" of cell use1-a is not drained.',
    });
  });

  it('shows what would follow without apply', async () => {
    const world = await convergedWorld(twoZones());
    const { number } = world.ledger.peek(CELL);
    const shown = await order(world, 'ana', draining('api-1', { apply: false }));
    expect(shown).toMatchObject({ change: 'shown', summary: { changed: [API] } });
    if (shown.type !== 'done') throw new Error(shown.reason);
    expect(shown.endpoints[0]?.leaves.map((leaf) => leaf.target)).toEqual(['api-2']);
    expect(world.ledger.peek(CELL).number).toBe(number);
  });

  it('refuses with the finding what breaks a floor or the window, and records it to be held when asked', async () => {
    const world = await convergedWorld(twoZones({}, 2));
    const { number } = world.ledger.peek(CELL);
    expect(await order(world, 'ana', draining('api-1'))).toEqual({
      type: 'refused',
      reason: expect.stringContaining('1 serving targets, fewer than its floor of 2'),
    });
    expect(world.ledger.peek(CELL).number).toBe(number);
    expect(await order(world, 'bo', draining('api-1', { hold: true }))).toMatchObject({ change: 'appended' });
    expect(await planRoutinely(world)).toMatchObject({
      type: 'unchanged',
      keptBack: [{ name: API, findings: [{ code: 'under-floor', severity: 'held' }] }],
    });
    const windowed = await convergedWorld(twoZones({ capacityRemovedPercent: 40 }));
    expect(await order(windowed, 'ana', draining('api-1'))).toEqual({
      type: 'refused',
      reason: expect.stringContaining('more than 40 %'),
    });
  });

  it('judges an endpoint of its own as the planner does, although another cell declares it', async () => {
    const world = await convergedWorld(twoZones());
    const { ledger, time, scope } = world;
    const elsewhere = { ...twoZones(), cell: cellName('use1-b'), zoneId: scope.zoneId };
    await declareFleet(ledger, elsewhere, time, 'operator');
    expect(await order(world, 'ana', evacuating('az1'))).toMatchObject({
      change: 'appended',
      summary: { changed: [API, WEB] },
      keptBack: [],
    });
  });

  it('never empties an endpoint, asked for or not', async () => {
    const world = await convergedWorld(twoZones());
    await order(world, 'ana', draining('api-1'));
    expect(await order(world, 'bo', draining('api-2', { hold: true }))).toEqual({
      type: 'refused',
      reason: expect.stringContaining('api.example.test would have no answer'),
    });
  });

  it('judges what stands when it is appended, not what stood when it began', async () => {
    const world = await convergedWorld(twoZones());
    await begin(world, 'ana', draining('api-1'));
    await runUntil(world, 'ana', 'ledger.append', /TargetDrained/);
    await order(world, 'bo', draining('api-2'));
    expect(await finish(world, 'ana')).toMatchObject({ type: 'refused' });
    expect(world.ledger.peek(CELL).state.drained).toEqual(['api-2']);
  });

  it('refuses a target that the fleet does not have', async () => {
    const world = await convergedWorld(twoZones());
    for (const id of ['api-9', 'constructor'])
      expect(await order(world, `ana-${id}`, draining(id))).toMatchObject({ type: 'refused' });
  });
});

describe('evacuateAz and restoreAz', () => {
  it('empties a zone, also of targets that appear in it later', async () => {
    const world = await convergedWorld(twoZones());
    expect(await order(world, 'ana', evacuating('az1'))).toMatchObject({
      change: 'appended',
      lane: 'urgent',
      summary: { changed: [API, WEB] },
    });
    await world.plan();
    await applyNewest(world, 'enactor');
    expect([...answers(world, API), ...answers(world, WEB)]).toEqual(['192.0.2.102', '192.0.2.202']);
    const fleet = twoZones();
    const [api, ...others] = fleet.endpoints;
    if (api === undefined) throw new Error('the fleet has no endpoints');
    await world.declare({
      ...fleet,
      targets: [...fleet.targets, target('api-3', 103), target('api-4', 104, { az: 'az2' })],
      endpoints: [{ ...api, targets: [...api.targets, 'api-3', 'api-4'] }, ...others],
    });
    await world.plan();
    await applyNewest(world, 'enactor-2');
    expect(answers(world, API)).toEqual(['192.0.2.102', '192.0.2.104']);
    const restoring = (deps: OperatorDeps) => restoreAz(deps, { cell: CELL, az: 'az1', apply: true });
    expect(await order(world, 'bo', restoring)).toMatchObject({ change: 'appended' });
    await world.plan();
    await enactNow(world, 'enactor-3');
    expect(answers(world, API)).toHaveLength(4);
    expect(await order(world, 'cy', restoring)).toMatchObject({ type: 'refused' });
  });

  it('refuses a zone where the cell has nothing, and names those where it has', async () => {
    const world = await convergedWorld(twoZones());
    expect(await order(world, 'ana', evacuating('az7'))).toEqual({
      type: 'refused',
      reason: expect.stringContaining('it has them in az1, az2'),
    });
  });

  it('acts on the endpoints that can spare it, and names the others with the reason', async () => {
    const fleet = twoZones();
    const alone = (each: FleetTarget): FleetTarget => (each.id === 'web-2' ? { ...each, az: 'az1' } : each);
    const world = await convergedWorld({ ...fleet, targets: fleet.targets.map(alone) });
    expect(await order(world, 'ana', evacuating('az1'))).toMatchObject({
      type: 'done',
      change: 'appended',
      lane: 'urgent',
      summary: { changed: [API] },
      keptBack: [{ name: WEB, findings: [{ code: 'no-answer', severity: 'fatal' }] }],
    });
    await world.plan();
    await applyNewest(world, 'enactor');
    expect(answers(world, API)).toEqual(['192.0.2.102']);
    expect(answers(world, WEB)).toEqual(['192.0.2.201', '192.0.2.202']);
  });

  it('is not stopped by an endpoint that it is not about', async () => {
    const world = await convergedWorld(twoZones());
    await order(world, 'ana', (deps) =>
      observeTarget(deps, { cell: CELL, target: 'web-1', health: 'unhealthy' }),
    );
    await order(world, 'bo', (deps) =>
      observeTarget(deps, { cell: CELL, target: 'web-2', health: 'unhealthy' }),
    );
    expect(await order(world, 'cy', draining('api-1'))).toMatchObject({
      change: 'appended',
      summary: { changed: [API] },
      keptBack: [],
    });
  });

  it('counts no order as carried out that would only take an earlier one back', async () => {
    const world = await convergedWorld(twoZones());
    await order(world, 'ana', draining('api-1'));
    // The planner has not looked yet: with both drained the endpoint would answer as before the first order.
    expect(await order(world, 'bo', draining('api-2'))).toEqual({
      type: 'refused',
      reason: 'api.example.test would have no answer: not one of its targets serves.',
    });
  });

  it('refuses to empty both', async () => {
    const world = await convergedWorld(twoZones());
    await order(world, 'ana', evacuating('az1'));
    expect(await order(world, 'bo', evacuating('az2', { hold: true }))).toMatchObject({ type: 'refused' });
  });
});

describe('observeTarget', () => {
  const observing = (more: { health?: 'healthy' | 'unhealthy'; capacity?: number }, id = 'api-1') => {
    return (deps: OperatorDeps) => observeTarget(deps, { cell: CELL, target: id, ...more });
  };

  it('records one target\u2019s observation beside the others', async () => {
    const world = await convergedWorld();
    const { number } = world.ledger.peek(CELL);
    expect(await order(world, 'ana', observing({ health: 'unhealthy' }))).toEqual({
      type: 'done',
      before: { health: 'healthy', capacity: 100 },
      after: { health: 'unhealthy', capacity: 100 },
      changed: true,
    });
    expect(await order(world, 'bo', observing({ capacity: 40 }))).toMatchObject({
      after: { health: 'unhealthy', capacity: 40 },
    });
    expect(await order(world, 'cy', observing({ capacity: 40 }))).toMatchObject({ changed: false });
    expect(await eventsSince(world, number)).toMatchObject([
      { type: 'TargetsObserved', changed: 1, healthy: 3 },
      { type: 'TargetsObserved', changed: 1, healthy: 3 },
    ]);
    const { observations } = world.ledger.peek(CELL).state;
    expect(JSON.parse(await world.ledger.getBody(CELL, observations?.digest ?? ''))).toEqual({
      'api-1': { health: 'unhealthy', capacity: 40 },
      'api-2': { health: 'healthy', capacity: 100 },
      'web-1': { health: 'healthy', capacity: 100 },
      'web-2': { health: 'healthy', capacity: 100 },
    });
  });

  it('counts returns as a source\u2019s do, and forgets them for a person who says it again', async () => {
    const world = await convergedWorld();
    const seen = async () => {
      const { observations } = world.ledger.peek(CELL).state;
      const all = JSON.parse(await world.ledger.getBody(CELL, observations?.digest ?? '')) as Observations;
      return all['api-1'];
    };
    for (let time = 1; time <= 3; time += 1)
      for (const health of ['unhealthy', 'healthy'] as const)
        await order(world, `${health}-${time}`, observing({ health }));
    expect((await seen())?.returns).toHaveLength(3);
    expect(await order(world, 'ana', observing({ health: 'healthy' }))).toMatchObject({ changed: true });
    expect(await seen()).toEqual({ health: 'healthy', capacity: 100 });
    expect(await order(world, 'bo', observing({ health: 'healthy' }))).toMatchObject({ changed: false });
  });

  it('loses nothing when two observe at once', async () => {
    const world = await convergedWorld();
    await begin(world, 'ana', observing({ capacity: 40 }));
    await runUntil(world, 'ana', 'ledger.append', /TargetsObserved/);
    await order(world, 'bo', observing({ capacity: 70 }, 'api-2'));
    expect(await finish(world, 'ana')).toMatchObject({ changed: true });
    const { observations } = world.ledger.peek(CELL).state;
    expect(JSON.parse(await world.ledger.getBody(CELL, observations?.digest ?? ''))).toMatchObject({
      'api-1': { capacity: 40 },
      'api-2': { capacity: 70 },
    });
  });

  it('refuses an unknown target, a capacity that is none, and nothing at all', async () => {
    const world = await convergedWorld();
    expect(await order(world, 'ana', observing({ capacity: 1 }, 'api-9'))).toMatchObject({ type: 'refused' });
    expect(await order(world, 'bo', (deps) => observing({ capacity: 1.5 })(deps))).toMatchObject({
      type: 'refused',
    });
  });
});
