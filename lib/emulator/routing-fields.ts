import type { RecordSet } from '../plan/records.ts';
import { REGION_NAMES } from './places/built-in-places.ts';

/** The part of a requested record that its routing is judged by. */
type RoutedRecord = Pick<RecordSet, 'type' | 'routing'> & { readonly alias?: unknown };

type Fields = Readonly<Record<string, unknown>>;

const CONTINENTS: ReadonlySet<unknown> = new Set(['AF', 'AN', 'AS', 'EU', 'NA', 'OC', 'SA']);
const COUNTRY = /^(?:[A-Z]{2}|\*)$/;
const SUBDIVISION = /^[A-Z0-9]{1,3}$/;
/** The countries that have subdivisions (GeoLocation, API reference). */
const DIVIDED: ReadonlySet<unknown> = new Set(['US', 'UA']);
const BIAS_MAX = 99;
const FAILOVER: ReadonlySet<unknown> = new Set(['PRIMARY', 'SECONDARY']);

/** A value that Route 53's enumeration of a field does not have. */
export interface NotAmong {
  readonly field: string;
  readonly value: string;
  readonly known: ReadonlySet<string>;
}

/** The first routing field whose value is not one of the API's (ResourceRecordSetRegion, ResourceRecordSetFailover). */
export function unknownValue({ routing = {} }: RoutedRecord): NotAmong | undefined {
  const { Region, Failover } = routing;
  if (Region !== undefined && !REGION_NAMES.has(String(Region))) {
    return { field: 'region', value: String(Region), known: REGION_NAMES };
  }
  if (Failover !== undefined && !FAILOVER.has(Failover)) {
    return { field: 'failover', value: String(Failover), known: new Set(['PRIMARY', 'SECONDARY']) };
  }
  return undefined;
}

/** Why the routing of one record cannot be; a phrase. Undefined when it can, whatever else stands at its name. */
export function routingProblem(record: RoutedRecord): string | undefined {
  const { GeoLocation, GeoProximityLocation, CidrRoutingConfig, MultiValueAnswer } = record.routing ?? {};
  if (MultiValueAnswer !== undefined) return multiValueProblem(record);
  if (GeoLocation !== undefined) return geoLocationProblem(fieldsOf(GeoLocation));
  if (GeoProximityLocation !== undefined) return proximityProblem(fieldsOf(GeoProximityLocation));
  if (CidrRoutingConfig !== undefined) {
    const { CollectionId, LocationName } = fieldsOf(CidrRoutingConfig);
    if (CollectionId === undefined || LocationName === undefined) {
      return 'CidrRoutingConfig needs a CollectionId and a LocationName';
    }
  }
  return undefined;
}

/** Developer Guide, "Values specific for multivalue answer records": no alias, and neither CNAME nor NS. */
function multiValueProblem({ alias, type }: RoutedRecord): string | undefined {
  if (alias !== undefined) return 'An alias cannot be a multivalue answer record';
  return type === 'CNAME' ? 'A multivalue answer record cannot be of type CNAME' : undefined;
}

/** GeoLocation, API reference: a continent alone, or a country, perhaps with a subdivision. */
function geoLocationProblem({ ContinentCode, CountryCode, SubdivisionCode }: Fields): string | undefined {
  if (ContinentCode !== undefined) {
    if (CountryCode !== undefined || SubdivisionCode !== undefined) {
      return 'Expected exactly one of [ContinentCode, CountryCode], but found more than one';
    }
    return CONTINENTS.has(ContinentCode) ? undefined : `'${String(ContinentCode)}' is not a continent`;
  }
  if (CountryCode === undefined)
    return 'Expected exactly one of [ContinentCode, CountryCode], but found none';
  if (!COUNTRY.test(String(CountryCode))) return `'${String(CountryCode)}' is not a country`;
  if (SubdivisionCode === undefined) return undefined;
  if (!DIVIDED.has(CountryCode)) return `The country '${String(CountryCode)}' has no subdivisions`;
  return SUBDIVISION.test(String(SubdivisionCode))
    ? undefined
    : `'${String(SubdivisionCode)}' is not a subdivision`;
}

/** GeoProximityLocation, API reference. */
function proximityProblem({ AWSRegion, LocalZoneGroup, Coordinates, Bias }: Fields): string | undefined {
  const given = [AWSRegion, LocalZoneGroup, Coordinates].filter((one) => one !== undefined).length;
  if (given !== 1) {
    return `Expected exactly one of [AWSRegion, LocalZoneGroup, Coordinates], but found ${given === 0 ? 'none' : 'more than one'}`;
  }
  if (AWSRegion !== undefined && !REGION_NAMES.has(String(AWSRegion))) {
    return `'${String(AWSRegion)}' is not a Region`;
  }
  if (Bias !== undefined && !isBias(Number(Bias))) {
    return `A bias is a whole number of -99 to 99, not ${String(Bias)}`;
  }
  if (Coordinates === undefined) return undefined;
  const { Latitude, Longitude } = fieldsOf(Coordinates);
  const isPoint = isDegrees(Latitude, 90) && isDegrees(Longitude, 180);
  return isPoint ? undefined : 'Coordinates are a latitude of -90 to 90 and a longitude of -180 to 180';
}

function isBias(bias: number): boolean {
  return Number.isInteger(bias) && Math.abs(bias) <= BIAS_MAX;
}

/** At most two decimals (Coordinates, API reference). */
function isDegrees(text: unknown, max: number): boolean {
  return /^-?\d{1,3}(?:\.\d{1,2})?$/.test(String(text)) && Math.abs(Number(text)) <= max;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
