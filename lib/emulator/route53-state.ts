import type { DnsName } from '../plan/names.ts';
import type { RecordType } from '../plan/records.ts';
import { Route53Error } from './route53-error.ts';
import type { Route53Settings, Weakness } from './settings.ts';
import type { Bucket } from './token-bucket.ts';
import { takeTokens } from './token-bucket.ts';
import type { ZoneContents } from './zone-contents.ts';

/** The core's clock and randomness, which come from outside. */
export interface Route53Deps {
  /** Milliseconds, never going back. */
  now(): number;
  /** A new id that begins with `prefix`; asked again when it is taken. Upper case letters and digits. */
  id(prefix: string): string;
  /** Called after every write, once it is committed. */
  changed?(): void;
}

/** Every change to a record set of this name and type is refused while the protection exists. */
export interface Protection {
  readonly name: DnsName;
  readonly type: RecordType;
  /** At most 256 characters. */
  readonly comment?: string | undefined;
}

/** A commit that not every name server has yet. */
interface PendingCommit {
  readonly changeId: string;
  readonly insyncAt: number;
  readonly contents: ZoneContents;
}

/** Immutable: every write puts a new one in its place. */
export interface HostedZoneState {
  readonly id: string;
  readonly name: DnsName;
  readonly callerReference: string;
  readonly comment?: string | undefined;
  readonly contents: ZoneContents;
  /** The oldest contents that a name server may still answer with. */
  readonly insync: ZoneContents;
  /** Oldest first. */
  readonly pending: readonly PendingCommit[];
  /** The change by which the contents came; absent before the first. */
  readonly newestChange?: string | undefined;
  /** Whether accelerated recovery was asked for; absent: never. */
  readonly acceleratedRecovery?: boolean | undefined;
  /** By `name type`. */
  readonly protections: ReadonlyMap<string, Protection>;
  /** When the last batch was committed; milliseconds. */
  readonly changedAt?: number | undefined;
}

export interface ChangeState {
  readonly id: string;
  readonly zoneId: string;
  readonly submittedAt: number;
  readonly insyncAt: number;
  readonly comment?: string | undefined;
}

/** A load balancer or the like: its canonical hosted zone id, and its DNS name without `dualstack.` in front. */
export interface KnownTarget {
  readonly zoneId: string;
  readonly name: DnsName;
  /** False once it was taken away. */
  readonly exists: boolean;
}

/** Immutable: every write puts a new one in its place. */
export interface CidrCollectionState {
  /** A UUID. */
  readonly id: string;
  readonly name: string;
  readonly callerReference: string;
  /** 1 at first, and one more with every change. */
  readonly version: number;
  /** The networks of each location, as they were written. */
  readonly locations: ReadonlyMap<string, readonly string[]>;
}

export interface HealthCheckState {
  readonly id: string;
  readonly callerReference: string;
  /** The HealthCheckConfig as it was given: element names to text, lists as arrays. */
  readonly config: HealthCheckConfig;
  readonly healthy: boolean;
}

export type HealthCheckConfig = Readonly<Record<string, string | readonly string[]>>;

/** The whole state of the core. The maps' values are immutable, so a copy of the maps is a copy of everything. */
export interface Route53State {
  settings: Route53Settings;
  readonly deps: Route53Deps;
  readonly zones: Map<string, HostedZoneState>;
  readonly changes: Map<string, ChangeState>;
  readonly healthChecks: Map<string, HealthCheckState>;
  readonly cidrCollections: Map<string, CidrCollectionState>;
  /** What was made or taken away outside Route 53, by zone id and name. */
  readonly aliasTargets: Map<string, KnownTarget>;
  requests?: Bucket;
  recordChanges?: Bucket;
}

const ID_ATTEMPTS_MAX = 100;

export function isWeak(state: Route53State, weakness: Weakness): boolean {
  return state.settings.weaknesses?.has(weakness) ?? false;
}

/**
 * Counts one request against the account's rate.
 *
 * @throws Route53Error Throttling, 400, "Rate exceeded"; ServiceUnavailable, 503, while the control plane is away.
 */
export function admit(state: Route53State): void {
  const { throttle, away } = state.settings;
  if (away === true) throw new Route53Error('ServiceUnavailable', 'Service is unavailable', 503);
  if (throttle === undefined) return;
  const taken = takeTokens(state.requests, throttle, state.deps.now(), 1);
  if (taken === undefined) throw new Route53Error('Throttling', 'Rate exceeded');
  state.requests = taken;
}

/** Counts the changes of one batch against the account's rate of record changes; throws like {@link admit}. */
export function admitChanges(state: Route53State, count: number): void {
  const { changeThrottle } = state.settings;
  if (changeThrottle === undefined) return;
  const taken = takeTokens(state.recordChanges, changeThrottle, state.deps.now(), count);
  if (taken === undefined) throw new Route53Error('Throttling', 'Rate exceeded');
  state.recordChanges = taken;
}

/** @throws Route53Error NoSuchHostedZone, 404. */
export function hostedZone(state: Route53State, id: string): HostedZoneState {
  const zone = state.zones.get(id);
  if (zone === undefined) {
    throw new Route53Error('NoSuchHostedZone', `No hosted zone found with ID: ${id}`, 404);
  }
  return zone;
}

/** An id that `taken` does not hold yet. */
export function freshId(state: Route53State, prefix: string, taken: ReadonlyMap<string, unknown>): string {
  for (let attempt = 0; attempt < ID_ATTEMPTS_MAX; attempt += 1) {
    const id = state.deps.id(prefix);
    if (!taken.has(id)) return id;
  }
  throw new Route53Error('InternalFailure', `No free id was found in ${ID_ATTEMPTS_MAX} attempts.`, 500);
}
