import { describe, expect, it } from 'vitest';
import { emulatedZone } from '../../lib/emulator/emulated-zone.ts';
import { InvariantViolated } from '../../lib/plan/invariant.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { simulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { readOnlyZone } from '../../lib/zone/read-only-zone.ts';
import { smallFleet } from '../support/small-fleet.ts';

describe('a read-only zone', () => {
  it('reads as the zone does, and refuses every batch before anything is sent', async () => {
    const world = await simulatedWorld({ fleet: smallFleet() });
    const zone = emulatedZone(world.route53, world.scope.zoneId);
    const readOnly = readOnlyZone(zone);
    const before = world.records();
    const start = { name: dnsName('example.test') };
    expect(readOnly.id).toBe(zone.id);
    expect(await readOnly.listRecords(start, 10)).toEqual(await zone.listRecords(start, 10));
    expect(await readOnly.describe()).toEqual(await zone.describe());
    expect(await readOnly.changeStatus('C0')).toBe('unknown');
    const record = { name: dnsName('a.example.test'), type: 'A', ttl: 5, values: ['192.0.2.1'] };
    const batch = { kind: 'scratch', changes: [{ action: 'CREATE', record }], comment: '' } as const;
    await expect(readOnly.change(batch)).rejects.toThrow(InvariantViolated);
    expect(world.records()).toEqual(before);
  });
});
