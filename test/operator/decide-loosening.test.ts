import { describe, expect, it } from 'vitest';
import { staticSource } from '../../lib/fleet/sources/static-source.ts';
import { waitingLoosening } from '../../lib/ledger/decider/loosening.ts';
import { decideLoosening } from '../../lib/operator/decide-loosening.ts';
import { foreseePush } from '../../lib/operator/foresee-push.ts';
import type { KeptBackDecision } from '../../lib/operator/kept-back.ts';
import { observeTarget } from '../../lib/operator/observe-target.ts';
import { pushFleet } from '../../lib/operator/push-fleet.ts';
import type { CellPolicy } from '../../lib/plan/fleet-model.ts';
import { DEFAULT_POLICY } from '../../lib/plan/fleet-model.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import type { SmallFleet } from '../support/small-fleet.ts';
import { smallFleet, target } from '../support/small-fleet.ts';
import { convergedWorld, eventsSince, order, planRoutinely } from './operator-world.ts';

const CELL = smallFleet().cell;
const API = dnsName('api.example.test');
const LOOSE = { capacityRemovedPercent: 100, endpointsChangedPercent: 100, blindPercent: 100 };

/** One endpoint of the first so many of nine targets. */
function nine(serving: number, policy: Partial<CellPolicy> = {}): SmallFleet {
  const small = smallFleet();
  const targets = Array.from({ length: serving }, (_, index) => target(`api-${index + 1}`, index + 1));
  const endpoints = small.endpoints
    .slice(0, 1)
    .map((each) => ({ ...each, targets: targets.map(({ id }) => id) }));
  return { ...small, policy: { ...DEFAULT_POLICY, coalesceS: 0, ...policy }, targets, endpoints };
}

const foreseen = (world: SimulatedWorld, fleet: SmallFleet) =>
  order(world, `foresee-${world.ledger.peek(CELL).number}`, (deps) =>
    foreseePush(deps, {
      cells: [{ ...fleet, zoneId: world.scope.zoneId }],
      source: staticSource(),
    }),
  );

const decided = (world: SimulatedWorld, decision: KeptBackDecision, digest: string) =>
  order(world, `${decision}-${world.ledger.peek(CELL).number}`, (deps) =>
    decideLoosening(deps, { cell: CELL, digest, decision, reason: 'not so much' }),
  );

const waiting = (world: SimulatedWorld) => waitingLoosening(world.ledger.peek(CELL).state);

describe('a push that loosens the policy and drops eight of nine targets', () => {
  it('is judged by the policy before, and foreseen so', async () => {
    const world = await convergedWorld(nine(9));
    const push = nine(1, LOOSE);
    expect(await foreseen(world, push)).toMatchObject([
      {
        keptBack: [{ name: API, findings: [{ code: 'capacity-removed', limitPercent: 34 }] }],
        loosening: {
          isNew: true,
          fields: expect.arrayContaining([expect.objectContaining({ inEffect: 34 })]),
        },
      },
    ]);
    await world.declare(push);
    expect(await planRoutinely(world)).toMatchObject({ type: 'unchanged', keptBack: [{ name: API }] });
    expect(await foreseen(world, nine(2, LOOSE))).toMatchObject([{ loosening: { isNew: false } }]);
  });

  it('goes once a person let the looser policy judge', async () => {
    const world = await convergedWorld(nine(9));
    await world.declare(nine(1, LOOSE));
    await planRoutinely(world);
    const digest = waiting(world)?.digest ?? '';
    expect(await decided(world, 'approve', digest)).toMatchObject({ type: 'done', changed: true });
    expect(waiting(world)).toBeNull();
    expect(await planRoutinely(world)).toMatchObject({
      type: 'appended',
      proposed: { summary: { changed: [API], removedPermille: 889 } },
    });
  });

  it('stays judged by the policy before once a person declined the looser one', async () => {
    const world = await convergedWorld(nine(9));
    await world.declare(nine(1, LOOSE));
    const digest = waiting(world)?.digest ?? '';
    expect(await decided(world, 'reject', digest)).toMatchObject({ type: 'done', changed: true });
    expect(await decided(world, 'reject', digest)).toMatchObject({ type: 'done', changed: false });
    expect(waiting(world)).toMatchObject({ rejected: { reason: 'not so much' } });
    expect(await planRoutinely(world)).toMatchObject({ keptBack: [{ name: API }] });
  });
});

