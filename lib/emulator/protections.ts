import type { DnsName } from '../plan/names.ts';
import { isWithin, reversedLabels } from '../plan/names.ts';
import type { RecordType } from '../plan/records.ts';
import { parseDomain, shownName } from './domain-names.ts';
import { RECORD_TYPES } from './record-values.ts';
import { invalidInput, Route53Error } from './route53-error.ts';
import type { HostedZoneState, Protection, Route53State } from './route53-state.ts';
import { admit, hostedZone } from './route53-state.ts';

/** A name in any form that Route 53 reads, and a record type. */
export interface RequestedProtectionKey {
  readonly name: string;
  readonly type: RecordType;
}

export interface RequestedProtection extends RequestedProtectionKey {
  /** At most 256 characters; shown to everybody whose change the protection refuses. */
  readonly comment?: string | undefined;
}

export interface ListProtectionsRequest {
  readonly startName?: string | undefined;
  readonly startType?: string | undefined;
  /** The previous page's continuation. The start name and type are then ignored. */
  readonly nextToken?: string | undefined;
  /** Above 300 counts as 300. */
  readonly maxResults?: number | undefined;
}

/**
 * Record set protections: while one exists, every change to a record set of its name and type is refused, whatever the
 * set identifier, also the creation of the first one (CreateResourceRecordSetProtections, API reference). Left out: the
 * list of entries in a refusal, which here is part of the message.
 */
export interface ProtectionVerbs {
  /**
   * All or nothing, 1 to 100 of them.
   *
   * @throws Route53Error NoSuchHostedZone, InvalidInput, InvalidResourceRecordSetProtectionBatch, or
   * ProtectionAlreadyExists when all of them exist.
   */
  createResourceRecordSetProtections(zoneId: string, protections: readonly RequestedProtection[]): void;
  /** All or nothing, 1 to 100 of them. @throws Route53Error NoSuchHostedZone, InvalidInput, InvalidResourceRecordSetProtectionBatch. */
  deleteResourceRecordSetProtections(zoneId: string, protections: readonly RequestedProtectionKey[]): void;
  /** In the order of a listing: reversed labels, then type. @throws Route53Error NoSuchHostedZone, InvalidInput. */
  listResourceRecordSetProtections(
    zoneId: string,
    page?: ListProtectionsRequest,
  ): { readonly protections: readonly Protection[]; readonly nextToken?: string | undefined };
}

const ENTRIES_MAX = 100;
const COMMENT_MAX = 256;
const PAGE_MAX = 300;

export function protectionVerbs(state: Route53State): ProtectionVerbs {
  return {
    createResourceRecordSetProtections(zoneId, requested) {
      admit(state);
      const zone = hostedZone(state, zoneId);
      const protections = readEntries(zone, requested);
      const there = protections.filter((one) => zone.protections.has(protectionKey(one)));
      const reasons = there.map((one) => `${shown(one)} already has a protection`);
      if (reasons.length > 0 && reasons.length === protections.length) {
        throw new Route53Error('ProtectionAlreadyExists', listed(reasons), 409);
      }
      if (reasons.length > 0) throw invalidBatch(reasons);
      const kept = new Map(zone.protections);
      for (const protection of protections) kept.set(protectionKey(protection), protection);
      keep(state, zone, kept);
    },
    deleteResourceRecordSetProtections(zoneId, requested) {
      admit(state);
      const zone = hostedZone(state, zoneId);
      const keys = readEntries(zone, requested);
      const missing = keys.filter((one) => !zone.protections.has(protectionKey(one)));
      if (missing.length > 0) throw invalidBatch(missing.map((one) => `${shown(one)} has no protection`));
      const kept = new Map(zone.protections);
      for (const key of keys) kept.delete(protectionKey(key));
      keep(state, zone, kept);
    },
    listResourceRecordSetProtections(zoneId, page = {}) {
      admit(state);
      return list(hostedZone(state, zoneId), page);
    },
  };
}

