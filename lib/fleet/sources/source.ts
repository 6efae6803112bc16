import type { CellFleet, Observations } from '../../plan/fleet-model.ts';

/**
 * What a source could see. `blind`: it could not look, or does not believe what it saw; that says nothing about
 * any target, so the last plan stands.
 */
export type SourceReading =
  | {
      readonly type: 'observed';
      readonly observations: Observations;
      /** Targets of which it only repeats the fleet file: what an operator observed of them since then stands. */
      readonly repeated?: readonly string[];
    }
  | { readonly type: 'blind'; readonly reason: string };

/** Where health and capacity come from. */
export interface Source {
  /**
   * declared: it only repeats the fleet file, so it is asked once a fleet, and what an operator observed since stands
   * until the next push. live: it looks, and is asked at every run.
   */
  readonly kind: 'declared' | 'live';
  /**
   * Looks at every target of the cell, and answers for every one of them or is blind. Not one snapshot: each target
   * is as it was at some moment of the call, or before it by whatever delay the source's own documentation names.
   * Two calls may see things in another order than they happened. Writes nothing.
   */
  observe(cell: CellFleet): Promise<SourceReading>;
}
