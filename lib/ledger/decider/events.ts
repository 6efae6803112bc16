import type { CellPolicy } from '../../plan/fleet-model.ts';
import type { Generation, Seq } from '../../plan/generation.ts';
import type { LoweredFloors } from '../../plan/lowered-floors.ts';
import type { CellName, DnsName } from '../../plan/names.ts';
import type { TreeLabel } from '../../plan/owned-names.ts';
import type { PlanSummary } from '../../plan/plan-summary.ts';
import type { RecordedFinding } from './recorded-finding.ts';

/** SHA-256 of a body's UTF-8 text, 64 hexadecimal digits: the name under which it is stored. */
export type BodyDigest = string;

/** `approval`: a person approved what the planner keeps back of some endpoints. Formats 1 and 2 call it `operator`. */
export type PlanOrigin = 'planner' | 'operator' | 'approval' | 'rollback' | 'reissue' | 'rescue';
/**
 * routine: the plan is coalesced, and a staged flip finishes first. urgent: the plan goes at once and replaces a staged
 * goal.
 */
export type PlanLane = 'routine' | 'urgent';

/**
 * An endpoint that answers as it did, although the fleet, the observations or the orders ask for something else, with
 * what stands in the way (docs/adr/0041-an-endpoint-at-a-time.md).
 */
export interface KeptEndpoint {
  readonly name: DnsName;
  /** What waits: the first 12 digits of the SHA-256 of the answer that is asked for. */
  readonly digest: string;
  readonly findings: readonly RecordedFinding[];
  /** It answers by the declared fleet all the same: no declaration waits. */
  readonly byDeclared?: true;
}

/** What an enactor was doing when Route 53 refused it; `conflict`: what stands in the zone forbids to send it. */
export type RefusedStep = 'stage' | 'repair' | 'flip' | 'conflict';

/** Route 53 refuses the records of one endpoint, while nothing moved: no later attempt of the same can go through. */
export interface EndpointRefused {
  readonly type: 'EndpointRefused';
  readonly name: DnsName;
  readonly step: RefusedStep;
  /** Of the plan that holds the endpoint's records. */
  readonly generation: Generation;
  /** The record sets that were tried, each `name type`, with the set identifier where there is one. */
  readonly records: readonly string[];
  /** Route 53's own words, or what stands in the way. Never parsed. */
  readonly reason: string;
  /** Batches that were sent to find it out. */
  readonly batches: number;
  /**
   * Which attempt in a row it was by the log that the enactor had read, 1 for the first. It tells another refusal under
   * the same plan, such as that of a repair that was tried again, from the same one that somebody else found out too.
   */
  readonly attempt?: number;
}

/** A plan enters the log. This is one event, because a reader could read the log between two. */
export interface PlanAppended {
  readonly type: 'PlanAppended';
  readonly generation: Generation;
  /** 0 for the first. */
  readonly parent: number;
  readonly digest: BodyDigest;
  readonly origin: PlanOrigin;
  readonly lane: PlanLane;
  readonly disposition: 'approved' | 'held';
  readonly pausesPlanner: boolean;
  readonly findings: readonly RecordedFinding[];
  readonly summary: PlanSummary;
  /** Trees that this plan makes, by endpoint in relative form: `{"api": "g000145"}`. */
  readonly newTrees: Readonly<Record<string, TreeLabel>>;
  /** Every endpoint that is kept back beside this plan. Absent where nothing was recorded of it: formats 1 and 2. */
  readonly keptBack?: readonly KeptEndpoint[];
  /**
   * Share of its capacity that each endpoint loses by this plan, thousandths, by endpoint in relative form; endpoints
   * that lose none are left out. Absent in formats 1 and 2.
   */
  readonly capacityRemoved?: Readonly<Record<string, number>>;
  /**
   * The same of what comes back to each endpoint: answers that observations or orders had taken away. Absent in formats
   * 1 to 3, which count what was taken until the window is over.
   */
  readonly capacityReturned?: Readonly<Record<string, number>>;
}

/** One staging batch that Route 53 accepted. */
export interface StagedChange {
  readonly changeId: string;
  /** Trees in it, each `label.endpoint` in relative form (`g000145.api`). */
  readonly trees: readonly string[];
}

