import type { DnsName } from '../../../lib/plan/names.ts';
import type { ForeignRouting, RecordSet } from '../../../lib/plan/records.ts';
import type { Asker, Branch, Leaf } from './route-oracle.ts';
import { alias, at } from './zones.ts';

const REGIONS = [
  { region: 'us-east-1', point: [39.0, -77.5] },
  { region: 'eu-west-1', point: [53.3, -6.3] },
  { region: 'ap-northeast-1', point: [35.7, 139.7] },
  { region: 'sa-east-1', point: [-23.5, -46.6] },
] as const;
const PLACES = ['default', 'continent EU', 'continent NA', 'US', 'DE', 'US-CA'] as const;
/** Locations of the collection `c1`; `inner` is within `outer`. */
const LOCATIONS = [
  { location: '*', octets: [] },
  { location: 'outer', octets: ['192.0'] },
  { location: 'inner', octets: ['192.0.2'] },
  { location: 'other', octets: ['203.0.113'] },
] as const;
export const BLOCKS = { '192.0.0.0/16': 'outer', '192.0.2.0/24': 'inner', '203.0.113.0/24': 'other' };

export const ASKERS: readonly Asker[] = [
  { address: '192.0.2.1', continent: 'NA', country: 'US', subdivision: 'VA', point: [39.0, -77.5] },
  { address: '192.0.2.70', continent: 'NA', country: 'US', subdivision: 'CA', point: [34.1, -118.2] },
  { address: '192.0.2.200', continent: 'SA', country: 'BR', point: [-23.5, -46.6] },
  { address: '198.51.100.1', continent: 'EU', country: 'DE', point: [50.1, 8.7] },
  { address: '198.51.100.70', continent: 'EU', country: 'IE', point: [53.3, -6.3] },
  { address: '203.0.113.1', continent: 'AS', country: 'JP', point: [35.7, 139.7] },
  { address: '127.0.0.1' },
];

const SEVERAL = 7;

/** A tree of at most `depth` levels below its root. */
export function randomBranch(choice: (below: number) => number, depth: number): Branch {
  let leaves = 0;
  const leaf = (): Leaf => {
    leaves += 1;
    const value = `10.0.${Math.floor(leaves / 250)}.${leaves % 250}`;
    return { kind: 'leaf', value, healthy: choice(3) > 0 };
  };
  const grow = (left: number): Branch => {
    const kind = left === 0 ? choice(2) * SEVERAL : choice(8);
    const some = <T>(of: readonly T[]) => {
      const kept = of.filter(() => choice(3) > 0);
      return kept.length > 0 ? kept : of.slice(0, 1);
    };
    const to = () => grow(left - 1);
    switch (kind) {
      case 1:
        return { kind: 'weighted', of: [0, 1, 2].map(() => ({ weight: choice(3), to: to() })) };
      case 2:
        return { kind: 'failover', primary: to(), secondary: to() };
      case 3:
        return { kind: 'latency', of: some(REGIONS).map((region) => ({ ...region, to: to() })) };
      case 4:
        return {
          kind: 'proximity',
          of: some(REGIONS).map(({ point }) => ({ point, bias: choice(199) - 99, to: to() })),
        };
      case 5:
        return { kind: 'geo', of: some(PLACES).map((where) => ({ where, to: to() })) };
      case 6:
        return { kind: 'cidr', of: some(LOCATIONS).map((location) => ({ ...location, to: to() })) };
      case SEVERAL:
        return { kind: 'several', of: Array.from({ length: 1 + choice(12) }, leaf) };
      default:
        return leaf();
    }
  };
  return grow(depth);
}

/** The tree as record sets, and the health checks that fail: a set a node, and an alias with EvaluateTargetHealth to each child. */
export function recordsOf(
  root: Branch,
  name: DnsName,
): { readonly records: readonly RecordSet[]; readonly unhealthy: readonly string[] } {
  const records: RecordSet[] = [];
  const unhealthy: string[] = [];
  const write = (node: Branch, owner: DnsName): void => {
    if (node.kind === 'leaf') {
      const { value } = node;
      records.push({ name: owner, type: 'A', ttl: 60, values: [value], healthCheckId: value });
      if (!node.healthy) unhealthy.push(value);
      return;
    }
    if (node.kind === 'several') {
      for (const { value, healthy } of node.of) {
        const common = { name: owner, type: 'A', ttl: 60, values: [value], healthCheckId: value };
        records.push({ ...common, setIdentifier: value, routing: { MultiValueAnswer: true } });
        if (!healthy) unhealthy.push(value);
      }
      return;
    }
    routed(node).forEach(([routing, child], index) => {
      const below = at(`n${records.length}-${index}`);
      const { weight, ...policy } = routing;
      const fields = typeof weight === 'number' ? { weight } : { routing: policy };
      records.push(
        alias(owner, 'A', below, { evaluateTargetHealth: true, setIdentifier: `${index}`, ...fields }),
      );
      write(child, below);
    });
  };
  write(root, name);
  return { records, unhealthy };
}

function routed(
  node: Exclude<Branch, { kind: 'leaf' | 'several' }>,
): readonly (readonly [ForeignRouting, Branch])[] {
  switch (node.kind) {
    case 'weighted':
      return node.of.map(({ weight, to }) => [{ weight }, to]);
    case 'failover':
      return [
        [{ Failover: 'PRIMARY' }, node.primary],
        [{ Failover: 'SECONDARY' }, node.secondary],
      ];
    case 'latency':
      return node.of.map(({ region, to }) => [{ Region: region }, to]);
    case 'proximity':
      return node.of.map(({ point: [latitude, longitude], bias, to }) => [
        {
          GeoProximityLocation: {
            Bias: bias,
            Coordinates: { Latitude: `${latitude}`, Longitude: `${longitude}` },
          },
        },
        to,
      ]);
    case 'geo':
      return node.of.map(({ where, to }) => [{ GeoLocation: geoLocation(where) }, to]);
    case 'cidr':
      return node.of.map(({ location, to }) => [
        { CidrRoutingConfig: { CollectionId: 'c1', LocationName: location } },
        to,
      ]);
  }
}

function geoLocation(where: string): ForeignRouting {
  if (where === 'default') return { CountryCode: '*' };
  if (where.startsWith('continent ')) return { ContinentCode: where.slice('continent '.length) };
  const [country, subdivision] = where.split('-');
  return { CountryCode: country, ...(subdivision === undefined ? {} : { SubdivisionCode: subdivision }) };
}
