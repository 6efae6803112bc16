import type { RecordSet } from '../../plan/records.ts';
import type { IpBlock } from '../places/ip-block.ts';
import { holds } from '../places/ip-block.ts';
import type { ClientPlace, Coordinates, PlaceTable } from '../places/places.ts';
import { distanceKm } from '../places/places.ts';
import type { CidrBlock } from './answer-source.ts';
import type { Client } from './client.ts';

/** A routing field's own fields, as the SDK names them; empty for a field that is not there. */
type Fields = Readonly<Record<string, unknown>>;

/**
 * The record sets for the client's place, the smallest place first: subdivision, country, continent, default (Developer
 * Guide, "Geolocation routing"). A client that is nowhere has the default alone.
 */
export function byPlace(sets: readonly RecordSet[], client: Client): readonly RecordSet[] {
  const place = client.place();
  return sets
    .map((set) => ({ set, size: sizeFor(fields(set, 'GeoLocation'), place) }))
    .filter(({ size }) => size !== undefined)
    .sort((a, b) => (a.size ?? 0) - (b.size ?? 0))
    .map(({ set }) => set);
}

/** How large the record's place is, 0 to 3; undefined when the client is not in it. */
function sizeFor(of: Fields, { continent, country, subdivision }: ClientPlace): number | undefined {
  const { ContinentCode, CountryCode, SubdivisionCode } = of;
  if (CountryCode === '*') return 3;
  if (ContinentCode !== undefined) return ContinentCode === continent ? 2 : undefined;
  if (CountryCode === undefined || CountryCode !== country) return undefined;
  if (SubdivisionCode === undefined) return 1;
  return SubdivisionCode === subdivision ? 0 : undefined;
}

/**
 * The record sets whose location in the CIDR collection holds the client, the longest prefix first, and then the default
 * location `*` (Developer Guide, "IP-based routing").
 */
export function byNetwork(
  sets: readonly RecordSet[],
  client: Client,
  blocksOf: (collectionId: string) => readonly CidrBlock[],
): readonly RecordSet[] {
  const network = client.network();
  return sets
    .map((set) => ({ set, prefix: prefixFor(fields(set, 'CidrRoutingConfig'), network, blocksOf) }))
    .filter(({ prefix }) => prefix !== undefined)
    .sort((a, b) => (b.prefix ?? 0) - (a.prefix ?? 0))
    .map(({ set }) => set);
}

const DEFAULT_PREFIX = -1;

function prefixFor(
  { CollectionId, LocationName }: Fields,
  network: IpBlock | undefined,
  blocksOf: (collectionId: string) => readonly CidrBlock[],
): number | undefined {
  if (LocationName === '*') return DEFAULT_PREFIX;
  if (network === undefined) return undefined;
  const prefixes = blocksOf(String(CollectionId))
    .filter(({ location, block }) => location === LocationName && holds(block, network))
    .map(({ block }) => block.prefix);
  return prefixes.length === 0 ? undefined : Math.max(...prefixes);
}

/**
 * The nearest record sets by Region (latency, for which distance stands here) or by place with its bias (geoproximity).
 * All of them when nobody knows where the client is. A record whose own place is not in the table is farther than any.
 */
export function byDistance(
  sets: readonly RecordSet[],
  client: Client,
  places: PlaceTable,
): readonly RecordSet[] {
  const from = client.place().coordinates;
  if (from === undefined) return sets;
  const distances = sets.map((set) => biasedDistanceKm(set, from, places));
  const nearest = Math.min(...distances);
  return sets.filter((_, index) => distances[index] === nearest);
}

/**
 * Distance × (1 − bias / 100), for positive and for negative bias (Developer Guide, "Geoproximity routing", "How Amazon
 * Route 53 uses bias to route traffic"; older editions divide by 1 + bias / 100 when the bias is negative).
 */
function biasedDistanceKm(set: RecordSet, from: Coordinates, { regions }: PlaceTable): number {
  const { AWSRegion, LocalZoneGroup, Coordinates: point, Bias } = fields(set, 'GeoProximityLocation');
  const region = set.routing?.['Region'] ?? AWSRegion ?? LocalZoneGroup;
  const to = region === undefined ? coordinatesOf(point) : regions.get(String(region));
  if (to === undefined) return Number.POSITIVE_INFINITY;
  return distanceKm(from, to) * (1 - Number(Bias ?? 0) / 100);
}

function coordinatesOf(point: unknown): Coordinates | undefined {
  if (typeof point !== 'object' || point === null) return undefined;
  const { Latitude, Longitude } = point as Fields;
  return { latitude: Number(Latitude), longitude: Number(Longitude) };
}

function fields(set: RecordSet, policy: string): Fields {
  const value = set.routing?.[policy];
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
