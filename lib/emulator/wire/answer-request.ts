import { randomUUID } from 'node:crypto';
import type { Route53 } from '../route53.ts';
import { Route53Error } from '../route53-error.ts';
import type { ChangeBatchRequest } from '../zone-records.ts';
import {
  changeCidrCollection,
  createCidrCollection,
  deleteCidrCollection,
  listCidrBlocks,
  listCidrCollections,
  listCidrLocations,
} from './cidr-actions.ts';
import { changeRecord, zoneRecord } from './cloudtrail-record.ts';
import { createHealthCheck, deleteHealthCheck, getHealthCheck, listHealthChecks } from './health-actions.ts';
import {
  createResourceRecordSetProtections,
  deleteResourceRecordSetProtections,
  listResourceRecordSetProtections,
} from './protection-actions.ts';
import type { WireRequest, WireResponse } from './request-reader.ts';
import { bareId } from './request-reader.ts';
import { writeXml, xmlNode } from './xml.ts';
import type { Action, ActionAnswer } from './zone-actions.ts';
import {
  changeResourceRecordSets,
  createHostedZone,
  deleteHostedZone,
  getChange,
  getHostedZone,
  getHostedZoneLimit,
  listHostedZones,
  listHostedZonesByName,
  listResourceRecordSets,
  requestedBatch,
  updateHostedZoneFeatures,
} from './zone-actions.ts';

/** One answered request, for callers that count or print requests. */
export interface AnsweredRequest {
  /** The API's name for it (`ChangeResourceRecordSets`), or `unknown`. */
  readonly action: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** The error's code, when it was refused. */
  readonly code?: string;
}

interface Route {
  readonly name: string;
  readonly method: string;
  /** If it has a group, the group matches the id. */
  readonly path: RegExp;
  readonly action: Action;
}

const ROUTES: readonly Route[] = [
  route('CreateHostedZone', 'POST', 'hostedzone', createHostedZone),
  route('ListHostedZones', 'GET', 'hostedzone', listHostedZones),
  route('ListHostedZonesByName', 'GET', 'hostedzonesbyname', listHostedZonesByName),
  route('GetHostedZone', 'GET', 'hostedzone/([^/]+)', getHostedZone),
  route('UpdateHostedZoneFeatures', 'POST', 'hostedzone/([^/]+)/features', updateHostedZoneFeatures),
  route('GetHostedZoneLimit', 'GET', 'hostedzonelimit/([^/]+)/[^/]+', getHostedZoneLimit),
  route('DeleteHostedZone', 'DELETE', 'hostedzone/([^/]+)', deleteHostedZone),
  route('ChangeResourceRecordSets', 'POST', 'hostedzone/([^/]+)/rrset', changeResourceRecordSets),
  route('ListResourceRecordSets', 'GET', 'hostedzone/([^/]+)/rrset', listResourceRecordSets),
  route(
    'CreateResourceRecordSetProtections',
    'POST',
    'hostedzone/([^/]+)/rrsetprotection',
    createResourceRecordSetProtections,
  ),
  route(
    'DeleteResourceRecordSetProtections',
    'POST',
    'hostedzone/([^/]+)/rrsetprotection/delete',
    deleteResourceRecordSetProtections,
  ),
  route(
    'ListResourceRecordSetProtections',
    'GET',
    'hostedzone/([^/]+)/rrsetprotection',
    listResourceRecordSetProtections,
  ),
  route('GetChange', 'GET', 'change/([^/]+)', getChange),
  route('CreateCidrCollection', 'POST', 'cidrcollection', createCidrCollection),
  route('ListCidrCollections', 'GET', 'cidrcollection', listCidrCollections),
  route('ChangeCidrCollection', 'POST', 'cidrcollection/([^/]+)', changeCidrCollection),
  route('ListCidrLocations', 'GET', 'cidrcollection/([^/]+)', listCidrLocations),
  route('ListCidrBlocks', 'GET', 'cidrcollection/([^/]+)/cidrblocks', listCidrBlocks),
  route('DeleteCidrCollection', 'DELETE', 'cidrcollection/([^/]+)', deleteCidrCollection),
  route('CreateHealthCheck', 'POST', 'healthcheck', createHealthCheck),
  route('ListHealthChecks', 'GET', 'healthcheck', listHealthChecks),
  route('GetHealthCheck', 'GET', 'healthcheck/([^/]+)', getHealthCheck),
  route('DeleteHealthCheck', 'DELETE', 'healthcheck/([^/]+)', deleteHealthCheck),
];

