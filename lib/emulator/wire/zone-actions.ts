import type { ChangeInfo } from '../change-propagation.ts';
import { shownName } from '../domain-names.ts';
import type { HostedZoneInfo } from '../hosted-zones.ts';
import { NAME_SERVERS } from '../hosted-zones.ts';
import type { Route53 } from '../route53.ts';
import { invalidInput } from '../route53-error.ts';
import type { ChangeBatchRequest } from '../zone-records.ts';
import { RECORDS_PAGE, RECORDS_PAGE_MAX } from '../zone-records.ts';
import { readChange, recordNode } from './record-xml.ts';
import type { WireRequest } from './request-reader.ts';
import { assertParameters, bareId, maxItems, parameter } from './request-reader.ts';
import type { XmlElement, XmlNode } from './xml.ts';
import { booleanOf, childrenOf, listOf, optionalNode, parseXml, required, textOf, xmlNode } from './xml.ts';

/** The answer of an action that does not refuse. */
export interface ActionAnswer {
  readonly status: number;
  readonly root: XmlNode;
  readonly location?: string;
  /** What was made, for a trail of the requests. */
  readonly made?: { readonly change: ChangeInfo } | { readonly zone: HostedZoneInfo };
}

export type Action = (core: Route53, request: WireRequest, id: string) => ActionAnswer;

const API = 'https://route53.amazonaws.com/2013-04-01';
const ZONES_PAGE_MAX = 100;

export const createHostedZone: Action = (core, request) => {
  assertParameters(request, []);
  const children = rootOf(request, 'CreateHostedZoneRequest', [
    'Name',
    'CallerReference',
    'HostedZoneConfig',
  ]);
  const config = children.get('HostedZoneConfig');
  const comment = config === undefined ? undefined : zoneComment(config);
  const { zone, change } = core.createHostedZone({
    name: textOf(required(children, 'Name', 'CreateHostedZoneRequest')),
    callerReference: textOf(required(children, 'CallerReference', 'CreateHostedZoneRequest')),
    comment,
  });
  const root = xmlNode('CreateHostedZoneResponse', [zoneNode(zone), changeNode(change), delegationSet()]);
  return { status: 201, root, location: `${API}/hostedzone/${zone.id}`, made: { zone } };
};

export const getHostedZone: Action = (core, request, id) => {
  assertParameters(request, []);
  const zone = core.getHostedZone(id);
  return ok(xmlNode('GetHostedZoneResponse', [zoneNode(zone), delegationSet()]));
};

/** The one limit of a zone that depends on its account; the others are of zones that the emulator has not. */
export const getHostedZoneLimit: Action = (core, request, id) => {
  assertParameters(request, []);
  const { recordCount } = core.getHostedZone(id);
  const type = 'MAX_RRSETS_BY_ZONE';
  if (!request.path.replace(/\/$/, '').endsWith(`/${type}`))
    throw invalidInput('This emulator knows the limit MAX_RRSETS_BY_ZONE alone.');
  const limit = xmlNode('Limit', [xmlNode('Type', type), xmlNode('Value', core.settings().recordLimit)]);
  return ok(xmlNode('GetHostedZoneLimitResponse', [limit, xmlNode('Count', recordCount)]));
};

export const listHostedZones: Action = (core, request) => {
  assertParameters(request, ['marker', 'maxitems']);
  const marker = parameter(request, 'marker');
  const limit = Math.min(maxItems(request) ?? ZONES_PAGE_MAX, ZONES_PAGE_MAX);
  const { zones, nextMarker } = core.listHostedZones({
    maxItems: limit,
    marker: marker === undefined ? undefined : bareId(marker),
  });
  return ok(
    xmlNode('ListHostedZonesResponse', [
      xmlNode('HostedZones', zones.map(zoneNode)),
      ...optionalNode('Marker', marker),
      xmlNode('IsTruncated', nextMarker !== undefined),
      ...optionalNode('NextMarker', nextMarker),
      xmlNode('MaxItems', limit),
    ]),
  );
};

export const listHostedZonesByName: Action = (core, request) => {
  assertParameters(request, ['dnsname', 'hostedzoneid', 'maxitems']);
  const startName = parameter(request, 'dnsname');
  const startId = parameter(request, 'hostedzoneid');
  const limit = Math.min(maxItems(request) ?? ZONES_PAGE_MAX, ZONES_PAGE_MAX);
  const { zones, next } = core.listHostedZonesByName({
    maxItems: limit,
    startName,
    startId: startId === undefined ? undefined : bareId(startId),
  });
  return ok(
    xmlNode('ListHostedZonesByNameResponse', [
      xmlNode('HostedZones', zones.map(zoneNode)),
      ...optionalNode('DNSName', startName),
      ...optionalNode('HostedZoneId', startId),
      xmlNode('IsTruncated', next !== undefined),
      ...optionalNode('NextDNSName', next && shownName(next.name)),
      ...optionalNode('NextHostedZoneId', next?.id),
      xmlNode('MaxItems', limit),
    ]),
  );
};

