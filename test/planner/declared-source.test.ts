import { describe, expect, it } from 'vitest';
import { observeTarget } from '../../lib/operator/observe-target.ts';
import { simulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { seededRandomness } from '../support/seeded-randomness.ts';
import { smallFleet } from '../support/small-fleet.ts';

describe('a source that repeats the fleet file', () => {
  it('lets what an operator observed stand until the fleet is pushed again', async () => {
    const world = await simulatedWorld({ fleet: smallFleet(1) });
    await world.plan();
    const deps = {
      ledger: world.ledger,
      clock: world.time,
      randomness: seededRandomness(),
      telemetry: silentTelemetry,
      name: 'operator-ana',
    };
    const outcome = await observeTarget(deps, {
      cell: world.scope.cell,
      target: 'api-1',
      health: 'unhealthy',
    });
    expect(outcome).toMatchObject({ type: 'done', changed: true });
    expect(await world.plan()).toBe(2);
    await expect(world.plan()).rejects.toThrow(/unchanged/);
    await world.declare(smallFleet(1, { retainMinutes: 7 }));
    expect(await world.plan()).toBe(3);
  });
});

describe('a target that is observed at its load balancer', () => {
  it('is not observed by hand, because the next look would replace it', async () => {
    const arn = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/api-1/0123456789abcdef';
    const observedBy = { source: 'elbv2', reference: { kind: 'target-group', arn } };
    const fleet = smallFleet(1);
    const targets = fleet.targets.map((each) => (each.id === 'api-1' ? { ...each, observedBy } : each));
    const world = await simulatedWorld({ fleet: { ...fleet, targets } });
    const deps = {
      ledger: world.ledger,
      clock: world.time,
      randomness: seededRandomness(),
      telemetry: silentTelemetry,
      name: 'operator-ana',
    };
    const { cell } = world.scope;
    const before = await world.ledger.head(cell);
    const refusal = await observeTarget(deps, { cell, target: 'api-1', health: 'unhealthy' });
    expect(refusal).toMatchObject({
      type: 'refused',
      reason: expect.stringContaining('pawl target drain api-1'),
    });
    expect(await world.ledger.head(cell)).toEqual(before);
    expect(await observeTarget(deps, { cell, target: 'api-2', health: 'unhealthy' })).toMatchObject({
      type: 'done',
    });
  });
});
