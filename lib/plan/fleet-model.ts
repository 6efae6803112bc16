import type { CellName, DnsName } from './names.ts';
import type { EndpointKind } from './plan.ts';
import type { AliasTarget } from './records.ts';
import type { BranchRouting, RoutingPolicy } from './routing.ts';

/** How careful a cell is. Every value is settable in the fleet file; {@link DEFAULT_POLICY} otherwise. */
export interface CellPolicy {
  /** Routine plans are at least this far apart, seconds, 0 to 86,400. */
  readonly coalesceS: number;
  /** At most this share of any endpoint's capacity may go within the window without approval, percent, 1 to 100. */
  readonly capacityRemovedPercent: number;
  /** Seconds, 60 to 86,400. */
  readonly capacityWindowS: number;
  /**
   * At most this share of a cell's endpoints may change in one plan without approval, percent, 1 to 100. It does not
   * limit a cell's only endpoint.
   */
  readonly endpointsChangedPercent: number;
  /** When more than this share of the targets goes at once, the observer is presumed blind, percent, 1 to 100. */
  readonly blindPercent: number;
  /** Trees of this many applied generations are kept besides the live one, 1 to 50. */
  readonly retainGenerations: number;
  /** Trees of the generations applied within this many minutes are kept, 0 to 10,080. */
  readonly retainMinutes: number;
  /** A change that Route 53 no longer knows counts as in sync after this long, seconds, 60 to 3,600. */
  readonly unknownChangeS: number;
}

/**
 * How careful a cell is when its owner says nothing. Each value errs towards asking a person:
 * one of three equal targets may go by itself, two may not; a plan that touches more than half of the
 * cell waits for an approval; and a source that loses half of the targets at once is not believed.
 */
export const DEFAULT_POLICY: CellPolicy = {
  coalesceS: 30,
  capacityRemovedPercent: 34,
  capacityWindowS: 600,
  endpointsChangedPercent: 50,
  blindPercent: 50,
  retainGenerations: 5,
  retainMinutes: 60,
  unknownChangeS: 600,
};

export type TargetHealth = 'healthy' | 'unhealthy' | 'unknown';

/** Something traffic can go to. */
export interface FleetTarget {
  /** 1 to 64 of `a-z0-9-`: it is the set identifier of its records. */
  readonly id: string;
  /** Availability zone, such as `use1-az1`. */
  readonly az: string;
  /** Any unit that the targets of an endpoint share, 1 to 1,000,000. */
  readonly capacity: number;
  /** The health that the file declares; a source's observation replaces it. */
  readonly health: TargetHealth;
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
  readonly hostname?: DnsName;
  readonly alias?: AliasTarget;
  readonly healthCheckId?: string;
  /** The source that observes its health and capacity. Absent: the file's own values hold. */
  readonly observedBy?: ObservedBy;
}

/** One of the sources of observations (lib/fleet/sources), and the reference by which it knows the target. */
export interface ObservedBy {
  readonly source: string;
  readonly reference: SourceReference;
}

/** Only the source itself reads it. */
export type SourceReference = Readonly<Record<string, string | number | boolean>>;

/**
 * Where answers come from: targets, or branches among which Route 53 chooses for each client. Branches are nested as
 * Route 53 allows.
 */
export type FleetRoute =
  | {
      readonly type: 'targets';
      /** Ids of targets of the same cell, in order, at least one. */
      readonly targets: readonly string[];
      /** `multivalue`: up to eight healthy targets in one answer, whatever their capacities. */
      readonly answer: 'weighted' | 'multivalue';
      /** By availability zone, although one set could have all of them; absent: only where it cannot. */
      readonly group?: 'az';
      /** A plan with fewer serving targets in this branch is held for approval, 1 or more; absent: no floor of its own. */
      readonly floor?: number;
    }
  | {
      readonly type: 'branches';
      readonly policy: RoutingPolicy;
      /** In order of id, at least one. */
      readonly branches: readonly FleetBranch[];
    };

/** One of the branches of a route. */
export interface FleetBranch {
  /**
   * The label of the branch in names and its set identifier: 1 to 32 of `a-z0-9-`, not at an end `-`, neither `rollback`
   * nor of a tree's form (`g000145`). Unique among its branches: `eu-west-1`, `us-ca`, `primary`, `blue`.
   */
  readonly id: string;
  /** Of the policy of the route. A weighted branch whose weight is 0 is declared, and gets no traffic. */
  readonly routing: BranchRouting;
  readonly route: FleetRoute;
}

/** A DNS name that clients resolve. */
export interface FleetEndpoint {
  readonly name: DnsName;
  readonly kind: EndpointKind;
  /** Seconds, 0 to 86,400. */
  readonly ttl: number;
  /** A plan with fewer serving targets than this is held for approval, 1 or more. */
  readonly floor: number;
  /** Families an address or alias endpoint answers in. */
  readonly families: readonly ('A' | 'AAAA')[];
  /** Ids of targets of the same cell, in order; those of all its branches, where it has a route. */
  readonly targets: readonly string[];
  /** Absent: the targets are one set, by their capacities. */
  readonly route?: FleetRoute;
}

/** One cell as its owner declares it. */
export interface CellFleet {
  readonly cell: CellName;
  readonly zone: DnsName;
  readonly zoneId: string;
  readonly policy: CellPolicy;
  readonly endpoints: readonly FleetEndpoint[];
  readonly targets: readonly FleetTarget[];
}

/** What is known of one target now. */
export interface Observation {
  readonly health: TargetHealth;
  readonly capacity: number;
  /**
   * When it was seen to serve again, milliseconds since 1970, oldest first: its returns within an hour of the last one.
   * Absent in cells of formats 1 to 3, and where it never went.
   */
  readonly returns?: readonly number[];
}

/** What the sources say of every target of a cell, by target id. */
export type Observations = Readonly<Record<string, Observation>>;

/** At most so many endpoints a cell: a dual-stack flip with its rollback costs 8 of a batch's 1,000 elements. */
export const MAX_ENDPOINTS_A_CELL = 120;
