import { CONTINENTS, COUNTRIES, US_STATES } from '../plan/geo-codes.ts';
import type { RecordSet } from '../plan/records.ts';
import { REGION_NAMES } from './places/built-in-places.ts';

/** The field of a record that names the traffic policy instance which made it. It is no routing policy. */
export const TRAFFIC_POLICY = 'TrafficPolicyInstanceId';

/** The part of a requested record that its routing is judged by. */
type RoutedRecord = Pick<RecordSet, 'type' | 'weight' | 'routing'> & { readonly alias?: unknown };

type Fields = Readonly<Record<string, unknown>>;

/** The country of the record for everywhere else ("Geolocation routing", Developer Guide). */
const ANYWHERE = '*';
/** The patterns of CidrRoutingConfig (API reference). */
const COLLECTION_ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const LOCATION_NAME = /^[0-9A-Za-z_\-*]{1,16}$/;
/** A Local Zone Group is a Region's name, three letters and a number (GeoProximityLocation, API reference): `us-east-1-bue-1`. */
const LOCAL_ZONE_GROUP = /^(.+)-[a-z]{3}-\d{1,2}$/;
const BIAS_MAX = 99;
const FAILOVER: ReadonlySet<unknown> = new Set(['PRIMARY', 'SECONDARY']);

/**
 * The routing policies that a record's fields ask for, by the fields' names; `Weight` for a weight. MultiValueAnswer is
 * a policy where it is true (ResourceRecordSet, API reference); false is as if it were left out.
 */
export function policiesOf({
  weight,
  routing = {},
}: Pick<RecordSet, 'weight' | 'routing'>): readonly string[] {
  const fields = Object.keys(routing).filter(
    (name) => name !== TRAFFIC_POLICY && (name !== 'MultiValueAnswer' || routing[name] === true),
  );
  return weight === undefined ? fields : ['Weight', ...fields];
}

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
  const { GeoLocation, GeoProximityLocation, CidrRoutingConfig } = record.routing ?? {};
  if (policiesOf(record).includes('MultiValueAnswer')) return multiValueProblem(record);
  if (GeoLocation !== undefined) return geoLocationProblem(fieldsOf(GeoLocation));
  if (GeoProximityLocation !== undefined) return proximityProblem(fieldsOf(GeoProximityLocation));
  return CidrRoutingConfig === undefined ? undefined : cidrProblem(fieldsOf(CidrRoutingConfig));
}

/** Whether there are such a collection and location is another question: see cidr-collections.ts. */
function cidrProblem({ CollectionId, LocationName }: Fields): string | undefined {
  if (CollectionId === undefined || LocationName === undefined) {
    return 'CidrRoutingConfig needs a CollectionId and a LocationName';
  }
  if (!COLLECTION_ID.test(String(CollectionId))) {
    return `'${String(CollectionId)}' is not the ID of a CIDR collection`;
  }
  return LOCATION_NAME.test(String(LocationName))
    ? undefined
    : `'${String(LocationName)}' is not the name of a CIDR location`;
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
  if (CountryCode !== ANYWHERE && !COUNTRIES.has(CountryCode)) {
    return `'${String(CountryCode)}' is not a country`;
  }
  if (SubdivisionCode === undefined) return undefined;
  if (CountryCode !== 'US') return `The country '${String(CountryCode)}' has no subdivisions`;
  return US_STATES.has(SubdivisionCode) ? undefined : `'${String(SubdivisionCode)}' is not a subdivision`;
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
  if (LocalZoneGroup !== undefined && !isLocalZoneGroup(String(LocalZoneGroup))) {
    return `'${String(LocalZoneGroup)}' is not a Local Zone Group`;
  }
  if (Bias !== undefined && !isBias(Number(Bias))) {
    return `A bias is a whole number of -99 to 99, not ${String(Bias)}`;
  }
  if (Coordinates === undefined) return undefined;
  const { Latitude, Longitude } = fieldsOf(Coordinates);
  const isPoint = isDegrees(Latitude, 90) && isDegrees(Longitude, 180);
  return isPoint ? undefined : 'Coordinates are a latitude of -90 to 90 and a longitude of -180 to 180';
}

function isLocalZoneGroup(text: string): boolean {
  const [, region = ''] = LOCAL_ZONE_GROUP.exec(text) ?? [];
  return REGION_NAMES.has(region);
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
