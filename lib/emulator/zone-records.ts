import type { DnsName } from '../plan/names.ts';
import type { RecordSet } from '../plan/records.ts';
import { targetProblem } from './alias-targets.ts';
import { brokenBatchLimit } from './batch-limits.ts';
import type { BatchContext } from './change-batch.ts';
import { applyChanges } from './change-batch.ts';
import type { ChangeInfo } from './change-propagation.ts';
import {
  changeInfo,
  commit,
  knownChange,
  returnZone,
  settleChange,
  settledZone,
  versionsInFlight,
} from './change-propagation.ts';
import { unknownCidr } from './cidr-collections.ts';
import { parseDomain } from './domain-names.ts';
import { protectionKey } from './protections.ts';
import { RECORD_TYPES } from './record-values.ts';
import type { ReadChange, RequestedChange } from './requested-changes.ts';
import { notAmong, readChanges } from './requested-changes.ts';
import { invalidChangeBatch, invalidInput, Route53Error } from './route53-error.ts';
import type { HostedZoneState, Protection, Route53State } from './route53-state.ts';
import { admit, admitChanges, hostedZone, isWeak } from './route53-state.ts';
import type { Weakness } from './settings.ts';
import { allRecords, listFrom } from './zone-contents.ts';

/** Record sets a page, at most (ListResourceRecordSets, API reference). */
export const RECORDS_PAGE_MAX = 300;
/** Record sets a page unless asked (ListResourceRecordSets, API reference). */
export const RECORDS_PAGE = 100;

export interface ChangeBatchRequest {
  readonly changes: readonly RequestedChange[];
  /** At most 256 characters. */
  readonly comment?: string | undefined;
}

export interface ListRecordsRequest {
  readonly startName?: string | undefined;
  readonly startType?: string | undefined;
  readonly startIdentifier?: string | undefined;
  /** 100 unless given; above 300 counts as 300. */
  readonly maxItems?: number | undefined;
}

export interface RecordVerbs {
  /**
   * All or nothing, committed at the instant of the call.
   *
   * @throws Route53Error InvalidChangeBatch (every error listed), InvalidInput, NoSuchHostedZone,
   * NoSuchHealthCheck, PriorRequestNotComplete, Throttling.
   */
  changeResourceRecordSets(zoneId: string, batch: ChangeBatchRequest): ChangeInfo;
  /** The newest commit, PENDING or not. @throws Route53Error NoSuchHostedZone, InvalidInput. */
  listResourceRecordSets(
    zoneId: string,
    page?: ListRecordsRequest,
  ): { readonly records: readonly RecordSet[]; readonly next?: RecordSet | undefined };
  /** @throws Route53Error NoSuchChange. */
  getChange(id: string): ChangeInfo;
}

/** Inspection that AWS does not offer; it costs no request. */
export interface ZoneInspection {
  /** Every hosted zone, oldest first. */
  zones(): readonly { readonly id: string; readonly name: DnsName }[];
  /** All committed record sets, in listing order. */
  records(zoneId: string): readonly RecordSet[];
  /** The contents that every name server has: those of the last commit that is INSYNC. */
  served(zoneId: string): readonly RecordSet[];
  /** The contents that some name server may answer from, oldest first: `served`, then each PENDING commit's. */
  answerable(zoneId: string): readonly (readonly RecordSet[])[];
  /** Every record set protection, oldest first. */
  protections(zoneId: string): readonly Protection[];
  /** Whether a change is INSYNC; one that nobody knows is not. */
  isInsync(changeId: string): boolean;
  /** The change that the contents of a zone came by; undefined before the first. */
  newestChange(zoneId: string): string | undefined;
  /** Makes a change, and all older ones of its zone, INSYNC now. @throws Route53Error NoSuchChange. */
  settle(changeId: string): void;
  /**
   * The zone goes back to its first `kept` PENDING commits (0 or more): the later ones are lost, and nobody knows their
   * changes any more. @throws Route53Error NoSuchHostedZone.
   */
  returnTo(zoneId: string, kept: number): void;
}

const COMMENT_MAX = 256;

export function recordVerbs(state: Route53State): RecordVerbs {
  return {
    changeResourceRecordSets(zoneId, batch) {
      admit(state);
      return change(state, hostedZone(state, zoneId), batch);
    },
    listResourceRecordSets(zoneId, page = {}) {
      admit(state);
      return list(hostedZone(state, zoneId), page, (weakness) => isWeak(state, weakness));
    },
    getChange(id) {
      admit(state);
      return changeInfo(knownChange(state, id), state.deps.now());
    },
  };
}

