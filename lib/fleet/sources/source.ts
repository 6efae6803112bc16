import type { CellFleet, Observation, Observations, SourceReference } from '../../plan/fleet-model.ts';
import type { CellName } from '../../plan/names.ts';

/**
 * A reading of a cell's targets. `blind`: no source could look, or the reading cannot be believed. That says nothing
 * about any target, so the last plan stays.
 */
export type SourceReading =
  | {
      readonly type: 'observed';
      readonly observations: Observations;
      /** Targets for which it only repeats the fleet file. An operator's later observations of them stay valid. */
      readonly repeated?: readonly string[] | undefined;
      /** Targets that a source says do not exist any more; they are unhealthy. */
      readonly gone?: readonly string[] | undefined;
      /** Sources that were blind; their targets are not among the observations. */
      readonly blind?: readonly BlindSource[] | undefined;
    }
  | { readonly type: 'blind'; readonly reason: string };

/** One source that could not look. The last observations of its targets stay valid. */
export interface BlindSource {
  readonly source: string;
  readonly reason: string;
  /** Ids of the targets that name it. */
  readonly targets: readonly string[];
}

/** Where a planner gets the health and capacity of a cell's targets. */
export interface Source {
  /**
   * declared: it only repeats the fleet file, so it is asked once a fleet, and an operator's later observations stay
   * valid until the next push. live: it looks, and is asked at every run.
   */
  readonly kind: 'declared' | 'live';
  /**
   * Looks at every target of the cell, and answers for each of them or names the blind source. Not one snapshot: each
   * target is as it was at some moment of the call, or earlier by the delay that the source's documentation gives. Two
   * calls may see events in another order than they happened. Writes nothing of the cell's ledger.
   *
   * @param before the cell's last recorded observations; a source may keep a capacity that has hardly changed.
   */
  observe(cell: CellFleet, before: Observations): Promise<SourceReading>;
}

/** A target that a source is asked about. */
export interface SourceTarget {
  readonly id: string;
  /** As declared: what it can take with everything behind it healthy. */
  readonly capacity: number;
  /** Its availability zone. */
  readonly az: string;
  /** Its last recorded observation; absent for a target that is new. */
  readonly before?: Observation | undefined;
  /** The reference by which the source knows it. */
  readonly reference: SourceReference;
}

/** One source's reading of the targets that name it. `blind` as in {@link SourceReading}. */
export type TargetsReading =
  | {
      readonly type: 'observed';
      readonly observations: Observations;
      /** Targets that the service says do not exist any more; they are unhealthy. */
      readonly gone?: readonly string[] | undefined;
      /** Targets of which it can say nothing, although it sees others, and why: a phrase that names them. */
      readonly unseen?:
        | {
            readonly targets: readonly string[];
            readonly reason: string;
            /** Where they are, where that makes it other news: `of use1-az1 (deaf)`; "of some targets" unless given. */
            readonly where?: string;
          }
        | undefined;
    }
  | { readonly type: 'blind'; readonly reason: string };

/** One source of observations, such as a load balancer's health checks: an adapter, in a file `NAME-source.ts` beside this one. */
export interface TargetSource {
  /**
   * Looks at these targets, one or more, and answers for each of them or is blind; a single one that it cannot see has
   * unknown health. It is as stale as {@link Source.observe}. A refusal or a missing answer of the service becomes such
   * a result: it throws only for bugs.
   *
   * @param cell whose targets they are: all of those that name the source.
   */
  look(targets: readonly SourceTarget[], cell: CellName): Promise<TargetsReading>;
}
