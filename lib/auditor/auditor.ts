import type { HalfFrozen } from '../cell/freeze-halves.ts';
import type { EventType, ZoneFacts } from '../ledger/decider/events.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { HeadMark } from '../plan/fence.ts';
import type { Generation, Seq } from '../plan/generation.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import type { Clock, Instant } from '../runtime/clock.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Zone } from '../zone/zone.ts';
import type { ZoneQuota } from '../zone/zone-quota.ts';
import type { Resolver } from './resolver.ts';

/** Records that a hosted zone may hold unless AWS raised it (Route 53 quotas). It is assumed only where nobody has ever said. */
export const DEFAULT_RECORD_LIMIT = 10_000;

export interface AuditorSettings {
  /** Record sets that the zone may hold, 1 or more, as a person says it; absent: as Route 53 does. */
  readonly recordLimit?: number | undefined;
  /** A change that Route 53 does not know counts as INSYNC when it is this old, milliseconds. */
  readonly unknownChangeMs: number;
}

/** What an auditor works with. It has no way to write to the zone: give it a read-only one, with a rate of its own. */
export interface AuditorDeps {
  readonly zone: Zone;
  readonly scope: CellScope;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** The writer of its events. */
  readonly name: string;
  readonly settings: AuditorSettings;
  /** The mark of the cell's own fence, once this audit has read it; nothing is appended past it unsaid. */
  readonly anchor?: HeadMark | undefined;
  /** Without it the limit that the log knows holds on. */
  readonly quota?: ZoneQuota | undefined;
  /** The resolver that is asked for empty answers; without it none is asked. */
  readonly resolver?: Resolver;
  /**
   * The IP address of a client at a place of lib/plan/place-names.ts, where anybody knows one; absent: nobody does, and an
   * endpoint is asked for from one place.
   */
  readonly clientAt?: (place: string) => Promise<string | undefined>;
}

export interface AuditRequest {
  /** The run begins nothing new after this. */
  readonly deadline: Instant;
}

/** One name that is not as the applied plan says. */
export interface DriftedName {
  readonly name: DnsName;
  readonly what: 'fence' | 'root' | 'rollback root' | 'tree';
}

/** A fence or a root that is behind what the ledger says was applied. */
export interface Regression {
  readonly what: 'fence' | 'root';
  readonly name: DnsName;
  readonly found: string;
  readonly expected: string;
}

/** An event that the fence names by its first digits, and that the log has lost or replaced (`found`). */
export interface Contradiction extends HeadMark {
  readonly found?: string | undefined;
}

/** An alias into the cell's own names, Pawl's or foreign, that resolves to nothing. */
export interface DanglingAlias {
  readonly name: DnsName;
  readonly type: string;
  readonly target: DnsName;
}

/** A root that a DNS server answered with nothing. */
export interface EmptyAnswer {
  readonly name: DnsName;
  readonly type: string;
  /** The place that it was asked for; absent: whoever asked. */
  readonly from?: string;
}

/** A place that a branch is for, and from which an endpoint was not asked for. */
export interface UnaskedPlace {
  /** As lib/plan/place-names.ts names it: `DE`, `EU`, `eu-west-1`. */
  readonly place: string;
  /**
   * `no-client`: nobody knows the address of a client there. `not-owed`: it is the nearest place to some client, and the
   * fleet says that clients elsewhere get no answer. `too-many`: the endpoint has more places than one audit asks from.
   * `not-reached`: the audit's time was over, or no name server answered a question for a client.
   */
  readonly why: 'no-client' | 'not-owed' | 'too-many' | 'not-reached';
}

/** Everything that one audit saw. */
export interface AuditReport {
  readonly cell: CellName;
  readonly facts: ZoneFacts;
  /** Records of the zone without the cell's trees that no root points at: those go as soon as room is needed. */
  readonly staying: number;
  /** The plan that the log says is applied; absent before the first. */
  readonly applied?: { readonly generation: Generation; readonly seq: Seq } | undefined;
  /** Who froze the cell; absent when it is not frozen. */
  readonly frozenBy?: string | undefined;
  /** Absent when the log and the fence agree whether the cell is frozen. */
  readonly halfFrozen?: HalfFrozen | undefined;
  readonly drift: readonly DriftedName[];
  /** Why an enactor cannot repair the drift until a person acts; absent when it can. */
  readonly obstacle?: string | undefined;
  readonly regressions: readonly Regression[];
  /** Absent when the log bears out the fence, or says itself that it does not. */
  readonly contradiction?: Contradiction | undefined;
  readonly dangling: readonly DanglingAlias[];
  readonly empty: readonly EmptyAnswer[];
  /** Questions that no server answered. */
  readonly unanswered: number;
  /** Nothing was asked: only resolvers of the zone's VPCs could answer. */
  readonly private: boolean;
  /** Questions that were asked over DNS. */
  readonly asked: number;
  /** Places from which some endpoint was not asked for, in order, each once for each reason; none where nothing was asked. */
  readonly unasked: readonly UnaskedPlace[];
  /** Trees in the zone that the log does not know or knows as retired, and that nothing points at. */
  readonly orphans: readonly DnsName[];
  /** Names in the cell's subtree that are not Pawl's. The janitor deletes them. */
  readonly strays: readonly DnsName[];
  /** Events that this audit appended. */
  readonly recorded: readonly EventType[];
}

/**
 * The outcome of an audit: the worst of its findings. `contradicted`: the fence names an event that the log has lost or
 * replaced. `unanswered`: the zone is as planned, and some name resolves to
 * nothing all the same. `half-frozen`: nothing else was found, and the log and the fence disagree whether the cell is
 * frozen. `frozen`, `unplanned`: nothing wrong was found, and the cell is frozen, or has no applied plan
 * yet. `unsettled`: drift cannot be judged while the cell changes; the next audit looks again.
 */
export type AuditOutcome =
  | {
      readonly type:
        | 'clean'
        | 'contradicted'
        | 'drift'
        | 'regressed'
        | 'unanswered'
        | 'half-frozen'
        | 'frozen'
        | 'unplanned';
      readonly report: AuditReport;
    }
  | { readonly type: 'unsettled' | 'other-ledger'; readonly reason: string; readonly report: AuditReport }
  | { readonly type: 'idle'; readonly reason: string };
