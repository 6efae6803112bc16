import type { CellFleet, Observations, SourceReference } from '../../plan/fleet-model.ts';

/**
 * What is seen of a cell. `blind`: nobody could look, or nobody believes what was seen; that says nothing about any
 * target, so the last plan stands.
 */
export type SourceReading =
  | {
      readonly type: 'observed';
      readonly observations: Observations;
      /** Targets of which it only repeats the fleet file: what an operator observed of them since then stands. */
      readonly repeated?: readonly string[] | undefined;
      /** Sources that were blind; their targets are not among the observations. */
      readonly blind?: readonly BlindSource[] | undefined;
    }
  | { readonly type: 'blind'; readonly reason: string };

/** One source that could not look: what was last observed of its targets stands. */
export interface BlindSource {
  readonly source: string;
  readonly reason: string;
  /** Ids of the targets that name it. */
  readonly targets: readonly string[];
}

/** Where a planner has the health and capacity of a cell's targets from. */
export interface Source {
  /**
   * declared: it only repeats the fleet file, so it is asked once a fleet, and what an operator observed since stands
   * until the next push. live: it looks, and is asked at every run.
   */
  readonly kind: 'declared' | 'live';
  /**
   * Looks at every target of the cell, and answers for every one of them or says who is blind. Not one snapshot: each
   * target is as it was at some moment of the call, or before it by whatever delay the source's own documentation
   * names. Two calls may see things in another order than they happened. Writes nothing.
   */
  observe(cell: CellFleet): Promise<SourceReading>;
}

/** A target that a source is asked about. */
export interface SourceTarget {
  readonly id: string;
  /** As declared: what it can take with everything behind it healthy. */
  readonly capacity: number;
  /** What the source knows it by. */
  readonly reference: SourceReference;
}

/** What one source sees of the targets that name it. `blind` as in {@link SourceReading}. */
export type TargetsReading =
  | { readonly type: 'observed'; readonly observations: Observations }
  | { readonly type: 'blind'; readonly reason: string };

/** One source of observations, such as a load balancer's health checks: an adapter, in a file `NAME-source.ts` beside this one. */
export interface TargetSource {
  /**
   * Looks at these targets, one or more, and answers for every one of them or is blind; a single one that it cannot see
   * is of unknown health. As stale as {@link Source.observe}, and as harmless. Whatever a service refuses or does not
   * answer is such an answer: it throws for bugs alone.
   */
  look(targets: readonly SourceTarget[]): Promise<TargetsReading>;
}
