import { describe, expect, it } from 'vitest';
import { staticSource } from '../../lib/fleet/sources/static-source.ts';
import { foreseeFirst, foreseePush } from '../../lib/operator/foresee-push.ts';
import { observeTarget } from '../../lib/operator/observe-target.ts';
import type { OperatorDeps } from '../../lib/operator/operator.ts';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
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
