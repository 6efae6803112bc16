import { expect, test } from 'vitest';
import { resolveFleet } from '../../../lib/fleet/resolve-fleet.ts';
import { staticSource } from '../../../lib/fleet/sources/static-source.ts';
import { dnsName } from '../../../lib/plan/names.ts';
import { API, cellText, fleetIn, T1 } from '../fleet-text.ts';

test('says of every target what the file says', async () => {
  const text = cellText([T1, 't2: { az: z1, capacity: 7, health: unhealthy, ipv4: 192.0.2.2 }'], [API]);
  const resolved = resolveFleet(fleetIn(text), new Map([[dnsName('example.test'), 'Z1']]));
  const [cell] = resolved.type === 'resolved' ? resolved.cells : [];
  if (cell === undefined) throw new Error('the fleet has no cell');
  expect(await staticSource().observe(cell, {})).toEqual({
    type: 'observed',
    observations: { t1: { health: 'healthy', capacity: 100 }, t2: { health: 'unhealthy', capacity: 7 } },
  });
});
