import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fleetText } from '../../lib/fleet/fleet-writing.ts';
import { resolveFleet } from '../../lib/fleet/resolve-fleet.ts';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { sampleFleet } from '../../lib/simulator/engine/sample-fleet.ts';
import { randomRoute } from '../support/branch-orders.ts';
import { seededChoice } from '../support/seeded-choice.ts';
import { smallFleet } from '../support/small-fleet.ts';
import { cellText, fleetIn } from './fleet-text.ts';

/** The fleets of a text, each in a zone with an id. */
function cellsIn(text: string): readonly CellFleet[] {
  const file = fleetIn(text);
  const resolved = resolveFleet(file, new Map(file.cells.map(({ zone }, index) => [zone, `Z${index}`])));
  if (resolved.type !== 'resolved') throw new Error(`${resolved.zones} have no id`);
  return resolved.cells;
}

function readBack(cells: readonly CellFleet[]): readonly CellFleet[] {
  return cellsIn(fleetText(cells));
}

const SCOPE = { cell: cellName('use1-a'), zone: dnsName('example.test'), zoneId: 'Z1' };
const T = (id: string, last: number, more = '') =>
  `${id}: { az: z1, capacity: 100, ipv4: 192.0.2.${last}${more} }`;
const COLLECTION = '01234567-89ab-cdef-0123-456789abcdef';

describe('the text of a fleet', () => {
  test.each(['fleet.yaml', 'leases.yaml', 'regions.yaml'])('declares what the file did: %s', (name) => {
    const cells = cellsIn(readFileSync(new URL(`../../examples/${name}`, import.meta.url), 'utf8'));
    expect(readBack(cells)).toEqual(cells);
  });

  test.each([1, 2, 'spread', 'routed', 'spread-regions', 'spread-places'] as const)(
    'declares a sample of size %s',
    (size) => {
      const fleet = sampleFleet(SCOPE, 7, size, 'check-1');
      expect(readBack([fleet])).toEqual([fleet]);
    },
  );

  test.each([
    'route: { geolocation: { EU: { targets: [t1] }, US-CA: { targets: [t2] } }, elsewhere: none }',
    'route: { geolocation: { continent-SA: { targets: [t1] }, default: { targets: [t2] } } }',
    'route: { geoproximity: { here: { region: eu-west-1, bias: 5, targets: [t1] }, there: { coordinates: [53.35, -6.26], targets: [t2] } } }',
    `route: { cidr: { collection: ${COLLECTION}, locations: { office: { targets: [t1] } } }, elsewhere: none }`,
    `route: { cidr: { collection: ${COLLECTION}, locations: { office: { targets: [t1] }, default: { targets: [t2] } } } }`,
    'route: { failover: { primary: { targets: [t1], floor: 1 }, secondary: { targets: [t2], answer: multivalue } } }',
    'targets: [t1, t2], group: az',
    'targets: [t1], standby: [t2], ttl_s: 30',
    'targets: [t1, t2], families: [A], floor: 2',
  ])('declares %s', (fields) => {
    const targets = [T('t1', 1, ", health_check_id: '12345'"), T('t2', 2, ', health: unknown')];
    const cells = cellsIn(cellText(targets, [`api.example.test: { kind: addresses, ${fields} }`]));
    expect(readBack(cells)).toEqual(cells);
  });

  test('declares load balancers, hostnames, aliases, ids that look like numbers, and an unusual policy', () => {
    const group = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/t1/0123456789abcdef';
    const balancer =
      'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/t1/0123456789abcdef';
    const targets = [
      T('"1"', 1, `, ipv6: ["2001:db8::1", "2001:db8::2"], elbv2: { target_group: "${group}" }`),
      T('"1e3"', 2, `, elbv2: { load_balancer: "${balancer}" }`),
      'cdn: { az: z1, capacity: 5, hostname: cdn.example.net }',
      'lb: { az: z1, capacity: 5, alias: { zone_id: Z2, name: lb.example.net, evaluate_target_health: false } }',
    ];
    const endpoints = [
      'api.example.test: { kind: addresses, targets: ["1", "1e3"] }',
      'www.example.test: { kind: hostname, targets: [cdn] }',
      'example.test: { kind: alias, targets: [lb], families: [A, AAAA] }',
    ];
    const policy = ['    policy: { coalesce_s: 0, retain_min: 5, blind_percent: 51 }'];
    const cells = cellsIn(cellText(targets, endpoints, policy));
    expect(readBack(cells)).toEqual(cells);
  });

  test('declares random routes', () => {
    const pick = seededChoice(11);
    const { targets, endpoints, ...cell } = { ...smallFleet(), zoneId: 'Z1' };
    for (let round = 0; round < 200; round += 1) {
      const route = randomRoute(pick, ['api-1', 'api-2']);
      const routed = endpoints.map((endpoint, index) =>
        index === 0 && route.type === 'branches' ? { ...endpoint, route } : endpoint,
      );
      const fleet = { ...cell, targets, endpoints: routed };
      expect(readBack([fleet])).toEqual([fleet]);
    }
  });
});
