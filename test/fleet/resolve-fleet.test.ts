import { expect, test } from 'vitest';
import { resolveFleet } from '../../lib/fleet/resolve-fleet.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { API, cellText, fleetIn, T1 } from './fleet-text.ts';

const other = (name: string, more: readonly string[] = []) => [
  `  ${name}:`,
  `    zone: ${name}.test`,
  '    targets: {}',
  '    endpoints: {}',
  ...more,
];

test('every cell gets the id of its zone, the file first', () => {
  const fleet = fleetIn(cellText([T1], [API], other('eu', ['    zone_id: ZFILE'])));
  const ids = new Map([
    [dnsName('example.test'), 'ZONE'],
    [dnsName('eu.test'), 'ZOTHER'],
  ]);
  const resolved = resolveFleet(fleet, ids);
  expect(resolved).toMatchObject({
    type: 'resolved',
    cells: [
      { cell: 'eu', zoneId: 'ZFILE' },
      { cell: 'use1-a', zoneId: 'ZONE' },
    ],
  });
});

test('zones that do not exist are named, each once', () => {
  const again = ['  use1-b:', '    zone: example.test', '    targets: {}', '    endpoints: {}'];
  const fleet = fleetIn(
    cellText([T1], [API], [...again, ...other('eu'), ...other('ap', ['    zone_id: Z1'])]),
  );
  expect(resolveFleet(fleet, new Map())).toEqual({
    type: 'missing-zones',
    zones: ['eu.test', 'example.test'],
  });
});
