import { AWS_REGIONS } from './aws-regions.ts';
import { canonicalJson } from './canonical.ts';
import { CONTINENTS, COUNTRIES, US_STATES } from './geo-codes.ts';
import type { BranchRouting, GeoLocationFields } from './routing.ts';

const PLACE = /^(?:(continent|country)-)?([A-Z]{2})(?:-([A-Z]{2}))?$/;
const POINT = /^(-?\d{1,2}(?:\.\d{1,2})?), ?(-?\d{1,3}(?:\.\d{1,2})?)$/;
const LATITUDE_MAX = 90;
const LONGITUDE_MAX = 180;
/** A location of a CIDR collection, as a fleet file has both; a location of another collection may have the same name. */
const NETWORKS = /^cidr [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\/[0-9A-Za-z_-]{1,16}$/;

/**
 * What a branch's place is called: `eu-west-1`, `EU`, `DE`, `US-CA`, `continent-SA`, `53.35,-6.26`, or
 * `cidr 01234567-89ab-cdef-0123-456789abcdef/office`.
 *
 * @returns undefined for a branch that is for no place: a weight, a half of a failover, and a default.
 */
export function branchPlace(routing: BranchRouting): string | undefined {
  if ('Region' in routing) return routing.Region;
  if ('GeoLocation' in routing) return isDefault(routing) ? undefined : geoPlace(routing.GeoLocation);
  if ('CidrRoutingConfig' in routing) {
    const { CollectionId, LocationName } = routing.CidrRoutingConfig;
    return isDefault(routing) ? undefined : `cidr ${CollectionId}/${LocationName}`;
  }
  if (!('GeoProximityLocation' in routing)) return undefined;
  const point = routing.GeoProximityLocation;
  if ('AWSRegion' in point) return point.AWSRegion;
  return pointText(Number(point.Coordinates.Latitude), Number(point.Coordinates.Longitude));
}

/**
 * What no two records of a set have alike: a Region, a place, a point whatever its bias, a location of networks, a half of
 * a failover (ResourceRecordSet, API reference). Undefined for a weight, which many may share.
 */
export function choiceOf(routing: BranchRouting): string | undefined {
  if ('weight' in routing) return undefined;
  if (!('GeoProximityLocation' in routing)) return canonicalJson(routing);
  const { Bias: _, ...point } = routing.GeoProximityLocation;
  return canonicalJson(point);
}

/** Whether a branch is for clients for whom no other one is: `default` of a geolocation or of networks. */
export function isDefault(routing: BranchRouting): boolean {
  if ('CidrRoutingConfig' in routing) return routing.CidrRoutingConfig.LocationName === '*';
  return (
    'GeoLocation' in routing &&
    'CountryCode' in routing.GeoLocation &&
    routing.GeoLocation.CountryCode === '*'
  );
}

/** A part of the world as a fleet file names it: `default`, `EU`, `US`, `US-CA`, `continent-SA`. */
export function geoPlace(location: GeoLocationFields): string {
  if ('ContinentCode' in location) return unmistakable('continent', location.ContinentCode);
  const { CountryCode, SubdivisionCode } = location;
  if (CountryCode === '*') return 'default';
  return SubdivisionCode === undefined
    ? unmistakable('country', CountryCode)
    : `${CountryCode}-${SubdivisionCode}`;
}

/**
 * Reads a place as a person writes it, in the form in which {@link branchPlace} names it.
 *
 * @returns undefined when no branch can be for it; `SA` by itself, which is a continent and a country, among them.
 */
export function readPlace(text: string): string | undefined {
  if (AWS_REGIONS.includes(text) || NETWORKS.test(text)) return text;
  const [, latitude, longitude] = POINT.exec(text) ?? [];
  if (latitude !== undefined && longitude !== undefined) {
    const isOnEarth =
      Math.abs(Number(latitude)) <= LATITUDE_MAX && Math.abs(Number(longitude)) <= LONGITUDE_MAX;
    return isOnEarth ? pointText(Number(latitude), Number(longitude)) : undefined;
  }
  const [, kind, code = '', part] = PLACE.exec(text) ?? [];
  if (part !== undefined)
    return code === 'US' && kind === undefined && US_STATES.has(part) ? text : undefined;
  const isContinent = CONTINENTS.has(code) && kind !== 'country';
  const isCountry = COUNTRIES.has(code) && kind !== 'continent';
  if (isContinent === isCountry) return undefined;
  return unmistakable(isContinent ? 'continent' : 'country', code);
}

/** Some codes are a continent's and a country's (GeoLocation, API reference; ISO 3166-1). */
function unmistakable(what: 'continent' | 'country', code: string): string {
  return CONTINENTS.has(code) && COUNTRIES.has(code) ? `${what}-${code}` : code;
}

function pointText(latitude: number, longitude: number): string {
  return `${latitude.toFixed(2)},${longitude.toFixed(2)}`;
}
