import { describe, expect, it } from 'vitest';
import { observeTarget } from '../../lib/operator/observe-target.ts';
import { countedRandomness } from '../../lib/simulator/virtual-time.ts';
import { simulatedWorld } from '../../lib/simulator/world.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { smallFleet } from '../support/small-fleet.ts';

describe('a source that repeats the fleet file', () => {
  it('lets what an operator observed stand until the fleet is pushed again', async () => {
    const world = await simulatedWorld({ fleet: smallFleet(1) });
    await world.plan();
    const deps = {
      ledger: world.ledger,
      clock: world.time,
      randomness: countedRandomness(),
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