function route(name: string, method: string, path: string, action: Action): Route {
  return { name, method, path: new RegExp(`^/2013-04-01/${path}/?$`), action };
}

/** Is told of each request that a trail records, when it is answered. */
export interface RequestTrail {
  now(): number;
  add(record: Readonly<Record<string, unknown>>): void;
}

/**
 * Answers one request of Route 53's REST-XML protocol. Never throws: a refusal or an error in here is answered with an
 * `<ErrorResponse>`. A request must have a signature, which is not checked.
 */
export function answerRequest(
  core: Route53,
  request: WireRequest,
  onRequest?: (answered: AnsweredRequest) => void,
  trail?: RequestTrail,
): WireResponse {
  const requestId = randomUUID();
  const { method, path } = request;
  const found = ROUTES.find((one) => one.method === method && one.path.test(path));
  const seen = { action: found?.name ?? 'unknown', method, path };
  const recorded = (error?: Route53Error, made?: ActionAnswer['made']): void => {
    if (trail !== undefined && found !== undefined) record(trail, { request, requestId, found, error, made });
  };
  try {
    assertSigned(request);
    if (found === undefined) {
      throw new Route53Error('InvalidAction', `This emulator has no action at ${method} ${path}.`, 404);
    }
    const { status, root, location, made } = found.action(core, request, idIn(found.path, path));
    onRequest?.({ ...seen, status });
    recorded(undefined, made);
    const headers = { ...headersFor(requestId), ...(location === undefined ? {} : { location }) };
    return { status, headers, body: writeXml(root) };
  } catch (error) {
    const refusal =
      error instanceof Route53Error
        ? error
        : new Route53Error('InternalFailure', String(error), 500, { cause: error });
    onRequest?.({ ...seen, status: refusal.status, code: refusal.code });
    recorded(refusal);
    return errorResponse(refusal, requestId);
  }
}

interface Recorded {
  readonly request: WireRequest;
  readonly requestId: string;
  readonly found: Route;
  readonly error: Route53Error | undefined;
  readonly made: ActionAnswer['made'];
}

function record(trail: RequestTrail, { request, requestId, found, error, made }: Recorded): void {
  const { headers, path } = request;
  const about = { eventId: randomUUID(), requestId, at: trail.now(), headers, error };
  if (found.action === changeResourceRecordSets) {
    const change = made !== undefined && 'change' in made ? made.change : undefined;
    trail.add(changeRecord(about, idIn(found.path, path), readableBatch(request), change));
  } else if (made !== undefined && 'zone' in made) trail.add(zoneRecord(about, made.zone));
}

/** Undefined where a request was refused because it cannot be read. */
function readableBatch(request: WireRequest): ChangeBatchRequest | undefined {
  try {
    return requestedBatch(request);
  } catch (error) {
    if (error instanceof Route53Error) return undefined;
    throw error;
  }
}

/** The body that every refusal has. */
export function errorResponse(error: Route53Error, requestId: string): WireResponse {
  const root = xmlNode('ErrorResponse', [
    xmlNode('Error', [
      xmlNode('Type', error.status < 500 ? 'Sender' : 'Receiver'),
      xmlNode('Code', error.code),
      xmlNode('Message', error.message),
    ]),
    xmlNode('RequestId', requestId),
  ]);
  return { status: error.status, headers: headersFor(requestId), body: writeXml(root) };
}

function assertSigned(request: WireRequest): void {
  if (/^AWS\d/.test(request.headers.get('authorization') ?? '')) return;
  throw new Route53Error('MissingAuthenticationToken', 'Missing Authentication Token', 403);
}

function idIn(pattern: RegExp, path: string): string {
  const [, id] = pattern.exec(path) ?? [];
  if (id === undefined) return '';
  const decoded = decodedComponent(id);
  if (decoded === undefined) throw new Route53Error('InvalidInput', `'${id}' is not an id.`);
  return bareId(decoded);
}

function decodedComponent(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function headersFor(requestId: string): Readonly<Record<string, string>> {
  return { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
}