export const updateHostedZoneFeatures: Action = (core, request, id) => {
  assertParameters(request, []);
  const children = rootOf(request, 'UpdateHostedZoneFeaturesRequest', ['EnableAcceleratedRecovery']);
  const enable = children.get('EnableAcceleratedRecovery');
  core.updateHostedZoneFeatures(id, {
    acceleratedRecovery: enable === undefined ? undefined : booleanOf(enable),
  });
  return ok(xmlNode('UpdateHostedZoneFeaturesResponse', []));
};

export const deleteHostedZone: Action = (core, request, id) => {
  assertParameters(request, []);
  const { change } = core.deleteHostedZone(id);
  return ok(xmlNode('DeleteHostedZoneResponse', [changeNode(change)]));
};

export const changeResourceRecordSets: Action = (core, request, id) => {
  assertParameters(request, []);
  const change = core.changeResourceRecordSets(id, requestedBatch(request));
  const root = xmlNode('ChangeResourceRecordSetsResponse', [changeNode(change)]);
  return { ...ok(root), made: { change } };
};

/** The batch of a ChangeResourceRecordSets request. @throws Route53Error InvalidInput where it is no such request. */
export function requestedBatch(request: WireRequest): ChangeBatchRequest {
  const root = rootOf(request, 'ChangeResourceRecordSetsRequest', ['ChangeBatch']);
  const batch = required(root, 'ChangeBatch', 'ChangeResourceRecordSetsRequest');
  const children = childrenOf(batch, ['Comment', 'Changes']);
  const changes = listOf(required(children, 'Changes', 'ChangeBatch'), 'Change').map(readChange);
  const comment = children.get('Comment');
  return { changes, comment: comment === undefined ? undefined : textOf(comment) };
}

export const listResourceRecordSets: Action = (core, request, id) => {
  assertParameters(request, ['name', 'type', 'identifier', 'maxitems']);
  const startName = parameter(request, 'name');
  const startType = parameter(request, 'type');
  const startIdentifier = parameter(request, 'identifier');
  const limit = Math.min(maxItems(request) ?? RECORDS_PAGE, RECORDS_PAGE_MAX);
  const { records, next } = core.listResourceRecordSets(id, {
    maxItems: limit,
    startName,
    startType,
    startIdentifier,
  });
  return ok(
    xmlNode('ListResourceRecordSetsResponse', [
      xmlNode('ResourceRecordSets', records.map(recordNode)),
      xmlNode('IsTruncated', next !== undefined),
      ...optionalNode('NextRecordName', next && shownName(next.name)),
      ...optionalNode('NextRecordType', next?.type),
      ...optionalNode('NextRecordIdentifier', next?.setIdentifier),
      xmlNode('MaxItems', limit),
    ]),
  );
};

export const getChange: Action = (core, request, id) => {
  assertParameters(request, []);
  return ok(xmlNode('GetChangeResponse', [changeNode(core.getChange(id))]));
};

export function ok(root: XmlNode): ActionAnswer {
  return { status: 200, root };
}

/** The children of the request's root element, which must be called `name`. */
export function rootOf(
  request: WireRequest,
  name: string,
  allowed: readonly string[],
): ReadonlyMap<string, XmlElement> {
  const root = parseXml(request.body);
  if (root.name !== name) {
    throw invalidInput(
      `Invalid XML ; cannot find the declaration of element '${root.name}'; '${name}' is expected.`,
    );
  }
  return childrenOf(root, allowed);
}

function zoneComment(config: XmlElement): string | undefined {
  const children = childrenOf(config, ['Comment', 'PrivateZone']);
  const isPrivate = children.get('PrivateZone');
  if (isPrivate !== undefined && booleanOf(isPrivate)) {
    throw invalidInput('Private hosted zones are not part of this emulator.');
  }
  const comment = children.get('Comment');
  return comment === undefined ? undefined : textOf(comment);
}

function zoneNode(zone: HostedZoneInfo): XmlNode {
  return xmlNode('HostedZone', [
    xmlNode('Id', `/hostedzone/${zone.id}`),
    xmlNode('Name', shownName(zone.name)),
    xmlNode('CallerReference', zone.callerReference),
    xmlNode('Config', [...optionalNode('Comment', zone.comment), xmlNode('PrivateZone', false)]),
    xmlNode('ResourceRecordSetCount', zone.recordCount),
    ...optionalNode(
      'Features',
      zone.acceleratedRecovery === undefined
        ? undefined
        : [xmlNode('AcceleratedRecoveryStatus', zone.acceleratedRecovery ? 'ENABLED' : 'DISABLED')],
    ),
  ]);
}

function changeNode(change: ChangeInfo): XmlNode {
  return xmlNode('ChangeInfo', [
    xmlNode('Id', `/change/${change.id}`),
    xmlNode('Status', change.status),
    xmlNode('SubmittedAt', new Date(change.submittedAt).toISOString()),
    ...optionalNode('Comment', change.comment),
  ]);
}

function delegationSet(): XmlNode {
  const servers = NAME_SERVERS.map((server) => xmlNode('NameServer', server));
  return xmlNode('DelegationSet', [xmlNode('NameServers', servers)]);
}