/** What identifies a protection in its zone. */
export function protectionKey({ name, type }: Pick<Protection, 'name' | 'type'>): string {
  return `${name} ${type}`;
}

function keep(state: Route53State, zone: HostedZoneState, protections: HostedZoneState['protections']): void {
  state.zones.set(zone.id, { ...zone, protections });
  state.deps.changed?.();
}

/** Invalid entries are named before, and without, entries that exist already or do not (same pages). */
function readEntries(
  zone: HostedZoneState,
  requested: readonly RequestedProtection[],
): readonly Protection[] {
  if (requested.length < 1 || requested.length > ENTRIES_MAX) {
    throw invalidInput(`A request has 1 to ${ENTRIES_MAX} protections, not ${requested.length}.`);
  }
  const entries: Protection[] = [];
  const seen = new Set<string>();
  const reasons: string[] = [];
  for (const { name: text, type, comment } of requested) {
    const parsed = parseDomain(text);
    const problem =
      'problem' in parsed ? parsed.problem : entryProblem(zone, { name: parsed.name, type, comment }, seen);
    if (problem !== undefined) reasons.push(problem);
    if ('problem' in parsed) continue;
    seen.add(protectionKey({ name: parsed.name, type }));
    entries.push({ name: parsed.name, type, ...(comment === undefined ? {} : { comment }) });
  }
  if (reasons.length > 0) throw invalidBatch(reasons);
  return entries;
}

function entryProblem(
  zone: HostedZoneState,
  entry: Protection,
  seen: ReadonlySet<string>,
): string | undefined {
  if (!isWithin(entry.name, zone.name)) return `${shown(entry)} is not in the zone ${shownName(zone.name)}`;
  if (!RECORD_TYPES.has(entry.type)) return `${shown(entry)} has a type that cannot be protected`;
  if (seen.has(protectionKey(entry))) return `${shown(entry)} is more than once in the request`;
  if ((entry.comment?.length ?? 0) > COMMENT_MAX) {
    return `${shown(entry)} has a comment of more than ${COMMENT_MAX} characters`;
  }
  return undefined;
}

function list(
  zone: HostedZoneState,
  { startName, startType, nextToken, maxResults = PAGE_MAX }: ListProtectionsRequest,
): ReturnType<ProtectionVerbs['listResourceRecordSetProtections']> {
  if (!Number.isInteger(maxResults) || maxResults < 1) {
    throw invalidInput(`MaxResults is a whole number above 0, not "${maxResults}".`);
  }
  if (startName === undefined && startType !== undefined) {
    throw invalidInput('The start type needs the start name that it goes with.');
  }
  const from = nextToken ?? (startName === undefined ? '' : positionOf(startOf(startName), startType ?? ''));
  const rest = [...zone.protections.values()]
    .map((protection) => ({ protection, position: positionOf(protection.name, protection.type) }))
    .filter(({ position }) => position >= from)
    .sort((a, b) => (a.position < b.position ? -1 : 1));
  const limit = Math.min(maxResults, PAGE_MAX);
  const page = rest.slice(0, limit).map(({ protection }) => protection);
  return { protections: page, nextToken: rest[limit]?.position };
}

function startOf(text: string): DnsName {
  const parsed = parseDomain(text);
  if ('problem' in parsed) throw invalidInput(parsed.problem);
  return parsed.name;
}

/** A text that sorts as the listing does; the continuation of a page is one. */
function positionOf(name: DnsName, type: RecordType): string {
  return `${reversedLabels(name)} ${type}`;
}

function invalidBatch(reasons: readonly string[]): Route53Error {
  return new Route53Error('InvalidResourceRecordSetProtectionBatch', listed(reasons));
}

function listed(reasons: readonly string[]): string {
  return `[${reasons.join(', ')}]`;
}

function shown({ name, type }: Pick<Protection, 'name' | 'type'>): string {
  return `[name='${shownName(name)}', type='${type}']`;
}