export function zoneInspection(state: Route53State): ZoneInspection {
  return {
    zones: () => [...state.zones.values()],
    records: (zoneId) => allRecords(hostedZone(state, zoneId).contents),
    served: (zoneId) => allRecords(settledZone(hostedZone(state, zoneId), state.deps.now()).insync),
    answerable: (zoneId) => versionsInFlight(hostedZone(state, zoneId), state.deps.now()),
    protections: (zoneId) => [...hostedZone(state, zoneId).protections.values()],
    isInsync: (changeId) =>
      (state.changes.get(changeId)?.insyncAt ?? Number.POSITIVE_INFINITY) <= state.deps.now(),
    newestChange: (zoneId) => hostedZone(state, zoneId).newestChange,
    settle: (changeId) => settleChange(state, changeId),
    returnTo: (zoneId, kept) => returnZone(state, zoneId, kept),
  };
}

/** Tokens of the bucket of changes ("Throttling for Amazon Route 53 API requests", Route 53 Developer Guide). */
function costOf({ changes }: ChangeBatchRequest): number {
  return changes.reduce((cost, { action }) => cost + (action === 'UPSERT' ? 2 : 1), 0);
}

function change(state: Route53State, zone: HostedZoneState, batch: ChangeBatchRequest): ChangeInfo {
  const { comment } = batch;
  if (comment !== undefined && comment.length > COMMENT_MAX) {
    throw invalidInput(`A comment has at most ${COMMENT_MAX} characters.`);
  }
  const read = readChanges(batch.changes);
  const broken = isWeak(state, 'limits-ignored') ? undefined : brokenBatchLimit(batch.changes);
  if (broken !== undefined) throw invalidChangeBatch([broken]);
  admitChanges(state, costOf(batch));
  assertNotBusy(state, zone);
  assertHealthChecks(state, read.changes);
  const applied = applyChanges(zone.contents, read.changes, batchContext(state, zone));
  const messages = [...read.messages, ...applied.messages];
  if (messages.length === 0) return commit(state, zone, applied.contents, comment);
  if (isWeak(state, 'not-atomic')) commit(state, zone, applied.contents, comment);
  throw invalidChangeBatch(messages);
}

function batchContext(state: Route53State, zone: HostedZoneState): BatchContext {
  return {
    zoneId: zone.id,
    zoneName: zone.name,
    recordLimit: state.settings.recordLimit,
    weak: (weakness) => isWeak(state, weakness),
    protectionOf: (record) => zone.protections.get(protectionKey(record)),
    ownZone: (id) => state.zones.get(id)?.name,
    targetProblem: (target) => targetProblem(state, target),
    cidrProblem: (record) => unknownCidr(state, record),
  };
}

function assertNotBusy(state: Route53State, zone: HostedZoneState): void {
  const { busyMs } = state.settings;
  if (busyMs === undefined || zone.changedAt === undefined) return;
  if (state.deps.now() - zone.changedAt < busyMs) {
    throw new Route53Error(
      'PriorRequestNotComplete',
      'The request was rejected because Route 53 was still processing a prior request.',
    );
  }
}

function assertHealthChecks(state: Route53State, changes: readonly ReadChange[]): void {
  for (const { action, record } of changes) {
    const id = record.healthCheckId;
    if (action !== 'DELETE' && id !== undefined && !state.healthChecks.has(id)) {
      throw new Route53Error('NoSuchHealthCheck', `No health check exists with the specified ID: ${id}`, 404);
    }
  }
}

function list(
  zone: HostedZoneState,
  page: ListRecordsRequest,
  weak: (weakness: Weakness) => boolean,
): ReturnType<RecordVerbs['listResourceRecordSets']> {
  const { startName, startType, startIdentifier, maxItems = RECORDS_PAGE } = page;
  if (!Number.isInteger(maxItems) || maxItems < 1) {
    throw invalidInput(`MaxItems is a whole number above 0, not "${maxItems}".`);
  }
  if (startName === undefined && startType !== undefined) {
    throw invalidInput('The start type needs the start name that it goes with.');
  }
  if (startType !== undefined && !RECORD_TYPES.has(startType)) {
    throw notAmong(startType, 'type', RECORD_TYPES);
  }
  if (startType === undefined && startIdentifier !== undefined) {
    throw invalidInput('The start identifier needs the start name and type that it goes with.');
  }
  const limit = Math.min(maxItems, RECORDS_PAGE_MAX);
  if (startName === undefined) return listFrom(zone.contents, undefined, limit);
  const name = parseDomain(startName);
  if ('problem' in name) throw invalidInput(name.problem);
  const start = {
    name: name.name,
    type: startType,
    setIdentifier: weak('listing-shows-twice') ? undefined : startIdentifier,
  };
  const listed = listFrom(zone.contents, start, limit);
  // Only the continuation of a page has a type.
  if (weak('listing-leaves-out') && startType !== undefined)
    return { ...listed, records: listed.records.slice(1) };
  if (weak('listing-out-of-order')) return { ...listed, records: listed.records.toSorted(byWrittenName) };
  return listed;
}

function byWrittenName(a: RecordSet, b: RecordSet): number {
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}
