import type { RecordSet } from '../../plan/records.ts';
import { shownName } from '../domain-names.ts';
import type { RequestedChange, RequestedRecord } from '../requested-changes.ts';
import { invalidInput } from '../route53-error.ts';
import type { XmlContent, XmlElement, XmlNode } from './xml.ts';
import { booleanOf, childrenOf, integerOf, listOf, optionalNode, required, textOf, xmlNode } from './xml.ts';

const PLAIN_FIELDS = [
  'Name',
  'Type',
  'SetIdentifier',
  'Weight',
  'TTL',
  'ResourceRecords',
  'AliasTarget',
  'HealthCheckId',
];

/** The reader of each routing field that Pawl does not write. Alphabetical, so that equal records have equal texts. */
const ROUTING_FIELDS: Readonly<Record<string, (element: XmlElement) => unknown>> = {
  AZAffinity: (element) => texts(element, ['LocationId', 'LocationType']),
  CidrRoutingConfig: (element) => texts(element, ['CollectionId', 'LocationName']),
  Failover: textOf,
  GeoLocation: (element) => texts(element, ['ContinentCode', 'CountryCode', 'SubdivisionCode']),
  GeoProximityLocation: geoProximity,
  MultiValueAnswer: booleanOf,
  Region: textOf,
  // No routing, but what made the record; kept with the routing because Pawl never writes it either.
  TrafficPolicyInstanceId: textOf,
};

const RECORD_FIELDS = [...PLAIN_FIELDS, ...Object.keys(ROUTING_FIELDS)];

/** Reads one `<Change>`. @throws Route53Error InvalidInput for an element that the schema does not have. */
export function readChange(element: XmlElement): RequestedChange {
  const children = childrenOf(element, ['Action', 'ResourceRecordSet']);
  const action = textOf(required(children, 'Action', 'Change'));
  if (action !== 'CREATE' && action !== 'DELETE' && action !== 'UPSERT') {
    throw invalidInput(
      `1 validation error detected: Value '${action}' at 'changeBatch.changes.member.action' failed to satisfy constraint: Member must satisfy enum value set: [CREATE, DELETE, UPSERT]`,
    );
  }
  return { action, record: readRecord(required(children, 'ResourceRecordSet', 'Change')) };
}

function readRecord(element: XmlElement): RequestedRecord {
  const children = childrenOf(element, RECORD_FIELDS);
  const optional = <T>(name: string, read: (element: XmlElement) => T): T | undefined => {
    const child = children.get(name);
    return child === undefined ? undefined : read(child);
  };
  const ttl = optional('TTL', integerOf);
  const values = optional('ResourceRecords', readValues);
  const alias = optional('AliasTarget', readAlias);
  const setIdentifier = optional('SetIdentifier', textOf);
  const weight = optional('Weight', integerOf);
  const healthCheckId = optional('HealthCheckId', textOf);
  const routing = Object.entries(ROUTING_FIELDS).flatMap(([name, read]) =>
    children.has(name) ? [[name, optional(name, read)]] : [],
  );
  return {
    name: textOf(required(children, 'Name', 'ResourceRecordSet')),
    type: textOf(required(children, 'Type', 'ResourceRecordSet')),
    ttl,
    values,
    alias,
    setIdentifier,
    weight,
    healthCheckId,
    ...(routing.length === 0 ? {} : { routing: Object.fromEntries(routing) }),
  };
}

function readValues(element: XmlElement): readonly string[] {
  return listOf(element, 'ResourceRecord').map((record) =>
    textOf(required(childrenOf(record, ['Value']), 'Value', 'ResourceRecord')),
  );
}

function readAlias(element: XmlElement): NonNullable<RequestedRecord['alias']> {
  const children = childrenOf(element, ['HostedZoneId', 'DNSName', 'EvaluateTargetHealth']);
  return {
    zoneId: textOf(required(children, 'HostedZoneId', 'AliasTarget')),
    name: textOf(required(children, 'DNSName', 'AliasTarget')),
    evaluateTargetHealth: booleanOf(required(children, 'EvaluateTargetHealth', 'AliasTarget')),
  };
}

function geoProximity(element: XmlElement): unknown {
  const children = childrenOf(element, ['AWSRegion', 'Bias', 'Coordinates', 'LocalZoneGroup']);
  const read = (name: string, how: (element: XmlElement) => unknown) => {
    const child = children.get(name);
    return child === undefined ? [] : [[name, how(child)]];
  };
  return Object.fromEntries([
    ...read('AWSRegion', textOf),
    ...read('Bias', integerOf),
    ...read('Coordinates', (coordinates) => texts(coordinates, ['Latitude', 'Longitude'])),
    ...read('LocalZoneGroup', textOf),
  ]);
}

function texts(element: XmlElement, allowed: readonly string[]): Readonly<Record<string, string>> {
  const children = childrenOf(element, allowed);
  return Object.fromEntries(
    allowed.flatMap((name) => {
      const child = children.get(name);
      return child === undefined ? [] : [[name, textOf(child)]];
    }),
  );
}

/** A `<ResourceRecordSet>` as ListResourceRecordSets shows it. */
export function recordNode(record: RecordSet): XmlNode {
  const { alias, values } = record;
  return xmlNode('ResourceRecordSet', [
    xmlNode('Name', shownName(record.name)),
    xmlNode('Type', record.type),
    ...optionalNode('SetIdentifier', record.setIdentifier),
    ...optionalNode('Weight', record.weight),
    ...Object.entries(record.routing ?? {}).flatMap(([name, value]) => routingNode(name, value)),
    ...optionalNode('TTL', record.ttl),
    ...optionalNode(
      'ResourceRecords',
      values?.map((value) => xmlNode('ResourceRecord', [xmlNode('Value', value)])),
    ),
    ...optionalNode(
      'AliasTarget',
      alias && [
        xmlNode('HostedZoneId', alias.zoneId),
        xmlNode('DNSName', shownName(alias.name)),
        xmlNode('EvaluateTargetHealth', alias.evaluateTargetHealth),
      ],
    ),
    ...optionalNode('HealthCheckId', record.healthCheckId),
  ]);
}

function routingNode(name: string, value: unknown): readonly XmlNode[] {
  if (value === undefined || value === null) return [];
  const content: XmlContent =
    typeof value === 'object'
      ? Object.entries(value).flatMap(([field, inner]) => routingNode(field, inner))
      : String(value);
  return [xmlNode(name, content)];
}
