import { describe, expect, it } from 'vitest';
import { staticSource } from '../../lib/fleet/sources/static-source.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { foreseeFirst, foreseePush } from '../../lib/operator/foresee-push.ts';
import { observeTarget } from '../../lib/operator/observe-target.ts';
import type { OperatorDeps } from '../../lib/operator/operator.ts';
import { pushFleet } from '../../lib/operator/push-fleet.ts';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { planCell } from '../../lib/planner/plan-cell.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { latency, to } from '../plan/given-routes.ts';
import { seededRandomness, virtualClock } from '../runtime/virtual-clock.ts';
import type { SmallFleet } from '../support/small-fleet.ts';
import { smallFleet } from '../support/small-fleet.ts';
import { convergedWorld, order, planRoutinely } from './operator-world.ts';

const API = dnsName('api.example.test');
const WEB = dnsName('web.example.test');

async function foresee(world: SimulatedWorld, fleet: SmallFleet) {
  const whole: CellFleet = { ...fleet, zoneId: world.scope.zoneId };
  const body = (deps: OperatorDeps) => foreseePush(deps, { cells: [whole], source: staticSource() });
  const [foreseen] = await order(world, `foresee-${world.ledger.peek(fleet.cell).number}`, body);
  if (foreseen === undefined) throw new Error('nothing was foreseen');
  return foreseen;
}

/** Every target of the second endpoint is declared to be unhealthy. */
function webIsDead(fleet: SmallFleet): SmallFleet {
  const health = 'unhealthy' as const;
  return {
    ...fleet,
    targets: fleet.targets.map((each) => (each.id.startsWith('web') ? { ...each, health } : each)),
  };
}

describe('foreseePush', () => {
  it('says what the planner then does: what changes, what is kept back, and why', async () => {
    const world = await convergedWorld();
    const { number } = world.ledger.peek(smallFleet().cell);
    const fleet = webIsDead(smallFleet(2));
    const foreseen = await foresee(world, fleet);
    expect(foreseen).toMatchObject({
      summary: { changed: [API] },
      keptBack: [{ name: WEB, isNew: true, findings: [{ code: 'no-answer', severity: 'fatal' }] }],
      base: { generation: 1 },
    });
    expect(world.ledger.peek(smallFleet().cell).number).toBe(number);
    await world.declare(fleet);
    const planned = await planRoutinely(world);
    if (planned.type !== 'appended') throw new Error(planned.type);
    expect(planned.proposed.summary).toEqual(foreseen.summary);
    expect(planned.proposed.keptBack).toEqual(foreseen.keptBack.map(({ isNew: _, ...each }) => each));
  });

  it('judges by the policy of the pushed fleet', async () => {
    const world = await convergedWorld();
    expect(await foresee(world, smallFleet(2, { endpointsChangedPercent: 1 }))).toMatchObject({
      summary: { changed: [] },
      keptBack: [{ name: API, findings: [{ code: 'declared-share' }] }],
    });
  });

  it('tells what is kept back already from what the fleet would keep back', async () => {
    const world = await convergedWorld();
    for (const target of ['web-1', 'web-2'])
      await order(world, `ana-${target}`, (deps) =>
        observeTarget(deps, { cell: smallFleet().cell, target, health: 'unhealthy' }),
      );
    await planRoutinely(world);
    const { keptBack } = await foresee(world, webIsDead(smallFleet(2)));
    expect(keptBack).toMatchObject([{ name: WEB, isNew: false }]);
  });
});

describe('foreseePush of a new cell', () => {
  const [api, ...others] = smallFleet().endpoints;
  if (api === undefined) throw new Error('the fleet has no endpoints');
  const route = latency({ 'eu-west-1': to('api-1'), 'us-east-1': to('api-2') });
  const routed: CellFleet = { ...smallFleet(), zoneId: 'Z1', endpoints: [{ ...api, route }, ...others] };
  const deps = (): OperatorDeps => ({
    ledger: memoryLedger('5be1c07a'),
    clock: virtualClock(),
    telemetry: silentTelemetry,
    randomness: seededRandomness(),
    name: 'ana',
  });

  it('knows that the push begins it in a format whose plans have branches', async () => {
    const world = deps();
    const push = { cells: [routed], source: staticSource(), functionsRead: 5 };
    const foreseen = await foreseePush(world, push);
    expect(foreseen).toMatchObject([{ summary: { added: [API, WEB] }, findings: [], keptBack: [] }]);
    expect(await pushFleet(world, { ...push, apply: true })).toMatchObject({ type: 'done' });
    const planned = await planCell(
      { ...world, source: staticSource(), name: 'planner' },
      { cell: routed.cell, append: true },
    );
    if (planned.type !== 'appended') throw new Error(planned.type);
    expect(planned.proposed.summary).toEqual(foreseen[0]?.summary);
    expect(planned.proposed.plan.endpoints).toMatchObject(foreseen[0]?.endpoints ?? []);
  });
});

describe('foreseeFirst', () => {
  const whole = (fleet: SmallFleet): CellFleet => ({ ...fleet, zoneId: '' });

  it('finds in a file alone what a first plan would not add', () => {
    expect(foreseeFirst(whole(webIsDead(smallFleet())), 0)).toMatchObject({
      summary: { added: [API] },
      keptBack: [{ name: WEB, isNew: true, findings: [{ code: 'no-answer' }] }],
    });
  });

  it('finds nothing in a fleet that is as it should be', () => {
    expect(foreseeFirst(whole(smallFleet()), 0)).toMatchObject({
      summary: { added: [API, WEB] },
      keptBack: [],
    });
  });
});
