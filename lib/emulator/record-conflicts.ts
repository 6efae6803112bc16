import type { DnsName } from '../plan/names.ts';
import type { RecordSet } from '../plan/records.ts';
import { shownName } from './domain-names.ts';
import { policiesOf } from './routing-fields.ts';
import type { Weakness } from './settings.ts';

/**
 * The quotas on records of one name and type, and what the policy is called ("Quotas on records", Developer Guide). The
 * words for weighted records are as users quote them, and the others follow them: they are on no record.
 */
const SET_MAX: Readonly<Record<string, readonly [kind: string, max: number]>> = {
  Weight: ['weighted', 100],
  MultiValueAnswer: ['multivalue', 100],
  Region: ['latency', 100],
  GeoLocation: ['geolocation', 100],
  GeoProximityLocation: ['geoproximity', 30],
  CidrRoutingConfig: ['CIDR', 100],
};

interface Surroundings {
  readonly zoneName: DnsName;
  readonly weak: (weakness: Weakness) => boolean;
}

/** Why `record` cannot stand beside the other record sets of its name. */
export function conflicts(
  { zoneName, weak }: Surroundings,
  record: RecordSet,
  others: readonly RecordSet[],
): string[] {
  const name = shownName(record.name);
  const zone = shownName(zoneName);
  const messages: string[] = [];
  if (record.type === 'CNAME' && record.name === zoneName) {
    messages.push(`RRSet of type CNAME with DNS name ${name} is not permitted at apex in zone ${zone}`);
  }
  if (record.type === 'SOA' && record.name !== zoneName) {
    messages.push(`RRSet of type SOA with DNS name ${name} is not permitted in zone ${zone}`);
  }
  if (others.length === 0) return messages;
  if (!weak('cname-clash-accepted')) {
    if (record.type === 'CNAME' && others.some((other) => other.type !== 'CNAME')) {
      messages.push(
        `RRSet of type CNAME with DNS name ${name} is not permitted as it conflicts with other records with the same DNS name in zone ${zone}`,
      );
    }
    if (record.type !== 'CNAME' && others.some((other) => other.type === 'CNAME')) {
      messages.push(
        `RRSet of type ${record.type} with DNS name ${name} is not permitted because a conflicting RRSet of type  CNAME with the same DNS name already exists in zone ${zone}`,
      );
    }
  }
  const alike = others.filter((other) => other.type === record.type);
  return [...messages, ...setConflicts(record, alike)];
}

/** Why `record` cannot be one of the set that `alike`, the records of its name and type, make. */
function setConflicts(record: RecordSet, alike: readonly RecordSet[]): readonly string[] {
  const { type, setIdentifier } = record;
  const name = shownName(record.name);
  const policy = routingKind(record);
  if (alike.some((other) => routingKind(other) !== policy)) {
    const identifier = setIdentifier === undefined ? '' : `, SetIdentifier ${setIdentifier}`;
    return [
      `RRSet with DNS name ${name}, type ${type}${identifier} cannot be created as other RRSets exist with the same name and type.`,
    ];
  }
  const taken = takenPlace(record, alike);
  if (taken !== undefined) {
    return [`RRSet with DNS name ${name}, type ${type}, SetIdentifier ${setIdentifier}, and ${taken}`];
  }
  const sharing = SHARING_TTL[policy];
  if (sharing !== undefined && alike.some((other) => hasOtherTtl(other, record))) {
    return [
      `RRSet with DNS name ${name} and type ${type}, SetIdentifier ${setIdentifier} cannot be created as ${sharing} sets must contain the same TTL.`,
    ];
  }
  const [kind, max] = SET_MAX[policy] ?? [];
  if (max === undefined || alike.length < max) return [];
  return [`Exceeded limit on number of ${kind} RRSets for ${name}, type ${type} in this zone.`];
}

/**
 * The policies whose records of one name and type have one TTL. Weighted: ResourceRecordSet, API reference. Multivalue:
 * "Values specific for multivalue answer records" (Developer Guide) says, as it says of weighted ones, that Route 53 keeps
 * one TTL for all; that it then takes the last one is on no record of the API, which refuses weighted ones. The records of
 * a set of any other policy may differ: a query is answered with one of them, and neither source asks for more.
 */
const SHARING_TTL: Readonly<Record<string, string>> = { Weight: 'weighted', MultiValueAnswer: 'multivalue' };

/**
 * What of the record's routing another record has already: a set has one record a Region, a place, a location, and one
 * primary and one secondary (ResourceRecordSet, API reference). The words for Regions are as users quote them, and the
 * others follow them: they are on no record.
 */
function takenPlace({ routing = {} }: RecordSet, alike: readonly RecordSet[]): string | undefined {
  const isTaken = (policy: string) => {
    const wanted = distinct(routing[policy]);
    return wanted !== undefined && alike.some((other) => distinct(other.routing?.[policy]) === wanted);
  };
  const policy = Object.keys(TAKEN).find(isTaken);
  if (policy === undefined) return undefined;
  const [kind = '', what = ''] = TAKEN[policy] ?? [];
  const value = routing[policy];
  const shown = typeof value === 'string' ? `${what} Name=${value}` : `${what} ${distinct(value)}`;
  return `${shown} cannot be created because a ${kind} RRSet with the same name, type and ${what.toLowerCase()} already exists.`;
}

const TAKEN: Readonly<Record<string, readonly [kind: string, what: string]>> = {
  Region: ['latency', 'Region'],
  Failover: ['failover', 'Failover'],
  GeoLocation: ['geolocation', 'Location'],
  GeoProximityLocation: ['geoproximity', 'Location'],
  CidrRoutingConfig: ['CIDR', 'Location'],
};

/** The fields that make a place, in the order in which they are compared. The bias does not make another place of one. */
const PLACE_FIELDS = [
  ...['ContinentCode', 'CountryCode', 'SubdivisionCode'],
  ...['AWSRegion', 'LocalZoneGroup', 'Coordinates', 'Latitude', 'Longitude'],
  ...['CollectionId', 'LocationName'],
];

/** What must be unique of a routing field, as a text; undefined for a field that is not there. */
function distinct(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value, PLACE_FIELDS);
}

/**
 * The words are as users quote them. It is on no record whether Route 53 asks for it after each change of a batch or
 * after the last: here after each, which is the stricter.
 */
function hasOtherTtl(a: RecordSet, b: RecordSet): boolean {
  return a.ttl !== undefined && b.ttl !== undefined && a.ttl !== b.ttl;
}

function routingKind(record: RecordSet): string {
  return policiesOf(record)[0] ?? 'simple';
}
