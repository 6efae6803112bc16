import type { DnsName } from '../plan/names.ts';
import { reversedLabels } from '../plan/names.ts';
import type { RecordSet } from '../plan/records.ts';
import type { ChangeInfo } from './change-propagation.ts';
import { changeInfo, rememberChange } from './change-propagation.ts';
import { parseDomain, shownName } from './domain-names.ts';
import { invalidInput, Route53Error } from './route53-error.ts';
import type { HostedZoneState, Route53State } from './route53-state.ts';
import { admit, freshId, hostedZone } from './route53-state.ts';
import { allRecords, contentsOf } from './zone-contents.ts';

export interface HostedZoneInfo {
  readonly id: string;
  readonly name: DnsName;
  readonly callerReference: string;
  readonly comment?: string | undefined;
  readonly recordCount: number;
  /** Whether accelerated recovery is on; absent: nobody ever asked for it. */
  readonly acceleratedRecovery?: boolean | undefined;
}

export interface CreateHostedZoneRequest {
  readonly name: string;
  /** 1 to 128 characters, never used before. */
  readonly callerReference: string;
  readonly comment?: string | undefined;
}

export interface HostedZoneVerbs {
  /** @throws Route53Error InvalidDomainName, HostedZoneAlreadyExists, InvalidInput. */
  createHostedZone(request: CreateHostedZoneRequest): {
    readonly zone: HostedZoneInfo;
    readonly changeId: string;
    readonly change: ChangeInfo;
  };
  /** @throws Route53Error NoSuchHostedZone. */
  getHostedZone(id: string): HostedZoneInfo;
  /** In the order in which they were made. `marker` is the previous page's continuation. */
  listHostedZones(page?: { readonly marker?: string | undefined; readonly maxItems?: number | undefined }): {
    readonly zones: readonly HostedZoneInfo[];
    readonly nextMarker?: string | undefined;
  };
  /** In the order of their names, labels reversed; zones of one name by id. */
  listHostedZonesByName(page?: {
    readonly startName?: string | undefined;
    readonly startId?: string | undefined;
    readonly maxItems?: number | undefined;
  }): {
    readonly zones: readonly HostedZoneInfo[];
    readonly next?: { readonly name: DnsName; readonly id: string } | undefined;
  };
  /**
   * Turns accelerated recovery on or off, at once; Route 53 may take hours (UpdateHostedZoneFeatures, API reference).
   * @throws Route53Error NoSuchHostedZone.
   */
  updateHostedZoneFeatures(
    id: string,
    features: { readonly acceleratedRecovery?: boolean | undefined },
  ): void;
  /** @throws Route53Error NoSuchHostedZone, HostedZoneNotEmpty. */
  deleteHostedZone(id: string): { readonly changeId: string; readonly change: ChangeInfo };
}

/** Every zone of the emulator is served by the same four names. */
export const NAME_SERVERS: readonly string[] = [
  'ns-1.awsdns-01.com',
  'ns-2.awsdns-02.net',
  'ns-3.awsdns-03.org',
  'ns-4.awsdns-04.co.uk',
];

const PAGE_MAX = 100;
const NS_TTL_S = 172_800;
const SOA_TTL_S = 900;
const CALLER_REFERENCE_MAX = 128;

