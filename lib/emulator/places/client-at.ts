import { CONTINENTS, COUNTRIES } from '../../plan/geo-codes.ts';
import { addressText, bitsOf } from './ip-block.ts';
import type { PlaceTable } from './places.ts';
import { distanceKm, placeOf } from './places.ts';

type Subnet = PlaceTable['subnets'][number];

/**
 * The address of a client that is at a place, by the table: at a Region (`eu-west-1`; whoever is nearest to it, among those
 * to whom no Region is nearer), in a country (`DE`), in a subdivision of one (`US-CA`), or in a continent (`EU`). Of several
 * the first in the table. `SA`, the code of a continent and of a country, is the country; `continent-SA` and `country-SA`
 * say which one.
 *
 * @returns undefined when the table has nobody there.
 */
export function clientAt(table: PlaceTable, place: string): string | undefined {
  for (const subnet of subnetsAt(table, place)) {
    const address = addressWithin(table, subnet);
    if (address !== undefined) return address;
  }
  return undefined;
}

function subnetsAt(table: PlaceTable, place: string): readonly Subnet[] {
  if (table.regions.has(place)) return besideRegion(table, place);
  const [, kind, code = place] = /^(continent|country)-(.+)$/.exec(place) ?? [];
  const isContinent =
    kind === undefined ? CONTINENTS.has(code) && !COUNTRIES.has(code) : kind === 'continent';
  if (isContinent) return table.subnets.filter((subnet) => subnet.place.continent === code);
  const [country, subdivision] = code.split('-');
  return table.subnets.filter(
    (subnet) =>
      subnet.place.country === country &&
      (subdivision === undefined || subnet.place.subdivision === subdivision),
  );
}

function besideRegion({ regions, subnets }: PlaceTable, region: string): readonly Subnet[] {
  return subnets
    .map((subnet) => ({ subnet, away: awayFrom(subnet, regions.get(region)) }))
    .filter(({ subnet, away }) =>
      [...regions.values()].every((other) => awayFrom(subnet, other) >= away && Number.isFinite(away)),
    )
    .sort((a, b) => a.away - b.away)
    .map(({ subnet }) => subnet);
}

function awayFrom({ place }: Subnet, to: Parameters<typeof distanceKm>[1] | undefined): number {
  if (place.coordinates === undefined || to === undefined) return Number.POSITIVE_INFINITY;
  return distanceKm(place.coordinates, to);
}

/** An address of the network that is in no smaller network of another place: the second, else the last but one. */
function addressWithin(table: PlaceTable, { block, place }: Subnet): string | undefined {
  const { family, number, prefix } = block;
  const bits = bitsOf(family);
  const last = (1n << BigInt(bits - prefix)) - 1n;
  const offsets = last < 3n ? [0n] : [1n, last - 1n];
  const found = offsets
    .map((offset) => ({ family, number: number + offset, prefix: bits }))
    .find((address) => placeOf(table, address) === place);
  return found === undefined ? undefined : addressText(found);
}
