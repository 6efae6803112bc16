import type { Series } from './recovery-series.ts';

/** What a cast did on a schedule. */
export interface Played {
  readonly series: Series;
  /** Seconds after the fault from which all holders were heard until the end; null for never. */
  readonly heardAgainS: number | null;
  /** The share of its work that nobody needed, 0 to 1: the reference's since the fault, Pawl's of all its writes. */
  readonly wastedShare: number;
  /** How busy a manager was since the fault, 0 to 1; null where there is none. */
  readonly busyShare: number | null;
  /** Leases that ran out, and rows that a planner took for lapsed, although their holders were alive. */
  readonly lapses: number;
  /** The most that a row met in a shortest period; null for the reference. */
  readonly aPeriod: { readonly writes: number; readonly tries: number } | null;
}