export interface PlanApplied {
  readonly type: 'PlanApplied';
  readonly generation: Generation;
  readonly seq: Seq;
  readonly digest: BodyDigest;
  /** Absent when the writer of this event did not make the change, and so does not know its id. */
  readonly changeId?: string;
  readonly enactor: string;
  readonly reason: 'flip' | 'repair' | 'observed';
  /** Names that the plan owns from now on; every other endpoint is given up. */
  readonly endpoints: readonly DnsName[];
  /** Where rollback roots point after this, by endpoint in relative form. */
  readonly rollbacks: Readonly<Record<string, TreeLabel>>;
  readonly durationMs?: number;
  /** Endpoints that the plan leaves as they were, and that are not as planned: what stands there cannot be repaired. */
  readonly without?: readonly DnsName[];
}

/** The ledger was behind the fence: this one event appends the goal again above the fence. */
export interface FenceAhead {
  readonly type: 'FenceAhead';
  readonly fenceGeneration: Generation;
  readonly fenceSeq: Seq;
  /** The goal under its new generation; absent when no plan was approved yet. */
  readonly reissue?: {
    readonly generation: Generation;
    readonly parent: number;
    readonly digest: BodyDigest;
  };
}

/**
 * The log lost or replaced events: an anchor knows an event that is not here. The log goes on beside it, and uses its
 * number, and those after it, again.
 */
export interface LogContradicted {
  readonly type: 'LogContradicted';
  /** Of the event that the anchor knows. */
  readonly number: number;
  /** The first digits of the hash that it had. */
  readonly digits: string;
  /** The first digits of the hash that the log has at that number; absent where the log does not reach it. */
  readonly found?: string;
}

/** Facts about the zone that the planner needs and may not read itself. */
export interface ZoneFacts {
  readonly records: number;
  /**
   * The cell's own among them: its fence, trees, rollback roots, and the roots that point at its trees. Absent in formats
   * before 4: nobody knows there how many records are not the cell's.
   */
  readonly ours?: number;
  readonly recordLimit: number;
  /** Seconds that a resolver may remember "no such name". */
  readonly negativeTtlS: number;
  /** Delegated subdomains (NS below the apex). */
  readonly delegations: readonly DnsName[];
  /** Names of endpoints at which a record stands that is not Pawl's. */
  readonly conflicts: readonly DnsName[];
}

/** What a person takes out of the endpoints, or brings back. */
export type OrderEvent =
  | { readonly type: 'TargetDrained'; readonly target: string; readonly reason: string }
  | { readonly type: 'TargetRestored'; readonly target: string }
  | { readonly type: 'AzEvacuated'; readonly az: string; readonly reason: string }
  | { readonly type: 'AzRestored'; readonly az: string }
  /** A branch of routes, by its id at any depth, or by its path, innermost first. */
  | { readonly type: 'BranchEvacuated'; readonly branch: string; readonly reason: string }
  | { readonly type: 'BranchRestored'; readonly branch: string };

/** An endpoint goes over from one cell to another of the same zone (docs/adr/0072-an-endpoint-is-handed-over.md). */
export type HandoverEvent =
  /** This cell lets another one have these names. Until that one takes them they stay this cell's, in everything. */
  | {
      readonly type: 'EndpointsOffered';
      readonly names: readonly DnsName[];
      readonly to: CellName;
      /** The identity of the other cell's ledger, 8 hexadecimal digits. */
      readonly ledger: string;
    }
  /** The offer is taken back. The other cell may take the name until an enactor has taken the offer out of the zone. */
  | { readonly type: 'OffersWithdrawn'; readonly names: readonly DnsName[] }
  /** No offer of these names stands in the zone any more, and the names are this cell's. */
  | { readonly type: 'OffersEnded'; readonly names: readonly DnsName[] }
  /** The zone shows that the other cell has taken these names: from here on they are not this cell's. */
  | {
      readonly type: 'EndpointsGiven';
      readonly names: readonly DnsName[];
      readonly to: CellName;
      /** Of this cell's fence as it was read then, after the batch that took them. */
      readonly fenceSeq: Seq;
    }
  /** This cell takes these names over once another one offers them; `from` is null where it does not any more. */
  | {
      readonly type: 'EndpointsAwaited';
      readonly names: readonly DnsName[];
      readonly from: CellName | null;
    }
  /** The zone shows that this cell has taken these names from the other one: from here on they are its own. */
  | {
      readonly type: 'EndpointsTaken';
      readonly names: readonly DnsName[];
      readonly from: CellName;
      /** Of this cell's fence as it was read then, after the batch that took them. */
      readonly fenceSeq: Seq;
    };

