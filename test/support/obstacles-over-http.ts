import type { DnsName } from '../../lib/plan/names.ts';
import type { RecordType } from '../../lib/plan/records.ts';

/** An emulator that another process may run: where it listens, and a hosted zone of it. */
export interface RemoteZone {
  /** `http://127.0.0.1:4580` */
  readonly url: string;
  readonly zoneId: string;
}

const NAMESPACE = 'https://route53.amazonaws.com/doc/2013-04-01/';
/** The emulator wants a signature and does not check it. */
const SIGNATURE = 'AWS4-HMAC-SHA256 Credential=emulated/20260101/us-east-1/route53/aws4_request';

/** From now on every change to this name and type is refused. */
export function protectOverHttp(zone: RemoteZone, name: DnsName, type: RecordType): Promise<void> {
  const entry = `<ResourceRecordSetProtectionConfig>${keyOf(name, type)}</ResourceRecordSetProtectionConfig>`;
  return post(zone, 'rrsetprotection', 'CreateResourceRecordSetProtectionsRequest', protections(entry));
}

export function unprotectOverHttp(zone: RemoteZone, name: DnsName, type: RecordType): Promise<void> {
  const entry = `<ResourceRecordSetProtectionKey>${keyOf(name, type)}</ResourceRecordSetProtectionKey>`;
  return post(
    zone,
    'rrsetprotection/delete',
    'DeleteResourceRecordSetProtectionsRequest',
    protections(entry),
  );
}

/** A record of a routing policy that the SDK does not model, at a name that has no A record. */
export function putUnknownRoutingOverHttp(zone: RemoteZone, name: DnsName): Promise<void> {
  const record =
    `<Name>${name}</Name><Type>A</Type><SetIdentifier>by-another-tool</SetIdentifier>` +
    '<AZAffinity><LocationType>Global</LocationType><LocationId>global</LocationId></AZAffinity><TTL>300</TTL>' +
    '<ResourceRecords><ResourceRecord><Value>198.51.100.10</Value></ResourceRecord></ResourceRecords>';
  const change = `<Change><Action>CREATE</Action><ResourceRecordSet>${record}</ResourceRecordSet></Change>`;
  const batch = `<ChangeBatch><Changes>${change}</Changes></ChangeBatch>`;
  return post(zone, 'rrset', 'ChangeResourceRecordSetsRequest', batch);
}

function keyOf(name: DnsName, type: RecordType): string {
  return `<RecordName>${name}</RecordName><RecordType>${type}</RecordType>`;
}

function protections(entry: string): string {
  return `<Protections>${entry}</Protections>`;
}

async function post({ url, zoneId }: RemoteZone, path: string, root: string, content: string): Promise<void> {
  const response = await fetch(`${url}/2013-04-01/hostedzone/${zoneId}/${path}`, {
    method: 'POST',
    headers: { authorization: SIGNATURE, 'content-type': 'text/xml' },
    body: `<${root} xmlns="${NAMESPACE}">${content}</${root}>`,
  });
  if (!response.ok) throw new Error(`${path} was refused: ${await response.text()}`);
}
