import { describe, expect, it } from 'vitest';
import { parseCellFleet, serialiseCellFleet } from '../../lib/fleet/cell-fleet-codec.ts';
import { staticSource } from '../../lib/fleet/sources/static-source.ts';
import { foreseePush } from '../../lib/operator/foresee-push.ts';
import type { OperatorDeps } from '../../lib/operator/operator.ts';
import { pushFleet } from '../../lib/operator/push-fleet.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { crowdedCell, crowdedFleet } from '../support/crowded-zone.ts';
import { seededRandomness } from '../support/seeded-randomness.ts';

const CROWD = { endpoints: 5, targets: 10, dualStack: false, recordLimit: 100 };

async function pushed(endpoints: number, targets = 10) {
  const { world } = await crowdedCell(CROWD);
  const { ledger, time, scope } = world;
  const ports = { ledger, clock: time, telemetry: silentTelemetry, randomness: seededRandomness() };
  const deps: OperatorDeps = { ...ports, name: 'operator:ana' };
  const whole = { ...crowdedFleet({ ...CROWD, endpoints, targets }, 0), zoneId: scope.zoneId };
  const cells = [parseCellFleet(serialiseCellFleet(whole))];
  return { outcome: await pushFleet(deps, { cells, apply: false }), deps, cells };
}

describe('a push into a zone of 100 records, of which 2 are not the cell’s', () => {
  it('is refused with the arithmetic where the fleet could never change again', async () => {
    // 8 endpoints hold 96 records and the fence; a change of one takes 10 more.
    expect((await pushed(8)).outcome).toEqual({
      type: 'refused',
      reason:
        'Cell use1-a could never change any more: with all its targets it holds 97 records, 10 more are needed to change its largest endpoint, and 2 records of the zone example.test are not its own, together more than the 100 that the zone may hold. Declare fewer targets, split the cell between zones, or have the limit raised.',
    });
  });

  it('is taken where one endpoint after the other can change, with a note from 80 % on', async () => {
    const { outcome, deps, cells } = await pushed(7);
    expect(outcome).toMatchObject({ type: 'done' });
    const [foreseen] = await foreseePush(deps, { cells, source: staticSource() });
    expect(foreseen?.findings).toContainEqual(
      expect.objectContaining({ code: 'zone-nearly-full', records: 87, recordLimit: 100 }),
    );
  });

  it('has no note below', async () => {
    const { deps, cells } = await pushed(6, 9);
    const [foreseen] = await foreseePush(deps, { cells, source: staticSource() });
    expect(foreseen?.findings).toEqual([]);
  });
});
