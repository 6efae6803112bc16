import type { HostedZone } from '@aws-sdk/client-route-53';
import { ListHostedZonesByNameCommand, Route53Client } from '@aws-sdk/client-route-53';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { dnsName } from '../../lib/plan/names.ts';
import { rateBudget } from '../../lib/runtime/rate-budget.ts';
import { parseDeployedCells } from '../../lib/wiring/deployed-cells.ts';
import { zoneIds } from '../../lib/wiring/zone-ids.ts';
import { virtualClock } from '../runtime/virtual-clock.ts';
import { seededRandomness } from '../support/seeded-randomness.ts';

const NAME = dnsName('example.test');
const route53 = mockClient(Route53Client);

beforeEach(() => route53.reset());
afterAll(() => route53.restore());

function listed(...zones: readonly (readonly [id: string, kind: 'public' | 'private'])[]): void {
  const HostedZones = zones.map(
    ([id, kind]): HostedZone => ({
      Id: `/hostedzone/${id}`,
      Name: 'example.test.',
      CallerReference: id,
      Config: { PrivateZone: kind === 'private' },
    }),
  );
  route53.on(ListHostedZonesByNameCommand).resolves({ HostedZones, IsTruncated: false, MaxItems: 100 });
}

async function idOf(cells = '{}'): Promise<string | undefined> {
  const clock = virtualClock();
  const budget = rateBudget(
    { clock, randomness: seededRandomness() },
    { requestsPerSecond: 5, burst: 5, reserve: 0 },
  );
  const caller = {
    clock,
    budget,
    urgency: 'routine' as const,
    randomness: seededRandomness(),
    deadlineMs: 1_000,
  };
  const client = new Route53Client({ region: 'us-east-1' });
  return (await zoneIds(client, [NAME], { ...caller, cells: parseDeployedCells(cells) })).get(NAME);
}

describe('the zone of a name', () => {
  it('is the public one, beside private ones of the same name', async () => {
    listed(['ZPRIVATE1', 'private'], ['ZPUBLIC', 'public'], ['ZPRIVATE2', 'private']);
    expect(await idOf()).toBe('ZPUBLIC');
  });

  it('is the private one where no public one has the name', async () => {
    listed(['ZPRIVATE', 'private']);
    expect(await idOf()).toBe('ZPRIVATE');
  });

  it.each([
    ['public', 'public'],
    ['private', 'private'],
  ] as const)('is chosen by a person between several %s ones', async (one, other) => {
    listed(['ZONE', one], ['ZTWO', other]);
    await expect(idOf()).rejects.toThrow(new RegExp(`^2 ${one} hosted zones .*ZONE, ZTWO.*zone_id`));
  });

  it('is the one that the stack names, which may be another account’s', async () => {
    listed(['ZPUBLIC', 'public']);
    const cells = { 'use1-a': { zone: 'example.test', zoneId: 'ZTHEIRS' } };
    expect(await idOf(JSON.stringify(cells))).toBe('ZTHEIRS');
    expect(route53.calls()).toHaveLength(0);
  });
});