export type LedgerEvent =
  | {
      readonly type: 'FleetDeclared';
      readonly digest: BodyDigest;
      readonly zone: DnsName;
      readonly zoneId: string;
      readonly policy: CellPolicy;
      readonly endpoints: number;
      readonly targets: number;
      /**
       * The policy in effect from now on, where the declared one is looser in something: that waits for a person. Absent
       * where all that is declared is in effect, and before format 4.
       */
      readonly inEffect?: CellPolicy;
      /** The floors in effect that it lowers, or whose endpoints it leaves out. Absent where there is none, and before format 4. */
      readonly floors?: LoweredFloors;
    }
  /** A person accepted a policy that is looser than the one in effect, as both were shown. */
  | {
      readonly type: 'LooseningApproved';
      readonly inEffect: CellPolicy;
      readonly policy: CellPolicy;
      /** The lower floors that were shown; absent where there was none. */
      readonly floors?: LoweredFloors;
    }
  /** A person declined it: the policy in effect stays, and nobody is asked again until another one is declared. */
  | {
      readonly type: 'LooseningRejected';
      readonly inEffect: CellPolicy;
      readonly policy: CellPolicy;
      readonly floors?: LoweredFloors;
      readonly reason: string;
    }
  | {
      readonly type: 'TargetsObserved';
      readonly digest: BodyDigest;
      readonly changed: number;
      readonly healthy: number;
    }
  | OrderEvent
  | HandoverEvent
  | PlanAppended
  | { readonly type: 'PlanApproved'; readonly generation: Generation; readonly digest: BodyDigest }
  | { readonly type: 'PlanRejected'; readonly generation: Generation; readonly reason: string }
  | {
      readonly type: 'PlanStaged';
      readonly generation: Generation;
      readonly digest: BodyDigest;
      readonly changes: readonly StagedChange[];
    }
  | PlanApplied
  | {
      readonly type: 'TreesRetired';
      /** Each `label.endpoint` in relative form. */
      readonly trees: readonly string[];
      readonly fenceSeq: Seq;
    }
  | { readonly type: 'ZoneSurveyed'; readonly facts: ZoneFacts }
  | { readonly type: 'DriftFound'; readonly count: number; readonly names: readonly DnsName[] }
  | {
      readonly type: 'DriftRepaired';
      readonly count: number;
      readonly names: readonly DnsName[];
      readonly seq: Seq;
    }
  | {
      readonly type: 'ZoneRegressed';
      readonly what: 'fence' | 'root';
      readonly name: DnsName;
      readonly found: string;
      readonly expected: string;
      /** Of the fence that was read: it tells a regression that somebody else recorded from another one. */
      readonly fenceSeq?: Seq;
    }
  /** What is kept back changed, and no plan follows: the whole set; empty when nothing is kept back any more. */
  | { readonly type: 'EndpointsKeptBack'; readonly endpoints: readonly KeptEndpoint[] }
  /** A person declined what waits, as it was shown: it is not asked about again until something else waits. */
  | {
      readonly type: 'KeptBackRejected';
      readonly endpoints: readonly { readonly name: DnsName; readonly digest: string }[];
      readonly reason: string;
    }
  | EndpointRefused
  /** A person asks to try a refused endpoint at once. */
  | { readonly type: 'EndpointRetried'; readonly name: DnsName }
  /** Sources of observations that cannot see: the whole set; empty when all see again. */
  | {
      readonly type: 'SourcesBlind';
      readonly sources: readonly { readonly source: string; readonly reason: string }[];
    }
  | FenceAhead
  | LogContradicted
  | { readonly type: 'PlannerPaused'; readonly reason: string }
  | { readonly type: 'PlannerResumed' }
  | { readonly type: 'CellFrozen'; readonly reason: string }
  | { readonly type: 'CellThawed' }
  | { readonly type: 'EndpointAdopted'; readonly name: DnsName; readonly was: readonly string[] }
  | {
      readonly type: 'RescueFound';
      readonly generation: Generation;
      readonly seq: Seq;
      readonly plan: string;
      readonly by: string;
    }
  /** Everybody at work in the cell reads this format from now on, so that it may be written. Never lowered. */
  | { readonly type: 'FormatRaised'; readonly format: number };

export type EventType = LedgerEvent['type'];

/** An event as it stands in the log. */
export interface RecordedEvent {
  readonly cell: CellName;
  /** 1 for a cell's first event, then without a gap. */
  readonly number: number;
  /** Milliseconds since 1970, by the writer's clock. */
  readonly at: number;
  /** Who appended it: `enactor-b`, `operator:ana`. */
  readonly by: string;
  readonly event: LedgerEvent;
  /** Hash of the event before; 64 zeros for the first. */
  readonly previous: string;
  /** SHA-256 over what is stored of it, the state after it included. */
  readonly hash: string;
}