describe('a push that lowers the floor of an endpoint and drops what it guards', () => {
  const NOTHING_ELSE_HOLDS = { ...LOOSE, capacityWindowS: 60 };
  const floored = (serving: number, floor: number): SmallFleet => {
    const fleet = nine(serving, NOTHING_ELSE_HOLDS);
    return { ...fleet, endpoints: fleet.endpoints.map((each) => ({ ...each, floor })) };
  };
  const push = (world: SimulatedWorld, fleet: SmallFleet) =>
    order(world, `push-${world.ledger.peek(CELL).number}`, (deps) =>
      pushFleet(deps, { cells: [{ ...fleet, zoneId: world.scope.zoneId }], apply: true }),
    );
  const underFloor = { keptBack: [{ name: API, findings: [{ code: 'under-floor', serving: 1, floor: 3 }] }] };

  it('is judged by the floor before, also in two pushes, and foreseen so', async () => {
    const world = await convergedWorld(floored(9, 3));
    expect(await foreseen(world, floored(1, 1))).toMatchObject([
      { ...underFloor, loosening: { fields: [{ field: 'floor', endpoint: API, inEffect: 3, declared: 1 }] } },
    ]);
    await push(world, floored(9, 1));
    expect(await planRoutinely(world)).toMatchObject({ type: 'unchanged', keptBack: [] });
    await push(world, floored(1, 1));
    expect(await planRoutinely(world)).toMatchObject({ type: 'unchanged', ...underFloor });
  });

  it('goes once a person let the lower floor judge', async () => {
    const world = await convergedWorld(floored(9, 3));
    await push(world, floored(1, 1));
    await planRoutinely(world);
    expect(await decided(world, 'approve', waiting(world)?.digest ?? '')).toMatchObject({ changed: true });
    expect(await planRoutinely(world)).toMatchObject({ type: 'appended' });
  });

  it('does not go by leaving the endpoint out in between', async () => {
    const world = await convergedWorld(floored(9, 3));
    const web = {
      ...floored(9, 3),
      endpoints: smallFleet().endpoints.slice(1),
      targets: smallFleet().targets,
    };
    await push(world, web);
    await planRoutinely(world);
    expect(waiting(world)).toBeNull();
    await push(world, floored(1, 1));
    expect(waiting(world)?.fields).toMatchObject([{ field: 'floor', inEffect: 3, declared: 1 }]);
    await planRoutinely(world);
    const kept = world.ledger.peek(CELL).state.keptBack.find(({ name }) => name === API);
    expect(kept?.findings).toMatchObject([{ code: 'under-floor', serving: 1, floor: 3 }]);
  });
});

describe('a policy alone', () => {
  it('that is stricter judges what comes next at once', async () => {
    const world = await convergedWorld(nine(9));
    await world.declare(nine(9, { capacityRemovedPercent: 5 }));
    await order(world, 'ana', (deps) =>
      observeTarget(deps, { cell: CELL, target: 'api-1', health: 'unhealthy' }),
    );
    expect(await planRoutinely(world)).toMatchObject({
      keptBack: [{ findings: [{ code: 'capacity-removed', limitPercent: 5 }] }],
    });
  });

  it('that is looser judges nothing that comes later either', async () => {
    const world = await convergedWorld(nine(9));
    await world.declare(nine(9, LOOSE));
    for (const id of ['api-1', 'api-2', 'api-3', 'api-4'])
      await order(world, id, (deps) => observeTarget(deps, { cell: CELL, target: id, health: 'unhealthy' }));
    expect(await planRoutinely(world)).toMatchObject({
      type: 'appended',
      proposed: {
        summary: { removedPermille: 334 },
        keptBack: [{ findings: [{ code: 'capacity-removed', limitPercent: 34 }] }],
      },
    });
  });

  it('is decided about by the digest of what was shown, and only while it waits', async () => {
    const world = await convergedWorld(nine(9));
    const nothing = { type: 'refused', reason: expect.stringMatching(/No looser policy/) };
    expect(await decided(world, 'approve', '0c9e51f2ab34')).toMatchObject(nothing);
    await world.declare(nine(9, { blindPercent: 100 }));
    const digest = waiting(world)?.digest ?? '';
    await world.declare(nine(9, LOOSE));
    const { number } = world.ledger.peek(CELL);
    expect(await decided(world, 'approve', digest)).toMatchObject({
      type: 'refused',
      reason: expect.stringContaining('pawl plan approve use1-a policy --dry-run'),
    });
    expect(await eventsSince(world, number)).toEqual([]);
  });

  it('judges at once in a cell of an older format, as before', async () => {
    const world = await convergedWorld(nine(9), { format: 3 });
    await world.declare(nine(1, LOOSE));
    expect(await planRoutinely(world)).toMatchObject({ type: 'appended' });
  });
});