export function hostedZoneVerbs(state: Route53State): HostedZoneVerbs {
  return {
    createHostedZone(request) {
      admit(state);
      return create(state, request);
    },
    getHostedZone(id) {
      admit(state);
      return info(hostedZone(state, id));
    },
    listHostedZones({ marker, maxItems = PAGE_MAX } = {}) {
      admit(state);
      assertPage(maxItems);
      const all = [...state.zones.values()];
      const from = marker === undefined ? 0 : all.findIndex(({ id }) => id === marker);
      if (from < 0)
        throw new Route53Error('NoSuchHostedZone', `No hosted zone found with ID: ${marker}`, 404);
      const next = all[from + maxItems];
      const zones = all.slice(from, from + maxItems).map(info);
      return { zones, nextMarker: next?.id };
    },
    listHostedZonesByName({ startName, startId, maxItems = PAGE_MAX } = {}) {
      admit(state);
      assertPage(maxItems);
      if (startId !== undefined && startName === undefined) {
        throw invalidInput('A hosted zone id needs the DNS name that it goes with.');
      }
      const from = startName === undefined ? '' : reversedLabels(domain(startName));
      const all = [...state.zones.values()].sort(byName);
      const rest = all.filter(({ name, id }) => {
        const order = reversedLabels(name);
        return order > from || (order === from && id >= (startId ?? ''));
      });
      const next = rest[maxItems];
      const zones = rest.slice(0, maxItems).map(info);
      return { zones, next: next === undefined ? undefined : { name: next.name, id: next.id } };
    },
    updateHostedZoneFeatures(id, { acceleratedRecovery }) {
      admit(state);
      const zone = hostedZone(state, id);
      if (acceleratedRecovery === undefined) return;
      state.zones.set(id, { ...zone, acceleratedRecovery });
      state.deps.changed?.();
    },
    deleteHostedZone(id) {
      admit(state);
      const zone = hostedZone(state, id);
      const required = (record: RecordSet) =>
        record.name === zone.name && (record.type === 'NS' || record.type === 'SOA');
      if (!allRecords(zone.contents).every(required)) {
        throw new Route53Error(
          'HostedZoneNotEmpty',
          'The specified hosted zone contains non-required resource record sets and so cannot be deleted.',
        );
      }
      if (zone.protections.size > 0) {
        // DeleteHostedZone's errors (API reference) have no other that fits.
        throw new Route53Error(
          'HostedZoneNotEmpty',
          'The specified hosted zone contains resource record set protections and so cannot be deleted.',
        );
      }
      state.zones.delete(id);
      const change = changeInfo(rememberChange(state, id, undefined), state.deps.now());
      state.deps.changed?.();
      return { changeId: change.id, change };
    },
  };
}

function create(
  state: Route53State,
  request: CreateHostedZoneRequest,
): ReturnType<HostedZoneVerbs['createHostedZone']> {
  const { callerReference, comment } = request;
  const name = domain(request.name);
  if (callerReference.length < 1 || callerReference.length > CALLER_REFERENCE_MAX) {
    throw invalidInput(`A caller reference has 1 to ${CALLER_REFERENCE_MAX} characters.`);
  }
  for (const zone of state.zones.values()) {
    if (zone.callerReference === callerReference) {
      throw new Route53Error(
        'HostedZoneAlreadyExists',
        'A hosted zone has already been created with the specified caller reference.',
        409,
      );
    }
  }
  const id = freshId(state, 'Z', state.zones);
  const contents = contentsOf(apexRecords(name));
  const zone: HostedZoneState = {
    id,
    name,
    callerReference,
    comment,
    contents,
    insync: contents,
    pending: [],
    protections: new Map(),
  };
  state.zones.set(id, zone);
  const change = changeInfo(rememberChange(state, id, undefined), state.deps.now());
  state.deps.changed?.();
  return { zone: info(zone), changeId: change.id, change };
}

/** The record sets that Route 53 makes with a zone, and that cannot be deleted. */
function apexRecords(name: DnsName): readonly RecordSet[] {
  const servers = NAME_SERVERS.map((server) => `${server}.`);
  const soa = `${servers[0]} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`;
  return [
    { name, type: 'NS', ttl: NS_TTL_S, values: servers },
    { name, type: 'SOA', ttl: SOA_TTL_S, values: [soa] },
  ];
}

function info(zone: HostedZoneState): HostedZoneInfo {
  const { id, name, callerReference, comment, contents, acceleratedRecovery } = zone;
  const recordCount = contents.count;
  return { id, name, callerReference, recordCount, comment, acceleratedRecovery };
}

function domain(text: string): DnsName {
  const parsed = parseDomain(text);
  if ('problem' in parsed) throw new Route53Error('InvalidDomainName', parsed.problem);
  if (parsed.name.startsWith('*')) {
    throw new Route53Error('InvalidDomainName', `${shownName(parsed.name)} is not a valid domain name`);
  }
  return parsed.name;
}

function byName(a: HostedZoneState, b: HostedZoneState): number {
  const left = `${reversedLabels(a.name)} ${a.id}`;
  const right = `${reversedLabels(b.name)} ${b.id}`;
  return left < right ? -1 : 1;
}

function assertPage(maxItems: number): void {
  if (!Number.isInteger(maxItems) || maxItems < 1) {
    throw invalidInput(`MaxItems is a whole number above 0, not "${maxItems}".`);
  }
}
