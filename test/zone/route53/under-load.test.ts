import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dnsName } from '../../../lib/plan/names.ts';
import { create } from '../../../lib/plan/records.ts';
import { recordsAt } from '../../../lib/zone/read-records.ts';
import { ZoneUnavailable } from '../../../lib/zone/zone.ts';
import { openInProcess } from '../../contracts/zone-adapters.ts';
import type { ZoneUnderContract } from '../../contracts/zone-contract.ts';

const name = dnsName('a.example.test');
const batch = {
  kind: 'scratch' as const,
  changes: [create({ name, type: 'TXT', ttl: 60, values: ['"x"'] })],
  comment: 'under load',
};

describe('route53Zone at a busy endpoint', () => {
  let world: ZoneUnderContract;

  beforeEach(async () => {
    world = await openInProcess();
  });
  afterEach(() => world.close());

  it('waits for the rate and then gets what it asked for', async () => {
    world.core.configure({ throttle: { perSecond: 1, burst: 1 } });
    const began = world.clock.now();
    for (let round = 0; round < 5; round += 1) await recordsAt(world.zone, name);
    expect(await world.zone.change(batch)).toMatchObject({ type: 'accepted' });
    expect(world.clock.now() - began).toBeGreaterThanOrEqual(5_000);
  });

  it('waits until the zone is done with the batch before', async () => {
    world.core.configure({ busyMs: 8_000 });
    const second = {
      ...batch,
      changes: [create({ name: dnsName('b.example.test'), type: 'TXT', ttl: 60, values: ['"x"'] })],
    };
    const began = world.clock.now();
    expect(await world.zone.change(batch)).toMatchObject({ type: 'accepted' });
    expect(await world.zone.change(second)).toMatchObject({ type: 'accepted' });
    expect(world.clock.now() - began).toBeGreaterThanOrEqual(8_000);
  });

  it('gives up at the deadline, and nothing has landed', async () => {
    world.core.configure({ busyMs: 3_600_000 });
    await world.zone.change(batch);
    const second = {
      ...batch,
      changes: [create({ name: dnsName('b.example.test'), type: 'TXT', ttl: 60, values: ['"x"'] })],
    };
    await expect(world.zone.change(second)).rejects.toThrow(ZoneUnavailable);
    expect((await recordsAt(world.zone, dnsName('b.example.test'))).records).toEqual([]);
  });
});
